import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { addOrder, cents, moved, refund, simulated } from "./setup.ts"

describe("repeated refunds", () => {
  interface Reading {
    readonly repeatedRefunds: "additive" | "once per order" | "once per order and amount"
    readonly amounts: ReadonlyArray<number>
    readonly moves: ReadonlyArray<number>
  }
  const readings: ReadonlyArray<Reading> = [
    { repeatedRefunds: "additive", amounts: [1000, 1000, 500], moves: [1000, 1000, 500] },
    { repeatedRefunds: "once per order", amounts: [1000, 1000, 500], moves: [1000] },
    { repeatedRefunds: "once per order and amount", amounts: [1000, 1000, 500], moves: [1000, 500] }
  ]
  it.effect.each(readings)(
    "that are $repeatedRefunds answer success and move $moves",
    (reading) =>
      Effect.gen(function*() {
        const { id } = yield* addOrder({ amount: cents(5000) })
        const other = yield* addOrder({ amount: cents(5000) })
        const answers = yield* Effect.forEach(reading.amounts, (amount) => refund(id, amount))
        assert.isTrue(answers.every((answer) => answer.startsWith("refunded ")))
        yield* refund(other.id, 1000)
        assert.deepStrictEqual((yield* moved()).map(([orderId, amount]) => [orderId, amount]), [
          ...reading.moves.map((amount) => [id, amount]),
          [other.id, 1000]
        ])
      }).pipe(simulated({ repeatedRefunds: reading.repeatedRefunds }))
  )

  it.effect("add up by default", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 1000)
      yield* refund(id, 1000)
      assert.strictEqual((yield* moved()).length, 2)
    }).pipe(simulated()))

  it.effect("that move nothing answer with the transaction of the refund that they repeat", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      const amounts = [1000, 500, 300]
      const answers = yield* Effect.forEach(amounts, (amount) => refund(id, amount))
      assert.strictEqual(new Set(answers).size, 3)
      assert.deepStrictEqual(yield* Effect.forEach(amounts, (amount) => refund(id, amount)), answers)
    }).pipe(simulated({ repeatedRefunds: "once per order and amount" })))
})
