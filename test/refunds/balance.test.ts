/**
 * What can be refunded of an order, as far as it is known: more is refused here, without a request.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { type OrderStatus, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import {
  anotherWorker,
  atDesk,
  cents,
  failNext,
  failReading,
  id,
  inTime,
  inWords,
  key,
  keyOf,
  moved,
  otherKey,
  posts,
  price,
  refund,
  refundInPortal,
  refundRemaining,
  request,
  stateOf,
  totals
} from "./desk.ts"

const amounts = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 * price })))

describe("a refund of more than is left", () => {
  it.effect.prop(
    "is refused without a request, and any other is sent",
    { amount: amounts, earlier: amounts },
    ({ amount, earlier }) =>
      Effect.gen(function*() {
        const left = price - Math.min(earlier, price)
        yield* refundInPortal(price - left)
        const outcome = yield* refund(amount)
        assert.strictEqual(outcome, amount > left ? "RefundExceedsBalance" : "refunded, by evidence")
        assert.deepStrictEqual(yield* posts, amount > left ? 0 : 1)
      }).pipe(atDesk()),
    { arbitrary: { runs: 100 } }
  )

  it.effect.each([[{ refundable: "left" }], [{ charged: "amount", refunded: "amountRefunded" }]])(
    "is refused with what is left, where the order shows %o",
    ([shown]) =>
      Effect.gen(function*() {
        const refunds = yield* Refunds.Refunds
        yield* refundInPortal(4000)
        const error = yield* inTime(Effect.flip(refunds.refund(request(1001))))
        assert.strictEqual(error._tag, "RefundExceedsBalance")
        assert.strictEqual(error._tag === "RefundExceedsBalance" ? error.balance : undefined, 1000)
        assert.strictEqual(yield* stateOf(), "not sent")
      }).pipe(atDesk({ simulator: { totals: { ...totals, refundable: "left" } }, totals: shown ?? {} }))
  )

  it.effect("is refused by what the caller says was charged, and by what the journal knows went back", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      yield* inTime(refunds.refund({ ...request(4000), charged: cents(price) }))
      const second = { ...request(1001, otherKey), charged: cents(price) }
      assert.strictEqual(inWords(yield* inTime(Effect.result(refunds.refund(second)))), "RefundExceedsBalance")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDesk({ totals: "none" })))
})

describe("an order that cannot be refunded", () => {
  it.effect.each<OrderStatus>(["Capturerequired", "Processing", "Draft", "Onhold", "Cancelled"])(
    "because it is %s is said to be so, without a request",
    (status) =>
      Effect.gen(function*() {
        const { setStatus } = yield* FlexFactorSimulator.FlexFactorSimulator
        yield* setStatus(id, status)
        const error = yield* inTime(Refunds.Refunds.use((refunds) => Effect.flip(refunds.refund(request()))))
        assert.strictEqual(error._tag, "OrderNotRefundable")
        assert.include(error.message, status)
        assert.strictEqual(inWords(yield* refundRemaining(otherKey)), "OrderNotRefundable")
        assert.strictEqual(yield* posts, 0)
        yield* setStatus(id, "Completed")
        assert.strictEqual(yield* refund(), "refunded, by evidence")
      }).pipe(atDesk({ simulator: { totals: { refundable: "left" } }, totals: { refundable: "left" } }))
  )

  it.effect("because it is not known fails with the reading, without a request", () =>
    Effect.gen(function*() {
      const { removeOrder } = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* removeOrder(id)
      assert.strictEqual(yield* refund(), "FlexFactorNotFound")
      assert.strictEqual(yield* posts, 0)
    }).pipe(atDesk()))
})

describe("a refund of all that is left", () => {
  it.effect("is of what the order shows", () =>
    Effect.gen(function*() {
      yield* refundInPortal(1234)
      assert.strictEqual(inWords(yield* refundRemaining()), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [1234, 3766])
    }).pipe(atDesk()))

  it.effect("is the same refund under the same key, also as one of its amount, and nothing is left for another", () =>
    Effect.gen(function*() {
      yield* refundRemaining()
      assert.strictEqual(inWords(yield* refundRemaining()), "refunded, by evidence")
      assert.strictEqual(yield* refund(price), "refunded, by evidence")
      assert.strictEqual(yield* refund(price - 1), "RefundKeyReused: amount")
      assert.strictEqual(inWords(yield* refundRemaining(otherKey)), "RefundNothingLeft")
      assert.deepStrictEqual([yield* moved, yield* posts], [[price], 1])
    }).pipe(atDesk()))

  it.effect("keeps its amount when it is sent again", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(inWords(yield* refundRemaining()), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[price], 2])
    }).pipe(atDesk()))

  it.effect("is reckoned anew if nothing was sent before", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.answer(400))
      assert.strictEqual(inWords(yield* refundRemaining()), "FlexFactorBadRequest")
      yield* refundInPortal(2000)
      assert.strictEqual(inWords(yield* refundRemaining()), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [2000, 3000])
    }).pipe(atDesk()))

  it.effect("is refused where nothing shows what is left", () =>
    Effect.gen(function*() {
      assert.strictEqual(inWords(yield* refundRemaining()), "RefundBalanceUnknown")
      assert.strictEqual(yield* posts, 0)
      assert.strictEqual(yield* refund(1000), "refunded, by answer")
    }).pipe(atDesk({ totals: "none" })))

  it.effect("by what was charged needs to know what went back, and does not guess it", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const given = { key, orderId: id, charged: cents(price) }
      assert.strictEqual(
        inWords(yield* inTime(Effect.result(refunds.refundRemaining(given)))),
        "RefundBalanceUnknown"
      )
      assert.strictEqual(yield* posts, 0)
    }).pipe(atDesk({ totals: "none" })))

  it.effect("under another key at the same time, also in another worker, moves money once", () =>
    Effect.gen(function*() {
      const here = yield* Refunds.Refunds
      const there = yield* anotherWorker()
      yield* failReading(Fault.delayed("2 seconds"), Fault.delayed("1 second"))
      const outcomes = yield* inTime(Effect.forEach(
        [here, here, there, there],
        (refunds, index) => Effect.result(refunds.refundRemaining({ key: keyOf(`row-${index}`), orderId: id })),
        { concurrency: "unbounded" }
      ))
      assert.deepStrictEqual(outcomes.map(inWords).sort(), [
        "RefundNothingLeft",
        "RefundNothingLeft",
        "RefundNothingLeft",
        "refunded, by evidence"
      ])
      assert.deepStrictEqual([yield* moved, yield* posts], [[price], 1])
    }).pipe(atDesk()))
})
