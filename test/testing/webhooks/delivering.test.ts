/**
 * What is handed to a receiver whose answer counts, step by step.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, DateTime, Deferred, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Webhook, WebhookNonces } from "../../../src/index.ts"
import { type SignedWebhook, WebhookFault, type WebhookReceiver } from "../../../src/testing/index.ts"
import { host, key } from "../../webhook/deliveries.ts"
import { eventsOf, id, nonceOf, otherId, refund, refundLate, reporting, simulator, take, wire } from "./setup.ts"

/** A receiver that remembers what it got, and takes what comes from a certain time on. */
const makeReceiver = (takesAfter = 0) => {
  const got: Array<SignedWebhook> = []
  const times: Array<number> = []
  const receiver = (webhook: SignedWebhook) =>
    Effect.flatMap(DateTime.now, (now) => {
      got.push(webhook)
      times.push(DateTime.toEpochMillis(now) / 1000)
      return DateTime.toEpochMillis(now) / 1000 >= takesAfter ? Effect.void : Effect.fail("not now")
    })
  return { got, times, receiver }
}

const deliver = <R>(receiver: WebhookReceiver.Receiver<R>) =>
  simulator.use(({ deliverWebhooks }) => deliverWebhooks(receiver))

/** Lets time pass in small steps, and delivers after each. */
const deliverFor = Effect.fnUntraced(function*<R>(minutes: number, receiver: WebhookReceiver.Receiver<R>) {
  for (let half = 0; half <= 2 * minutes; half++) {
    yield* deliver(receiver)
    yield* TestClock.adjust("30 seconds")
  }
})

/** A delivery whose receiver has it and never answers. */
const hangingDelivery = Effect.gen(function*() {
  const received = yield* Deferred.make<void>()
  const fiber = yield* Effect.forkChild(
    deliver(() => Effect.andThen(Deferred.succeed(received, undefined), Effect.never))
  )
  yield* Deferred.await(received)
  return fiber
})

describe("what is due", () => {
  it.effect("is delivered in order, and not again once it is taken", () =>
    Effect.gen(function*() {
      const { got, receiver } = makeReceiver()
      yield* refundLate(1, 3)
      yield* refund(2)
      yield* deliver(receiver)
      yield* TestClock.adjust("1 hour")
      yield* refund(3)
      yield* deliver(receiver)
      yield* deliver(receiver)
      assert.deepStrictEqual(yield* eventsOf(got), ["order.refunded 0", "order.refunded 180", "order.refunded 3600"])
      assert.deepStrictEqual(yield* take, [])
    }).pipe(reporting()))

  it.effect("is delivered to a verifier of the program as it is", () =>
    Effect.gen(function*() {
      const { receive } = yield* Webhook.make({ key, host })
      yield* refund(1)
      yield* deliver(receive)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* take, [])
    }).pipe(reporting(), Effect.provide(WebhookNonces.layerMemory)))

  it.effect("is also what comes of a delivery: all is delivered at the end", () =>
    Effect.gen(function*() {
      const { got, receiver } = makeReceiver()
      yield* refund(1)
      yield* deliver(Effect.fnUntraced(function*(webhook) {
        yield* receiver(webhook)
        if (got.length < 5) yield* refund(1, otherId)
      }))
      assert.deepStrictEqual(got.map((webhook) => wire(webhook)["OrderId"]), [id, ...Array(4).fill(otherId)])
    }).pipe(reporting()))
})

