/**
 * The order is read from a copy that lags behind: that nothing moved is no evidence until the window has passed.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Fault } from "../../src/testing/index.ts"
import { atDesk, failNext, failReading, moved, otherKey, posts, refund, resolve } from "./desk.ts"

const simulator = { staleReads: "40 seconds" } as const
const patient = { patience: "5 minutes" } as const

describe("where readings lag behind by 40 seconds", () => {
  it.effect("a refund that FlexFactor confirmed is in doubt until it shows, and never not applied within the window", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "in doubt: not confirmed")
      assert.strictEqual(yield* resolve(), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk({ simulator, policy: { settleWindow: "1 minute" } })))

  it.effect("a refund whose answer is lost is not sent again within the window", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: true }))
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk({ simulator, policy: { ...patient, settleWindow: "1 minute" } })))

  it.effect("a guarded refund that is sent again moves once, because FlexFactor refuses the second", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: true }))
      assert.strictEqual(yield* refund(3000), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[3000], 2])
    }).pipe(atDesk({ simulator, policy: patient })))

  it.effect("an equal refund that follows is not taken for the one before, which shows only now", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      yield* failReading(Fault.stale("1 hour"))
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(yield* refund(1000, otherKey), "in doubt: connection lost")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 2])
    }).pipe(atDesk({ policy: patient })))

  it.effect("an equal refund that follows and moves is settled by its own movement", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      yield* failReading(Fault.stale("1 hour"))
      assert.strictEqual(yield* refund(1000, otherKey), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000, 1000], 2])
    }).pipe(atDesk({ policy: patient })))

  it.effect("what is left is not overestimated: the journal knows what went back already", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(4000), "refunded, by evidence")
      yield* failReading(Fault.stale("1 hour"))
      assert.strictEqual(yield* refund(1001, otherKey), "RefundExceedsBalance")
      assert.deepStrictEqual(yield* moved, [4000])
    }).pipe(atDesk({ policy: patient })))
})
