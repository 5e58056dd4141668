/**
 * FlexFactor says no.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import {
  atDesk,
  failNext,
  inTime,
  moved,
  otherKey,
  posts,
  price,
  refund,
  refundInPortal,
  request,
  resolve,
  stateOf
} from "./desk.ts"

const failed = (code: string, reason = "no") =>
  Fault.answer(200, {
    body: { success: false, status: "FAILED", responseCode: code, errors: [{ item1: reason, item2: code }] }
  })

const settleWindow = { settleWindow: "1 minute", patience: "5 minutes" } as const

describe("a refund that FlexFactor rejects", () => {
  it.effect("is rejected with its code, and asked for again it is so without a request", () =>
    Effect.gen(function*() {
      yield* failNext(failed("3007"))
      assert.strictEqual(yield* refund(), "rejected 3007")
      assert.strictEqual(yield* refund(), "rejected 3007")
      assert.strictEqual(yield* resolve(), "rejected 3007")
      assert.deepStrictEqual([yield* stateOf(), yield* moved, yield* posts], ["rejected", [], 1])
    }).pipe(atDesk()))

  it.effect("is rejected in FlexFactor's own words, which the journal does not keep", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      yield* failNext(failed("3007", "the card is gone"))
      const first = yield* inTime(Effect.flip(refunds.refund(request())))
      assert.strictEqual(first._tag === "RefundRejected" ? first.reason : first._tag, "the card is gone")
      const second = yield* inTime(Effect.flip(refunds.refund(request())))
      assert.strictEqual(second._tag === "RefundRejected" ? second.reason : second._tag, undefined)
      assert.strictEqual(second._tag === "RefundRejected" ? second.code : second._tag, "3007")
    }).pipe(atDesk()))

  it.effect("does not hold its order", () =>
    Effect.gen(function*() {
      yield* failNext(failed("3007"))
      yield* refund()
      assert.strictEqual(yield* refund(2000, otherKey), "refunded, by evidence")
    }).pipe(atDesk()))

  it.effect("for the balance is rejected where the order shows no totals", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(price + 1), "rejected 2001")
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
    }).pipe(atDesk({ totals: "none" })))
})

describe("a refusal for the balance, which the order had shown to suffice", () => {
  it.effect("is a doubt, and no verdict, without a settle window", () =>
    Effect.gen(function*() {
      yield* failNext(failed("2001"))
      assert.strictEqual(yield* refund(), "in doubt: doubtful refusal")
      assert.strictEqual(yield* resolve(), "in doubt: doubtful refusal")
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
    }).pipe(atDesk()))

  it.effect("is a verdict once the settle window has passed and nothing moved", () =>
    Effect.gen(function*() {
      yield* failNext(failed("2001"))
      assert.strictEqual(yield* refund(), "rejected 2001")
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
    }).pipe(atDesk({ policy: settleWindow })))

  it.effect("that comes from a limit on partial refunds is a verdict after the window", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(4000), "rejected 2001")
      assert.deepStrictEqual(yield* moved, [])
    }).pipe(atDesk({ simulator: { largestPartialRefund: 0.6 }, policy: settleWindow })))

  it.effect.each<Refunds.RefundPolicy>([{}, settleWindow])(
    "is never a verdict where a full refund was delivered twice, policy %o",
    (policy) =>
      Effect.gen(function*() {
        yield* failNext(Fault.duplicated)
        assert.strictEqual(yield* refund(price), "in doubt: doubtful refusal")
        assert.deepStrictEqual([yield* moved, yield* posts], [[price], 2])
      }).pipe(atDesk({ policy }))
  )

  it.effect("that somebody else caused in the portal is a doubt about who refunded", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionRefused)
      yield* refundInPortal(4500, { after: "1 millis" })
      assert.strictEqual(yield* refund(), "in doubt: other movement")
      assert.deepStrictEqual(yield* moved, [4500])
    }).pipe(atDesk()))
})
