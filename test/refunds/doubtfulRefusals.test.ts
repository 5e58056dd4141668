/**
 * A no that the order speaks against: it shows that the money moved.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import { atDesk, cents, failNext, inTime, inWords, moved, price, readings, refund, request } from "./desk.ts"

/** A no that comes although the server acted. */
const falseNo = Fault.answer(200, {
  serverActs: true,
  body: { success: false, status: "FAILED", responseCode: "3007", errors: [] }
})

const wholeRefund = inTime(
  Refunds.Refunds.use((refunds) => Effect.result(refunds.refund({ ...request(price), charged: cents(price) })))
)

describe("a no", () => {
  it.effect("of any code is a doubt if the order shows that the amount moved", () =>
    Effect.gen(function*() {
      yield* failNext(falseNo)
      assert.strictEqual(yield* refund(), "in doubt: doubtful refusal")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk()))

  it.effect("is believed after one reading that shows no movement", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.answer(200, { body: { success: false, status: "FAILED", responseCode: "3007" } }))
      assert.strictEqual(yield* refund(), "rejected 3007")
      assert.strictEqual(yield* readings, 2)
    }).pipe(atDesk()))

  it.effect("to the second delivery of a whole refund is a doubt where the order shows its status alone", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.duplicated)
      assert.strictEqual(inWords(yield* wholeRefund), "in doubt: doubtful refusal")
      assert.deepStrictEqual(yield* moved, [price])
    }).pipe(atDesk({ totals: "none" })))

  it.effect("to a whole refund is believed where the status does not change", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.answer(200, { body: { success: false, status: "FAILED", responseCode: "2001" } }))
      assert.strictEqual(inWords(yield* wholeRefund), "rejected 2001")
      assert.deepStrictEqual(yield* moved, [])
    }).pipe(atDesk({ totals: "none" })))
})
