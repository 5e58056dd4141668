import { assert, describe, it } from "@effect/vitest"
import { Cause, DateTime, Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { Cents, Orders } from "../../../src/index.ts"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { addOrder, cents, moved, refund, show, simulated } from "./setup.ts"

describe("a refund", () => {
  it.effect("moves its amount once, with its note and its time", () =>
    Effect.gen(function*() {
      const { ledger, refundable } = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* TestClock.setTime(Date.UTC(2026, 0, 2))
      yield* orders.refund(id, { amount: cents(1000), message: "late delivery" })
      assert.deepStrictEqual(
        (yield* ledger).map((entry) => ({ ...entry, at: DateTime.formatIso(entry.at) })),
        [{ orderId: id, amount: cents(1000), message: "late delivery", by: "api", at: "2026-01-02T00:00:00.000Z" }]
      )
      assert.strictEqual(yield* refundable(id), 4000)
    }).pipe(simulated()))

  it.effect("of a part keeps the status, and of all that is left makes the order Returned", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 4999)
      assert.deepStrictEqual(yield* show(id), { status: "Completed", refunded: cents(4999) })
      yield* refund(id, 1)
      assert.deepStrictEqual(yield* show(id), { status: "Returned", refunded: cents(5000) })
    }).pipe(simulated()))

  it.effect("of the full amount makes the order Returned", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 5000)
      assert.deepStrictEqual(yield* show(id), { status: "Returned", refunded: cents(5000) })
      assert.include(yield* refund(id, 1), "rejected 2001")
    }).pipe(simulated()))

  const refused: ReadonlyArray<
    readonly [name: string, seed: FlexFactorSimulator.OrderSeed, amount: number, maximum: string]
  > = [
    ["of more than the price", { amount: cents(5000) }, 5001, "50.00"],
    ["of more than is left", { amount: cents(5000), refunded: cents(3999) }, 1002, "10.01"],
    ["of a refunded order", { amount: cents(5000), refunded: cents(5000), status: "Returned" }, 1, "0.00"],
    ["of an order that is not captured", { amount: cents(5000), status: "Capturerequired" }, 100, "0.00"],
    ["of an order that is being processed", { amount: cents(5000), status: "Processing" }, 100, "0.00"],
    ["of a cancelled order", { amount: cents(5000), status: "Cancelled" }, 100, "0.00"]
  ]
  it.effect.each(refused)(
    "%s is refused with 2001 and moves nothing",
    ([, seed, amount, maximum]) =>
      Effect.gen(function*() {
        const { id } = yield* addOrder(seed)
        const before = yield* show(id)
        const asked = Cents.toDollars(cents(amount))
        assert.strictEqual(
          yield* refund(id, amount),
          `rejected 2001: Amount to refund (${asked}) is greater than maximum refund amount in (${maximum}))`
        )
        assert.deepStrictEqual(yield* moved(), [])
        assert.deepStrictEqual(yield* show(id), before)
      }).pipe(simulated())
  )

  it.effect.each(
    [
      [{ amount: cents(5000) }, 5000],
      [{ amount: cents(5000), refunded: cents(1500) }, 3500],
      [{ amount: cents(5000), status: "Capturerequired" }, 0],
      [{ amount: cents(5000), status: "Onhold" }, 0],
      [{ amount: cents(5000), status: "Draft" }, 0],
      [{ amount: cents(5000), status: "Cancelled" }, 0]
    ] satisfies ReadonlyArray<readonly [FlexFactorSimulator.OrderSeed, number]>
  )(
    "has a maximum that the controls show: %o",
    ([seed, maximum]) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const { id } = yield* addOrder(seed)
        assert.strictEqual(yield* simulator.refundable(id), maximum)
      }).pipe(simulated())
  )
})

describe("a limit on partial refunds", () => {
  const cases: ReadonlyArray<
    readonly [name: string, limit: number, price: number, refunded: number, amount: number, expected: string]
  > = [
    ["lets a part below it pass", 0.6, 5000, 0, 2999, "refunded"],
    ["lets a part of exactly its size pass", 0.6, 5000, 0, 3000, "refunded"],
    ["refuses a part above it", 0.6, 5000, 0, 3001, "rejected 2001"],
    ["leaves the full refund alone", 0.6, 5000, 0, 5000, "refunded"],
    ["leaves a refund of all that is left alone", 0.6, 5000, 500, 4500, "refunded"],
    ["does not allow more than is left", 0.6, 5000, 4000, 1001, "rejected 2001"],
    ["is exact where its share of the price is a whole number of cents", 0.58, 100, 0, 58, "refunded"],
    ["is exact where its share of the price is a whole number of cents", 0.29, 10_000, 0, 2900, "refunded"],
    ["does not round a fraction of a cent up", 0.6, 1999, 0, 1200, "rejected 2001"]
  ]
  it.effect.each(cases)(
    "%s (%s of %s cents, %s refunded, %s asked)",
    ([, limit, price, refunded, amount, expected]) =>
      Effect.gen(function*() {
        const { id } = yield* addOrder({ amount: cents(price), refunded: cents(refunded) })
        assert.include(yield* refund(id, amount), expected)
        assert.deepStrictEqual(yield* moved(), expected === "refunded" ? [[id, cents(amount)]] : [])
      }).pipe(simulated({ largestPartialRefund: limit }))
  )
})

describe("a refund in the portal", () => {
  it.effect("moves money without a request", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* simulator.refundInPortal(id, cents(2000))
      assert.deepStrictEqual(yield* moved(), [[id, cents(2000)]])
      assert.strictEqual(yield* simulator.refundable(id), 3000)
      assert.deepStrictEqual(yield* simulator.requests, [])
    }).pipe(simulated()))

  it.effect("adds up under every reading of repeated refunds", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* simulator.refundInPortal(id, cents(2000))
      yield* simulator.refundInPortal(id, cents(2000))
      assert.deepStrictEqual(yield* moved(), [[id, cents(2000)], [id, cents(2000)]])
    }).pipe(simulated({ repeatedRefunds: "once per order" })))

  it.effect("that would be refused is a defect and moves nothing", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      const exit = yield* Effect.exit(simulator.refundInPortal(id, cents(5001)))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      assert.deepStrictEqual(yield* moved(), [])
    }).pipe(simulated()))
})