describe("a delivery that is not taken", () => {
  it.effect("comes again after growing gaps until it is: marked, with a nonce and a date of its own", () =>
    Effect.gen(function*() {
      const { got, receiver, times } = makeReceiver(60 * 30)
      yield* refund(1)
      yield* deliverFor(300, receiver)
      assert.deepStrictEqual(times, [0, 60, 360, 2160])
      assert.deepStrictEqual(yield* eventsOf(got.slice(-1)), ["order.refunded 0 resent"])
      assert.deepStrictEqual(got.map((webhook) => wire(webhook)["IsResent"]), [false, true, true, true])
      assert.strictEqual(new Set(got.map(nonceOf)).size, 4)
      assert.deepStrictEqual(got.map(({ headers }) => headers["x-fc-date"]), [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:01:00 GMT",
        "Thu, 01 Jan 1970 00:06:00 GMT",
        "Thu, 01 Jan 1970 00:36:00 GMT"
      ])
    }).pipe(reporting()))

  it.effect("is given up after the last gap", () =>
    Effect.gen(function*() {
      const { receiver, times } = makeReceiver(Infinity)
      yield* refund(1)
      yield* deliverFor(60, receiver)
      assert.deepStrictEqual(times, [0, 60, 180])
      assert.deepStrictEqual(yield* take, [])
    }).pipe(reporting({ redeliveries: ["1 minute", "2 minutes"] })))

  it.effect("is given up at once without gaps", () =>
    Effect.gen(function*() {
      const { receiver, times } = makeReceiver(Infinity)
      yield* refund(1)
      yield* deliverFor(60, receiver)
      assert.deepStrictEqual(times, [0])
    }).pipe(reporting({ redeliveries: [] })))

  it.effect("does not hold up the others", () =>
    Effect.gen(function*() {
      const { got, receiver } = makeReceiver()
      yield* refund(1)
      yield* refund(1, otherId)
      yield* deliver((webhook) => wire(webhook)["OrderId"] === id ? Effect.fail("never") : receiver(webhook))
      assert.deepStrictEqual(got.map((webhook) => wire(webhook)["OrderId"]), [otherId])
    }).pipe(reporting()))

  it.effect("comes again where it is not answered within 30 seconds", () =>
    Effect.gen(function*() {
      const { got, receiver } = makeReceiver()
      yield* refund(1)
      const delivering = yield* hangingDelivery
      yield* TestClock.adjust("29 seconds")
      assert.isUndefined(delivering.pollUnsafe())
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(delivering)
      yield* TestClock.adjust("1 minute")
      yield* deliver(receiver)
      assert.deepStrictEqual(yield* eventsOf(got), ["order.refunded 0 resent"])
    }).pipe(reporting()))

  it.effect("comes again where whoever received it was interrupted", () =>
    Effect.gen(function*() {
      const { got, receiver } = makeReceiver()
      yield* refund(1)
      const delivering = yield* hangingDelivery
      yield* Fiber.interrupt(delivering)
      yield* TestClock.adjust("1 minute")
      yield* deliver(receiver)
      assert.deepStrictEqual(yield* eventsOf(got), ["order.refunded 0 resent"])
    }).pipe(reporting()))

  it.effect("for a defect tells the test of it, such as an assertion that fails", () =>
    Effect.gen(function*() {
      yield* refund(1)
      const exit = yield* Effect.exit(deliver(() => Effect.sync(() => assert.fail("wrong"))))
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "success", "wrong")
    }).pipe(reporting()))
})

describe("a fault of a delivery that is answered", () => {
  const verify = Effect.fnUntraced(function*(minutes: number) {
    const verifier = yield* Webhook.make({ key, host })
    const taken: Array<SignedWebhook> = []
    const times: Array<number> = []
    yield* deliverFor(minutes, (webhook) =>
      Effect.gen(function*() {
        times.push(DateTime.toEpochMillis(yield* DateTime.now) / 1000)
        yield* verifier.receive(webhook)
        taken.push(webhook)
      }))
    return { times, events: yield* eventsOf(taken) }
  })

  const faults: ReadonlyArray<
    readonly [
      name: string,
      fault: WebhookFault.WebhookFault,
      came: { readonly times: ReadonlyArray<number>; readonly events: ReadonlyArray<string> }
    ]
  > = [
    ["altered", WebhookFault.altered, { times: [0, 60], events: ["order.refunded 0 resent"] }],
    ["aged", WebhookFault.aged(), { times: [0, 60], events: ["order.refunded 0 resent"] }],
    ["lost", WebhookFault.lost, { times: [], events: [] }],
    ["delayed", WebhookFault.delayed("2 minutes"), { times: [120], events: ["order.refunded 0"] }],
    ["duplicated", WebhookFault.duplicated("1 minute"), { times: [0, 60], events: ["order.refunded 0"] }],
    ["redelivered", WebhookFault.redelivered({ after: "1 minute" }), {
      times: [0, 60],
      events: ["order.refunded 0", "order.refunded 0 resent"]
    }]
  ]
  it.effect.each(faults)(
    "comes to what a receiver that verifies makes of it: %s",
    ([, fault, came]) =>
      Effect.gen(function*() {
        const { failNextWebhook } = yield* simulator
        yield* failNextWebhook(fault)
        yield* refund(1)
        assert.deepStrictEqual(yield* verify(60), came)
      }).pipe(reporting(), Effect.provide(WebhookNonces.layerMemory))
  )
})
