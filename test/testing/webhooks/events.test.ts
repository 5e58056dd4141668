/**
 * What of all that happens to orders is reported, and as what.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { OrderId, Orders, type OrderStatus } from "../../../src/index.ts"
import { Fault } from "../../../src/testing/index.ts"
import { cents, events, id, otherId, read, refund, refundLate, reporting, simulator, take, wire } from "./setup.ts"

describe("money that moves", () => {
  it.effect("through the API is an order.refunded, at its time", () =>
    Effect.gen(function*() {
      yield* TestClock.adjust("90 seconds")
      yield* refund(1000)
      yield* refund(4000)
      assert.deepStrictEqual(yield* events, ["order.refunded 90", "order.refunded 90"])
    }).pipe(reporting()))

  it.effect("in the portal is one too, also later", () =>
    Effect.gen(function*() {
      const { refundInPortal } = yield* simulator
      yield* refundInPortal(id, cents(1))
      yield* refundInPortal(id, cents(2), { after: "1 minute" })
      yield* refundInPortal(id, cents(999_999), { after: "1 minute" })
      assert.deepStrictEqual(yield* events, ["order.refunded 0"])
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual(yield* events, ["order.refunded 60"])
    }).pipe(reporting()))

  it.effect("long after the answer was lost is reported once it moved, at the time of the movement", () =>
    Effect.gen(function*() {
      yield* refundLate(1000, 3)
      yield* TestClock.adjust(179_999)
      assert.deepStrictEqual(yield* events, [])
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* events, ["order.refunded 180"])
    }).pipe(reporting()))

  it.effect("is reported of an order that is gone by then", () =>
    Effect.gen(function*() {
      const { removeOrder } = yield* simulator
      yield* refund(1000)
      yield* removeOrder(id)
      assert.deepStrictEqual(yield* events, ["order.refunded 0"])
    }).pipe(reporting()))
})

describe("nothing is reported of", () => {
  const ten = refund(1000)
  it.effect("a repeated refund that moves nothing", () =>
    Effect.gen(function*() {
      yield* Effect.replicateEffect(ten, 3)
      assert.deepStrictEqual(yield* events, ["order.refunded 0"])
    }).pipe(reporting({}, { repeatedRefunds: "once per order" })))

  it.effect("a refund that is refused, or that never arrived", () =>
    Effect.gen(function*() {
      const { failNext } = yield* simulator
      yield* Effect.flip(refund(5001))
      yield* failNext("Orders.refund", Fault.connectionLost({ serverActs: false }))
      yield* Effect.flip(ten)
      assert.deepStrictEqual(yield* events, [])
    }).pipe(reporting()))

  it.effect("an order that is added, whatever its status", () =>
    Effect.gen(function*() {
      const { addOrder } = yield* simulator
      for (const status of ["Completed", "Cancelled", "Capturerequired"]) yield* addOrder({ amount: cents(1), status })
      assert.deepStrictEqual(yield* events, [])
    }).pipe(reporting()))

  it.effect("a status that was there before, and a cancel that is repeated or refused", () =>
    Effect.gen(function*() {
      const { setStatus } = yield* simulator
      const orders = yield* Orders
      yield* setStatus(id, "Processing")
      yield* Effect.replicateEffect(orders.cancel(id), 2)
      yield* setStatus(id, "CANCELLED")
      yield* Effect.flip(orders.cancel(otherId))
      assert.deepStrictEqual(yield* events, ["order.cancelled 0"])
    }).pipe(reporting()))
})

describe("a status that FlexFactor sets", () => {
  const reported: ReadonlyArray<readonly [status: OrderStatus, events: ReadonlyArray<string>]> = [
    ["Completed", ["order.completed 0"]],
    ["Cancelled", ["order.cancelled 0"]],
    ["Capturerequired", ["order.capturerequired 0"]],
    ["CAPTUREREQUIRED", ["order.capturerequired 0"]],
    ["Expired", ["order.expired 0"]],
    ["Returned", []],
    ["Processing", []],
    ["Chargeback", []]
  ]
  it.effect.each(reported)("to %s is reported as %o", ([status, expected]) =>
    Effect.gen(function*() {
      const { setStatus } = yield* simulator
      yield* setStatus(id, "Onhold")
      yield* setStatus(id, status)
      assert.deepStrictEqual(yield* events, [...expected])
    }).pipe(reporting()))
})

describe("what an event says", () => {
  it.effect("is what the recorded delivery has, and test mode", () =>
    Effect.gen(function*() {
      yield* refund(1999)
      const [webhook] = yield* take
      const { ConfirmationId, ...rest } = wire(webhook ?? assert.fail("nothing came"))
      assert.match(String(ConfirmationId), /^[0-9A-F]{8}$/)
      assert.deepStrictEqual<unknown>(rest, {
        Event: "order.refunded",
        TimeStamp: "1970-01-01T00:00:00.000Z",
        EventData: null,
        ExternalOrderId: "order-1",
        OrderId: id,
        IsTestMode: true,
        IsResent: false
      })
    }).pipe(reporting()))

  const amounts = [
    [{ amount: "paid" }, { paid: 19.99 }],
    [{ amount: "paid", unit: "dollars" }, { paid: 19.99 }],
    [{ amount: "paid", unit: "cents" }, { paid: 1999 }]
  ] as const
  it.effect.each(amounts)("is an amount where %o names one, of money alone", ([names, data]) =>
    Effect.gen(function*() {
      const { setStatus } = yield* simulator
      yield* refund(1999)
      yield* setStatus(id, "Cancelled")
      assert.deepStrictEqual<unknown>((yield* take).map((webhook) => wire(webhook)["EventData"]), [data, null])
    }).pipe(reporting(names)))

  it.effect("is by the server's clock", () =>
    Effect.gen(function*() {
      yield* refund(1)
      const [webhook] = yield* take
      assert.include(webhook?.headers, { "x-fc-date": "Wed, 31 Dec 1969 23:00:00 GMT" })
      assert.strictEqual(wire(webhook ?? assert.fail("nothing came"))["TimeStamp"], "1969-12-31T23:00:00.000Z")
    }).pipe(reporting({}, { clockOffset: "-1 hour" })))

  it.effect("may be that it is no test", () =>
    Effect.gen(function*() {
      yield* refund(1)
      assert.deepStrictEqual((yield* take).map((webhook) => wire(webhook)["IsTestMode"]), [false])
    }).pipe(reporting({ isTestMode: false })))
})

describe("an event that the test emits", () => {
  it.effect("is delivered as the test has it, now, with what is known of the order", () =>
    Effect.gen(function*() {
      const { emit } = yield* simulator
      yield* TestClock.adjust("5 seconds")
      yield* emit({ event: "payment.chargeback.received", orderId: id })
      const event = yield* Effect.flatMap(Effect.flatMap(take, ([first]) => Effect.fromNullishOr(first)), read)
      assert.strictEqual(event.event, "payment.chargeback.received")
      assert.strictEqual(event.externalOrderId, "order-1")
      assert.strictEqual(DateTime.toEpochMillis(event.at), 5000)
      assert.notProperty(event, "data")
    }).pipe(reporting({ amount: "paid" })))

  it.effect("has the last word on every field", () =>
    Effect.gen(function*() {
      const { emit } = yield* simulator
      yield* emit({
        event: "payout.updated",
        orderId: OrderId.make("unknown"),
        at: DateTime.makeUnsafe(1000),
        isTestMode: false,
        isResent: true,
        confirmationId: "1",
        data: { amount: 1 },
        extra: { More: 1 }
      })
      yield* emit({ event: "payout.created" })
      const [updated, created] = (yield* take).map(wire)
      assert.deepStrictEqual<unknown>(updated, {
        Event: "payout.updated",
        TimeStamp: "1970-01-01T00:00:01.000Z",
        EventData: { amount: 1 },
        OrderId: "unknown",
        ConfirmationId: "1",
        IsTestMode: false,
        IsResent: true,
        More: 1
      })
      assert.notProperty(created, "OrderId")
      assert.notProperty(created, "ConfirmationId")
    }).pipe(reporting()))
})
