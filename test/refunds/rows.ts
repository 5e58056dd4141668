/**
 * Runs of many refunds.
 */
import { Array as Arr, Effect, Stream } from "effect"
import { Refunds } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { cents, inTime, keyOf } from "./desk.ts"

/** Rows of 1.00, 1.01, 1.02 ..., each of an order of its own. */
export const makeRows = Effect.fnUntraced(function*(count: number) {
  const { addOrder } = yield* FlexFactorSimulator.FlexFactorSimulator
  return yield* Effect.forEach(
    Arr.range(1, count),
    (index) =>
      Effect.map(addOrder({ amount: cents(5000) }), ({ id: orderId }): Refunds.KeyedRefund => ({
        key: keyOf(`row-${index}`),
        orderId,
        amount: cents(99 + index)
      }))
  )
})

export const run = (
  rows: ReadonlyArray<Refunds.KeyedRefund> | Stream.Stream<Refunds.KeyedRefund>,
  options?: Refunds.ManyOptions
) => inTime(Refunds.Refunds.use((refunds) => Stream.runCollect(refunds.many(rows, options))))

export const sum = (amounts: ReadonlyArray<number>): number => amounts.reduce((total, amount) => total + amount, 0)

export const keysOf = (results: ReadonlyArray<Refunds.RefundResult>) =>
  results.map(({ request }): string => request.key)
