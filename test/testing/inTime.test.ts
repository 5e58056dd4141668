/**
 * The time of a test, moved until something is done.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Effect, Exit, Fiber, Layer } from "effect"
import { WebCrypto } from "effect/crypto"
import { TestClock } from "effect/testing"
import { Cents, RefundEvidence, RefundJournal, RefundKey, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator, inTime } from "../../src/testing/index.ts"
import { DurableRefunds } from "../../src/workflow/index.ts"
import { cryptoAtOnce } from "../workflow/desk.ts"

const totals = { refunded: "amountRefunded" } as const

const durable = DurableRefunds.layerMemory().pipe(
  Layer.provide(RefundEvidence.fromOrder(totals)),
  Layer.provideMerge(FlexFactorSimulator.layer({ totals })),
  Layer.provideMerge(WebCrypto.layer(cryptoAtOnce))
)

const patient = Refunds.layer({ sendTimeout: "4 hours" }).pipe(
  Layer.provide([RefundJournal.layerMemory, RefundEvidence.fromOrder(totals)]),
  Layer.provideMerge(FlexFactorSimulator.layer({ totals }, { timeout: "4 hours" }))
)

describe("inTime", () => {
  it.effect("moves the clock until an effect is done, and gives what it gives", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* inTime(Effect.as(Effect.sleep("90 seconds"), "done")), "done")
      assert.strictEqual(yield* Clock.currentTimeMillis, 90_000)
    }))

  it.effect("fails as the effect fails", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(inTime(Effect.andThen(Effect.sleep("2 seconds"), Effect.fail("no"))))
      assert.strictEqual(error, "no")
    }))

  it.effect("leaves the clock alone where nothing waits", () =>
    Effect.gen(function*() {
      yield* inTime(Effect.promise(() => Promise.resolve()))
      assert.strictEqual(yield* Clock.currentTimeMillis, 0)
    }))

  it.effect.each(
    [[0, "evidence"], [20, "RefundOutcomeUnknown"]] as const
  )(
    "waits for a durable refund whose answer is lost, carried out after %i minutes: %s",
    ([minutes, expected]) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const refunds = yield* Refunds.Refunds
        const { id } = yield* simulator.addOrder({ amount: Cents.make(5000) })
        const lost = Fault.connectionLost({ serverActs: true, after: `${minutes} minutes` })
        yield* simulator.failNext("Orders.refund", lost)
        const request = { key: RefundKey.make("ticket-1"), orderId: id, amount: Cents.make(500) }
        const verdict = yield* inTime(refunds.refund(request)).pipe(
          Effect.match({ onSuccess: ({ confirmedBy }) => confirmedBy, onFailure: ({ _tag }) => _tag })
        )
        assert.strictEqual(verdict, expected)
      }).pipe(Effect.provide(durable))
  )

  it.live("says that it needs a test clock where there is none", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(inTime(Effect.void))
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", "needs a test clock")
    }))

  it.effect("dies, rather than hang, where time does not help", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(inTime(Effect.never))
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", "not done within an hour")
    }))

  it.effect("dies, rather than hang, where the effect cannot be interrupted", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(inTime(Effect.uninterruptible(Effect.never)))
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", "not done within an hour")
    }))

  it.effect("dies, rather than hang, where a refund is on its way for hours", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const refunds = yield* Refunds.Refunds
      const { id } = yield* simulator.addOrder({ amount: Cents.make(5000) })
      yield* simulator.failNext("Orders.refund", Fault.delayed("2 hours"))
      const request = { key: RefundKey.make("ticket-1"), orderId: id, amount: Cents.make(500) }
      const exit = yield* Effect.exit(inTime(refunds.refund(request)))
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", "not done within an hour")
    }).pipe(Effect.provide(patient)))

  it.effect("gives what it runs the time to end, where it is interrupted itself", () =>
    Effect.gen(function*() {
      const sleep = Effect.uninterruptible(Effect.sleep("20 seconds"))
      const exit = yield* Effect.exit(Effect.timeout(inTime(sleep), "5 seconds"))
      assert.isTrue(Exit.isFailure(exit))
      assert.isAtLeast(yield* Clock.currentTimeMillis, 20_000)
    }))

  it.effect("is not held up by a fiber that polls in real time", () =>
    Effect.gen(function*() {
      const polling = TestClock.withLive(Effect.forever(Effect.andThen(Effect.sleep("1 millis"), Effect.yieldNow)))
      const poller = yield* inTime(Effect.tap(Effect.forkDetach(polling), () => Effect.sleep("3 seconds")))
      yield* Fiber.interrupt(poller)
      assert.strictEqual(yield* Clock.currentTimeMillis, 3000)
    }))

  it.effect("ends what it runs, and waits for its end, where it is interrupted itself", () =>
    Effect.gen(function*() {
      let ended = false
      const running = yield* Effect.forkChild(
        inTime(Effect.onInterrupt(Effect.never, () =>
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => {
              ended = true
            })
          )))
      )
      yield* Effect.yieldNow
      yield* Fiber.interrupt(running)
      assert.isTrue(ended)
    }))
})
