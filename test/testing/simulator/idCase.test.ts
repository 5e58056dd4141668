/**
 * A GUID in capitals is the same order, as `Refunds` and docs/wire.md take it.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { ExternalOrderId, OrderId, Orders } from "../../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../../src/testing/index.ts"
import { wire } from "../webhooks/setup.ts"
import { addOrder, cents, refund, simulated } from "./setup.ts"

const seeded = OrderId.make("E97B1FF1-4449-46DA-BC6C-A76D23F16353")
const other = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")
const onOneOrder = (options?: Parameters<typeof simulated>[0]) =>
  simulated({ orders: [{ id: seeded, amount: cents(5000) }], ...options })

const simulator = FlexFactorSimulator.FlexFactorSimulator

describe("an order whose id is written in another case", () => {
  it.effect("is found by every request, and shown with the id that it was seeded with", () =>
    Effect.gen(function*() {
      const { ledger } = yield* simulator
      const orders = yield* Orders
      assert.strictEqual(yield* refund(other, 1000), `refunded refund-${seeded}-1`)
      assert.strictEqual((yield* orders.get(other)).id, seeded)
      assert.strictEqual((yield* orders.list()).orders[0]?.id, seeded)
      assert.deepStrictEqual((yield* ledger).map(({ orderId }) => orderId), [seeded])
    }).pipe(onOneOrder()))

  it.effect("is found by every control", () =>
    Effect.gen(function*() {
      const { orders, refundInPortal, refundable, removeOrder, setStatus } = yield* simulator
      yield* refundInPortal(other, cents(1000))
      yield* refundInPortal(other, cents(1000), { after: "1 minute" })
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* refundable(other), 3000)
      yield* setStatus(other, "Problem")
      assert.deepStrictEqual((yield* orders).map(({ id, status }) => [id, status]), [[seeded, "Problem"]])
      yield* removeOrder(other)
      assert.deepStrictEqual(yield* orders, [])
      const exit = yield* Effect.exit(setStatus(seeded, "Completed"))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }).pipe(onOneOrder()))

  it.effect("is the one that its refunds are counted for, under either spelling", () =>
    Effect.gen(function*() {
      const { ledger } = yield* simulator
      yield* refund(seeded, 1000)
      yield* refund(other, 1000)
      assert.strictEqual((yield* ledger).length, 1)
    }).pipe(onOneOrder({ repeatedRefunds: "once per order" })))

  it.effect("takes the place of the first where it is added again, and repeats its earlier refunds", () =>
    Effect.gen(function*() {
      const { ledger, orders } = yield* simulator
      yield* refund(seeded, 1000)
      yield* addOrder({ id: other, amount: cents(3000) })
      assert.deepStrictEqual((yield* orders).map(({ id }) => id), [other])
      assert.strictEqual(yield* refund(seeded, 1000), `refunded refund-${other}-1`)
      assert.strictEqual((yield* ledger).length, 1)
    }).pipe(onOneOrder({ repeatedRefunds: "once per order" })))

  it.effect("is shown as it was a while ago", () =>
    Effect.gen(function*() {
      const { failNext } = yield* simulator
      const orders = yield* Orders
      yield* TestClock.adjust("1 minute")
      yield* refund(other, 5000)
      yield* failNext("Orders.get", Fault.stale("1 second"))
      assert.strictEqual((yield* orders.get(other)).status, "Completed")
      assert.strictEqual((yield* orders.get(other)).status, "Returned")
    }).pipe(onOneOrder()))

  it.effect("is known to its webhooks", () =>
    Effect.gen(function*() {
      const { emit, takeWebhooks } = yield* simulator
      yield* emit({ event: "chargeback.received", orderId: other })
      yield* refund(other, 1000)
      const [emitted, refunded] = (yield* takeWebhooks).map(wire)
      assert.strictEqual(emitted?.["ExternalOrderId"], "#1001")
      assert.strictEqual(refunded?.["OrderId"], seeded)
      assert.strictEqual(emitted?.["ConfirmationId"], refunded?.["ConfirmationId"])
    }).pipe(onOneOrder({
      orders: [{ id: seeded, externalId: ExternalOrderId.make("#1001"), amount: cents(5000) }],
      webhooks: { key: Redacted.make("a2V5IG9mIGEgdGVzdA=="), host: "shop.example" }
    })))

  it.effect("is another order where the id is no GUID", () =>
    Effect.gen(function*() {
      const orders = yield* Orders
      assert.strictEqual((yield* Effect.flip(orders.get(OrderId.make("ORDER-1"))))._tag, "FlexFactorNotFound")
    }).pipe(simulated({ orders: [{ id: OrderId.make("order-1"), amount: cents(100) }] })))
})
