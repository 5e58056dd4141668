/**
 * Another amount moved than that of the refund: never a guess, always a doubt that says so.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Fault } from "../../src/testing/index.ts"
import {
  atDesk,
  doubtOf,
  failNext,
  inTime,
  inWords,
  moved,
  otherKey,
  posts,
  refund,
  refundInPortal,
  refundNow,
  refundRemaining,
  resolve,
  settle,
  stateOf
} from "./desk.ts"

const totalsOf = (
  doubt: ReturnType<typeof doubtOf>
): ReadonlyArray<number | undefined> => [doubt?.before?.refunded, doubt?.latest?.refunded]

describe("a refund that was delivered twice", () => {
  it.effect("is in doubt, with what had gone back before and what has now", () =>
    Effect.gen(function*() {
      yield* refund(500, otherKey)
      yield* failNext(Fault.duplicated)
      const doubt = doubtOf(yield* inTime(refundNow()))
      assert.strictEqual(doubt?.doubt, "other movement")
      assert.deepStrictEqual(totalsOf(doubt), [500, 2500])
      assert.deepStrictEqual([doubt?.latest?.refundable, yield* moved], [2500, [500, 1000, 1000]])
    }).pipe(atDesk()))

  it.effect("stays in doubt however often it is looked at, and whatever window has passed", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.duplicated)
      assert.strictEqual(yield* refund(), "in doubt: other movement")
      assert.strictEqual(yield* resolve(), "in doubt: other movement")
      assert.strictEqual(yield* refund(), "in doubt: other movement")
      assert.strictEqual(yield* posts, 2)
    }).pipe(atDesk({ policy: { settleWindow: "1 second", patience: "5 minutes" } })))

  it.effect("keeps its order from other refunds, and a person's word sets the order free", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.duplicated)
      yield* refund()
      assert.strictEqual(yield* refund(700, otherKey), "RefundBlocked by ticket-1")
      assert.strictEqual(inWords(yield* refundRemaining(otherKey)), "RefundBlocked by ticket-1")
      assert.deepStrictEqual([yield* stateOf(otherKey), yield* moved], ["unknown", [1000, 1000]])
      assert.strictEqual(yield* settle("refunded"), "refunded")
      assert.strictEqual(yield* refund(), "refunded, by person")
      assert.strictEqual(yield* refund(700, otherKey), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [1000, 1000, 700])
    }).pipe(atDesk()))
})

describe("a refund in the portal meanwhile", () => {
  it.effect("of another amount leaves a doubt with both totals, where the answer of ours is lost", () =>
    Effect.gen(function*() {
      yield* refundInPortal(300)
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "2 seconds" }))
      yield* refundInPortal(200, { after: "1500 millis" })
      const doubt = doubtOf(yield* inTime(refundNow()))
      assert.strictEqual(doubt?.doubt, "other movement")
      assert.deepStrictEqual([totalsOf(doubt), yield* moved], [[300, 1500], [300, 200, 1000]])
    }).pipe(atDesk()))

  it.effect("of another amount leaves a doubt with both totals, where ours is confirmed", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.delayed("5 seconds"))
      yield* refundInPortal(200, { after: "2 seconds" })
      const doubt = doubtOf(yield* inTime(refundNow()))
      assert.strictEqual(doubt?.doubt, "other movement")
      assert.deepStrictEqual([totalsOf(doubt), yield* moved], [[0, 1200], [1000, 200]])
    }).pipe(atDesk()))

  it.effect("before it is no doubt: it is part of what was read", () =>
    Effect.gen(function*() {
      yield* refundInPortal(200)
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [200, 1000])
    }).pipe(atDesk()))

  it.effect("is not ours to send again, although ours never moved and the balance guards it", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      yield* refundInPortal(200, { after: "3 seconds" })
      assert.strictEqual(yield* refund(3000), "in doubt: other movement")
      assert.deepStrictEqual([yield* moved, yield* posts], [[200], 1])
    }).pipe(atDesk()))
})
