/**
 * The clock of the machine is set back while somebody waits.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Result, Stream } from "effect"
import { Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import { atDesk, failNext, failReading, id, inWords, key, pass, refundNow, request } from "./desk.ts"

const hour = 3_600_000

/** Runs an effect for a while, sets its clock back by an hour, and runs it for a while again. */
const setBack = Effect.fnUntraced(function*<A, E, R>(
  effect: Effect.Effect<A, E, R>,
  [before, after]: readonly [before: number, after: number]
) {
  const clock = yield* Clock.Clock
  let offset = 0
  const millis = () => clock.currentTimeMillisUnsafe() + offset
  const changed: Clock.Clock = { ...clock, currentTimeMillisUnsafe: millis, currentTimeMillis: Effect.sync(millis) }
  const fiber = yield* Effect.forkChild(Effect.provideService(effect, Clock.Clock, changed))
  yield* pass(before)
  offset = -hour
  yield* pass(after)
  assert.isDefined(fiber.pollUnsafe(), "it still waits")
  return yield* Fiber.join(fiber)
})

describe("where the clock is set back by an hour", () => {
  it.effect("a refund in doubt is waited for as long as patience lasts", () =>
    Effect.gen(function*() {
      yield* pass(60)
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(inWords(yield* setBack(refundNow(), [15, 30])), "in doubt: connection lost")
    }).pipe(atDesk()))

  it.effect("many refunds go on as soon as FlexFactor asked for", () =>
    Effect.gen(function*() {
      yield* pass(60)
      yield* failNext(Fault.answer(429, { headers: { "retry-after": "10" } }))
      const many = Refunds.Refunds.use((refunds) => Stream.runCollect(refunds.many([request()])))
      const results = yield* setBack(many, [5, 30])
      assert.deepStrictEqual(results.map(({ outcome }) => outcome), ["refunded"])
    }).pipe(atDesk()))

  it.effect("a cancel that the order does not show is waited for as long as patience lasts", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* simulator.setStatus(id, "Processing")
      yield* pass(60)
      yield* failReading(...Array.from({ length: 50 }, () => Fault.stale("50 seconds")))
      const given = { key, orderId: id }
      const giveBack = Refunds.Refunds.use((refunds) => Effect.result(refunds.refundOrCancel(given)))
      const outcome = yield* setBack(giveBack, [10, 30])
      assert.isTrue(Result.isFailure(outcome) && outcome.failure._tag === "CancelNotConfirmed")
    }).pipe(atDesk()))
})
