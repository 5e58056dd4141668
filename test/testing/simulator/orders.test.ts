import { assert, describe, it } from "@effect/vitest"
import { Cause, DateTime, Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { ExternalOrderId, OrderId, Orders, OrderStatus } from "../../../src/index.ts"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { addOrder, cents, moved, simulated, unknownId } from "./setup.ts"

describe("an order", () => {
  it.effect("needs an amount only, and the rest is made up", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.UTC(2026, 0, 2))
      const order = yield* addOrder({ amount: cents(1999) })
      assert.strictEqual(order.status, "Completed")
      assert.strictEqual(order.refunded, 0)
      assert.strictEqual(DateTime.formatIso(order.placedAt), "2026-01-02T00:00:00.000Z")
      assert.match(order.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    }).pipe(simulated()))

  it.effect("that is added gets ids of its own", () =>
    Effect.gen(function*() {
      const added = yield* Effect.forEach([1, 2, 3], () => addOrder({ amount: cents(100) }))
      assert.strictEqual(new Set(added.map((order) => order.id)).size, 3)
      assert.strictEqual(new Set(added.map((order) => order.externalId)).size, 3)
    }).pipe(simulated()))

  it.effect("is read as it was seeded, with its further fields", () =>
    Effect.gen(function*() {
      const orders = yield* Orders
      const order = yield* orders.get(OrderId.make("order.1"))
      assert.strictEqual(order.status, "Capturerequired")
      assert.strictEqual(order.statusCode, 5)
      assert.strictEqual(order.statusName, "CAPTUREREQUIRED")
      assert.strictEqual(order.referenceNumber, "#1001")
      assert.strictEqual(order.firstName, "Ada")
      assert.strictEqual(order.lastName, "Lovelace")
      assert.strictEqual(order.email, "ada@example.com")
      assert.deepStrictEqual(order.extra, { refundedTotal: 0, items: [{ sku: "ticket" }] })
      assert.strictEqual(
        order.orderPlacedDate === undefined ? undefined : DateTime.formatIso(order.orderPlacedDate),
        "2026-02-03T04:05:06.000Z"
      )
    }).pipe(simulated({
      orders: [{
        id: OrderId.make("order.1"),
        externalId: ExternalOrderId.make("#1001"),
        amount: cents(100),
        status: "Capturerequired",
        placedAt: "2026-02-03T04:05:06Z",
        firstName: "Ada",
        lastName: "Lovelace",
        email: "ada@example.com",
        extra: { refundedTotal: 0, items: [{ sku: "ticket" }] }
      }]
    })))

  it.effect("that is not there is answered with 404, whatever is asked of it", () =>
    Effect.gen(function*() {
      const orders = yield* Orders
      const errors = yield* Effect.all([
        Effect.flip(orders.get(unknownId)),
        Effect.flip(orders.refund(unknownId, { amount: cents(1) })),
        Effect.flip(orders.cancel(unknownId)),
        Effect.flip(orders.cancelByExternalId(ExternalOrderId.make("nobody")))
      ])
      assert.deepStrictEqual(errors.map((error) => error._tag), [
        "FlexFactorNotFound",
        "FlexFactorNotFound",
        "FlexFactorNotFound",
        "FlexFactorNotFound"
      ])
      assert.deepStrictEqual(yield* moved(), [])
    }).pipe(simulated()))

  it.effect("that is removed is gone from reads and lists", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      const { id } = yield* addOrder({ amount: cents(100) })
      yield* simulator.removeOrder(id)
      assert.strictEqual((yield* Effect.flip(orders.get(id)))._tag, "FlexFactorNotFound")
      assert.deepStrictEqual((yield* orders.list()).orders, [])
      assert.strictEqual(yield* simulator.refundable(id), 0)
    }).pipe(simulated()))

  it.effect("changes its status when FlexFactor says so", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      const { id } = yield* addOrder({ amount: cents(100), status: "Capturerequired" })
      yield* simulator.setStatus(id, "Completed")
      assert.strictEqual((yield* orders.get(id)).status, "Completed")
      yield* simulator.setStatus(id, "Chargeback")
      assert.strictEqual((yield* orders.get(id)).status, OrderStatus.make("CHARGEBACK"))
    }).pipe(simulated()))

  it.effect("that is unknown cannot be given a status or a portal refund: the test is wrong", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const exits = [
        yield* Effect.exit(simulator.setStatus(unknownId, "Completed")),
        yield* Effect.exit(simulator.refundInPortal(unknownId, cents(1)))
      ]
      for (const exit of exits) {
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
        assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", unknownId)
      }
    }).pipe(simulated()))
})
