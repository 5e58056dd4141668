import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type OrderId, Orders } from "../../../src/index.ts"
import type { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { addOrder, cents, refund, simulated } from "./setup.ts"

const shown = Effect.fnUntraced(function*(id: OrderId) {
  const orders = yield* Orders
  const [listed] = (yield* orders.list()).orders
  return [(yield* orders.get(id)).extra, listed?.extra]
})

describe("the totals of an order", () => {
  it.effect("are not shown, unless they are named", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000), refunded: cents(1999) })
      assert.deepStrictEqual(yield* shown(id), [{}, {}])
    }).pipe(simulated()))

  const names = { charged: "amount", refunded: "amountRefunded", refundable: "amountRefundable" }
  const cases: ReadonlyArray<readonly [totals: FlexFactorSimulator.Totals, extra: Record<string, number>]> = [
    [names, { amount: 50, amountRefunded: 19.99, amountRefundable: 30.01 }],
    [{ ...names, unit: "dollars" }, { amount: 50, amountRefunded: 19.99, amountRefundable: 30.01 }],
    [{ ...names, unit: "cents" }, { amount: 5000, amountRefunded: 1999, amountRefundable: 3001 }],
    [{ refunded: "total_refunded" }, { total_refunded: 19.99 }],
    [{ refundable: "left", unit: "cents" }, { left: 3001 }],
    [{ charged: "price" }, { price: 50 }],
    [{ unit: "cents" }, {}]
  ]
  it.effect.each(cases)("are shown as %o asks, by reads and lists", ([totals, extra]) =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 1999)
      assert.deepStrictEqual(yield* shown(id), [extra, extra])
    }).pipe(simulated({ totals })))

  it.effect("stand beside the further fields of the order", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000), extra: { items: [1], refunded: "of old" } })
      yield* refund(id, 1)
      assert.deepStrictEqual((yield* shown(id))[0], { items: [1], refunded: 0.01 })
    }).pipe(simulated({ totals: { refunded: "refunded" } })))

  it.effect("leave nothing to refund where the status does not allow it", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000), status: "Capturerequired" })
      assert.deepStrictEqual((yield* shown(id))[0], { left: 0 })
    }).pipe(simulated({ totals: { refundable: "left" } })))
})
