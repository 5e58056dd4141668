import { assert, describe, it } from "@effect/vitest"
import { Cause, DateTime, Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { addOrder, cents, refund, show, simulated, unknownId } from "./setup.ts"

/** Who moved which amount when, in seconds. */
const movements: Effect.Effect<
  ReadonlyArray<readonly [by: string, amount: number, at: number]>,
  never,
  FlexFactorSimulator.FlexFactorSimulator
> = Effect.gen(function*() {
  const { ledger } = yield* FlexFactorSimulator.FlexFactorSimulator
  return (yield* ledger).map(({ amount, at, by }) => [by, amount, DateTime.toEpochMillis(at) / 1000] as const)
})

describe("the ledger", () => {
  it.effect("says who moved the money: a program or the portal", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 1000)
      yield* simulator.refundInPortal(id, cents(2000))
      yield* refund(id, 500)
      assert.deepStrictEqual(yield* movements, [["api", 1000, 0], ["portal", 2000, 0], ["api", 500, 0]])
    }).pipe(simulated()))
})

describe("a refund in the portal for later", () => {
  it.effect("happens at its time", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* simulator.refundInPortal(id, cents(2000), { after: "1 minute" })
      yield* TestClock.adjust(59_999)
      assert.deepStrictEqual(yield* movements, [])
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(yield* movements, [["portal", 2000, 60]])
    }).pipe(simulated()))

  it.effect("takes the balance from a program that comes after it", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* simulator.refundInPortal(id, cents(4500), { after: "1 minute" })
      yield* TestClock.adjust("1 minute")
      assert.include(yield* refund(id, 1000), "rejected 2001")
    }).pipe(simulated()))

  it.effect("is nothing if it is refused by then, or the order is gone", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const spent = yield* addOrder({ amount: cents(5000) })
      const gone = yield* addOrder({ amount: cents(5000) })
      yield* simulator.refundInPortal(spent.id, cents(2000), { after: "1 minute" })
      yield* simulator.refundInPortal(gone.id, cents(2000), { after: "1 minute" })
      yield* refund(spent.id, 3001)
      yield* simulator.removeOrder(gone.id)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* movements, [["api", 3001, 0]])
      assert.deepStrictEqual(yield* show(spent.id), { status: "Completed", refunded: cents(3001) })
    }).pipe(simulated()))

  it.effect("adds up under every reading of repeated refunds", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 2000)
      yield* simulator.refundInPortal(id, cents(2000), { after: "1 minute" })
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* movements, [["api", 2000, 0], ["portal", 2000, 60]])
    }).pipe(simulated({ repeatedRefunds: "once per order" })))

  it.effect("of an order that never was is a defect: the test is wrong", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const exit = yield* Effect.exit(simulator.refundInPortal(unknownId, cents(1), { after: "1 minute" }))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }).pipe(simulated()))
})
