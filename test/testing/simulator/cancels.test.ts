import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ExternalOrderId, OrderId, Orders } from "../../../src/index.ts"
import { addOrder, cents, moved, show, simulated } from "./setup.ts"

describe("a cancel", () => {
  it.effect.each(["Draft", "Processing", "Capturerequired"])(
    "voids an order that is %s, however often",
    (status) =>
      Effect.gen(function*() {
        const orders = yield* Orders
        const { id } = yield* addOrder({ amount: cents(5000), status })
        yield* orders.cancel(id)
        yield* orders.cancel(id, { idempotencyKey: "00000000-0000-4000-8000-00000000000a" })
        assert.deepStrictEqual(yield* show(id), { status: "Cancelled", refunded: cents(0) })
        assert.deepStrictEqual(yield* moved(), [])
      }).pipe(simulated())
  )

  it.effect.each(["Completed", "Returned", "Onhold", "Problem", "Chargeback"])(
    "leaves an order alone that is %s",
    (status) =>
      Effect.gen(function*() {
        const orders = yield* Orders
        const { id } = yield* addOrder({ amount: cents(5000), status })
        assert.strictEqual((yield* Effect.flip(orders.cancel(id)))._tag, "FlexFactorBadRequest")
        assert.deepStrictEqual(yield* show(id), { status, refunded: cents(0) })
      }).pipe(simulated())
  )

  it.effect.each(["#1001", "order 7", "a?b&c=d", "tür", "x+y"])(
    "finds an order by the merchant's id %s",
    (name) =>
      Effect.gen(function*() {
        const orders = yield* Orders
        const externalId = ExternalOrderId.make(name)
        const other = yield* addOrder({ amount: cents(100), status: "Processing" })
        const { id } = yield* addOrder({ amount: cents(100), status: "Processing", externalId })
        yield* orders.cancelByExternalId(externalId)
        yield* orders.cancelByExternalId(externalId)
        assert.strictEqual((yield* show(id))?.status, "Cancelled")
        assert.strictEqual((yield* show(other.id))?.status, "Processing")
      }).pipe(simulated())
  )

  it.effect("does not take FlexFactor's id for the merchant's, nor the other way round", () =>
    Effect.gen(function*() {
      const orders = yield* Orders
      const { externalId, id } = yield* addOrder({ amount: cents(100), status: "Processing" })
      assert.strictEqual(
        (yield* Effect.flip(orders.cancelByExternalId(ExternalOrderId.make(id))))._tag,
        "FlexFactorNotFound"
      )
      assert.strictEqual((yield* Effect.flip(orders.cancel(OrderId.make(externalId))))._tag, "FlexFactorNotFound")
      assert.strictEqual((yield* show(id))?.status, "Processing")
    }).pipe(simulated()))
})
