/**
 * What is delivered in the background, each as soon as it is due.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Fiber, Queue } from "effect"
import { TestClock } from "effect/testing"
import { WebhookFault } from "../../../src/testing/index.ts"
import { makeDelivering } from "../../../src/testing/simulator/delivering.ts"
import { makeState } from "../../../src/testing/simulator/state.ts"
import { type Arrival, emit, makeArrivals, next, receiverTo, untilItWaits } from "./arrivals.ts"
import { cents, id, layer, nonceOf, otherId, refund, refundLate, simulator, wire } from "./setup.ts"

/** A background that delivers to a queue. */
const pushTo = (arrivals: Queue.Enqueue<Arrival>, isTaken?: () => boolean) =>
  Effect.forkChild(simulator.use(({ pushWebhooks }) => pushWebhooks(receiverTo(arrivals, isTaken))))

const pushed = Effect.fnUntraced(function*(isTaken?: () => boolean) {
  const arrivals = yield* makeArrivals
  const fiber = yield* pushTo(arrivals, isTaken)
  return { arrivals, fiber }
})

describe("a background", () => {
  it.effect("gets each event as soon as it happens", () =>
    Effect.gen(function*() {
      const { arrivals } = yield* pushed()
      yield* refund(1)
      assert.strictEqual(yield* next(arrivals), "0: order.refunded 0")
      yield* TestClock.adjust("1 minute")
      yield* simulator.use(({ setStatus }) => setStatus(otherId, "Cancelled"))
      assert.strictEqual(yield* next(arrivals), "60: order.cancelled 60")
      yield* emit("payout.created")
      assert.strictEqual(yield* next(arrivals), "60: payout.created 60")
      yield* simulator.use(({ refundInPortal }) => refundInPortal(id, cents(1)))
      assert.strictEqual(yield* next(arrivals), "60: order.refunded 60")
    }).pipe(Effect.provide(layer())))

  it.effect("gets what happened before it began", () =>
    Effect.gen(function*() {
      yield* refund(1)
      yield* TestClock.adjust("1 minute")
      const { arrivals } = yield* pushed()
      assert.strictEqual(yield* next(arrivals), "60: order.refunded 0")
    }).pipe(Effect.provide(layer())))

  it.effect("gets a late commit at its time, and one of the portal, though nobody looks", () =>
    Effect.gen(function*() {
      const { arrivals } = yield* pushed()
      yield* refundLate(1, 3)
      yield* simulator.use(({ refundInPortal }) => refundInPortal(id, cents(2), { after: "1 minute" }))
      for (const adjustment of ["59 seconds", "1 second"] as const) yield* TestClock.adjust(adjustment)
      assert.strictEqual(yield* next(arrivals), "60: order.refunded 60")
      for (const adjustment of ["119 seconds", "1 second"] as const) yield* TestClock.adjust(adjustment)
      assert.strictEqual(yield* next(arrivals), "180: order.refunded 180")
    }).pipe(Effect.provide(layer())))

  it.effect("gets what is sooner than what it waited for", () =>
    Effect.gen(function*() {
      const { arrivals } = yield* pushed()
      yield* refundLate(1, 30)
      yield* untilItWaits
      yield* refundLate(2, 1, otherId)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* next(arrivals), "60: order.refunded 60")
    }).pipe(Effect.provide(layer())))

  it.effect("gets delayed deliveries at their times, and replays", () =>
    Effect.gen(function*() {
      const { failNextWebhook } = yield* simulator
      yield* failNextWebhook(WebhookFault.delayed("3 minutes"), WebhookFault.duplicated("1 minute"))
      const { arrivals } = yield* pushed()
      yield* refund(1)
      yield* TestClock.adjust("1 second")
      yield* refund(2)
      assert.strictEqual(yield* next(arrivals), "1: order.refunded 1")
      for (const expected of ["61: order.refunded 1", "180: order.refunded 0"]) {
        yield* TestClock.setTime(1000 * Number.parseInt(expected, 10))
        assert.strictEqual(yield* next(arrivals), expected)
      }
    }).pipe(Effect.provide(layer())))

  it.effect("gets a delivery that it did not take again, until it takes it", () =>
    Effect.gen(function*() {
      let isReady = false
      const { arrivals } = yield* pushed(() => isReady)
      yield* refund(1)
      for (const expected of ["0: order.refunded 0", "60: order.refunded 0 resent"]) {
        assert.strictEqual(yield* next(arrivals), expected)
        yield* untilItWaits
        yield* TestClock.adjust("1 minute")
      }
      isReady = true
      yield* TestClock.adjust("4 minutes")
      assert.strictEqual(yield* next(arrivals), "360: order.refunded 0 resent")
      yield* untilItWaits
      yield* TestClock.adjust("10 days")
      yield* emit("payout.created")
      assert.strictEqual(yield* next(arrivals), "864360: payout.created 864360")
    }).pipe(Effect.provide(layer())))

  it.effect("is given up on at the maximum", () =>
    Effect.gen(function*() {
      const { arrivals } = yield* pushed(() => false)
      yield* refund(1)
      for (const expected of ["0: order.refunded 0", "60: order.refunded 0 resent", "180: order.refunded 0 resent"]) {
        yield* TestClock.setTime(1000 * Number.parseInt(expected, 10))
        assert.strictEqual(yield* next(arrivals), expected)
        yield* untilItWaits
      }
      yield* TestClock.adjust("10 days")
      yield* emit("payout.created")
      assert.include(yield* next(arrivals), "payout.created")
    }).pipe(Effect.provide(layer({ redeliveries: ["1 minute", "2 minutes"] }))))

  it.effect("ends when it is interrupted, and the next one goes on", () =>
    Effect.gen(function*() {
      const first = yield* pushed()
      yield* refund(1)
      assert.strictEqual(yield* next(first.arrivals), "0: order.refunded 0")
      yield* untilItWaits
      yield* Fiber.interrupt(first.fiber)
      yield* refund(2, otherId)
      const second = yield* pushed()
      const { webhook } = yield* Queue.take(second.arrivals)
      assert.strictEqual(wire(webhook)["OrderId"], otherId)
      assert.strictEqual(yield* Queue.size(first.arrivals), 0)
    }).pipe(Effect.provide(layer())))

  it.effect("shares the deliveries with another, so that each comes once", () =>
    Effect.gen(function*() {
      const arrivals = yield* makeArrivals
      yield* pushTo(arrivals)
      yield* pushTo(arrivals)
      yield* Effect.replicateEffect(refund(1), 10)
      const came = yield* Effect.replicateEffect(Queue.take(arrivals), 10)
      assert.strictEqual(new Set(came.map(({ webhook }) => nonceOf(webhook))).size, 10)
      yield* emit("payout.created")
      assert.include(yield* next(arrivals), "payout.created")
    }).pipe(Effect.provide(layer())))

  it.effect("does nothing while it waits, and leaves nothing behind", () =>
    Effect.gen(function*() {
      const state = makeState()
      let looks = 0
      const outbox = {
        catchUp: () => {},
        next: () => {
          looks += 1
          return undefined
        },
        nextAt: () => DateTime.makeUnsafe(1000),
        redeliver: () => undefined
      }
      const { push } = makeDelivering(state, outbox, () => Effect.die("nothing is due"))
      const fiber = yield* Effect.forkChild(push(() => Effect.void))
      yield* untilItWaits
      assert.strictEqual(looks, 1)
      assert.strictEqual(state.watchers.size, 1)
      for (const watcher of state.watchers) watcher()
      yield* untilItWaits
      assert.strictEqual(looks, 2)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(state.watchers.size, 0)
    }))
})
