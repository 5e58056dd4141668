/**
 * A success is a word, not a proof: servers that take a second refund for a repetition say yes and move nothing.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { FlexFactorSimulator } from "../../src/testing/index.ts"
import { atDesk, moved, otherKey, posts, refund, resolve, settle, stateOf } from "./desk.ts"

type Reading = FlexFactorSimulator.Behaviour["repeatedRefunds"]

const settleWindow = { settleWindow: "1 minute", patience: "5 minutes" } as const

/** What a second refund of an order does: an equal one, and one of another amount. */
const readings: ReadonlyArray<readonly [reading: Reading, equal: boolean, other: boolean]> = [
  ["additive", true, true],
  ["once per order and amount", false, true],
  ["once per order", false, false]
]

describe("two refunds of one order, both meant, if FlexFactor takes refunds", () => {
  for (const [reading, ...moves] of readings) {
    for (const [index, amount] of [1000, 1500].entries()) {
      const isMoved = moves[index]
      const total = isMoved ? [1000, amount] : [1000]
      const what = index === 0 ? "equal" : "different"

      it.effect(`${reading}: of ${what} amounts, ${isMoved ? "both move" : "the second is in doubt"}`, () =>
        Effect.gen(function*() {
          assert.strictEqual(yield* refund(1000), "refunded, by evidence")
          assert.strictEqual(
            yield* refund(amount, otherKey),
            isMoved ? "refunded, by evidence" : "in doubt: not confirmed"
          )
          assert.deepStrictEqual([yield* moved, yield* posts], [total, 2])
        }).pipe(atDesk({ simulator: { repeatedRefunds: reading } })))

      it.effect(`${reading}: of ${what} amounts, with a window ${isMoved ? "both move" : "the second is not applied"}`, () =>
        Effect.gen(function*() {
          assert.strictEqual(yield* refund(1000), "refunded, by evidence")
          assert.strictEqual(
            yield* refund(amount, otherKey),
            isMoved ? "refunded, by evidence" : "not applied, by evidence"
          )
          assert.deepStrictEqual([yield* moved, yield* posts], [total, 2])
        }).pipe(atDesk({ simulator: { repeatedRefunds: reading }, policy: settleWindow })))
    }
  }
})

describe("a refund that FlexFactor confirmed and that moved nothing", () => {
  const simulator = { repeatedRefunds: "once per order" } as const

  it.effect("is not applied, and asked for again it is so without a request", () =>
    Effect.gen(function*() {
      yield* refund()
      assert.strictEqual(yield* refund(1000, otherKey), "not applied, by evidence")
      assert.strictEqual(yield* refund(1000, otherKey), "not applied, by evidence")
      assert.strictEqual(yield* resolve(otherKey), "not applied, by evidence")
      assert.strictEqual(yield* posts, 2)
    }).pipe(atDesk({ simulator, policy: settleWindow })))

  it.effect("is never sent again, also under guard and after the window", () =>
    Effect.gen(function*() {
      yield* refund(100)
      assert.strictEqual(yield* refund(4900, otherKey), "not applied, by evidence")
      assert.strictEqual(yield* posts, 2)
    }).pipe(atDesk({ simulator, policy: settleWindow })))

  it.effect("stays in doubt until a person says that it was not carried out", () =>
    Effect.gen(function*() {
      yield* refund()
      assert.strictEqual(yield* refund(1000, otherKey), "in doubt: not confirmed")
      assert.strictEqual(yield* settle("not refunded", otherKey), "not applied")
      assert.strictEqual(yield* resolve(otherKey), "not applied, by person")
      assert.strictEqual(yield* stateOf(otherKey), "not applied")
    }).pipe(atDesk({ simulator })))

  it.effect("is called refunded by its answer where the order shows no totals, which is all that is known", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by answer")
      assert.strictEqual(yield* refund(1000, otherKey), "refunded, by answer")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk({ simulator, totals: "none" })))
})
