/**
 * Refunds that were provably not carried out: the key is free again.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import {
  anotherWorker,
  atDesk,
  cents,
  failNext,
  id,
  inTime,
  inWords,
  key,
  keyOf,
  moved,
  pass,
  posts,
  refund,
  refundNow,
  request,
  resolve,
  stateOf
} from "./desk.ts"

const refusals = Array.from({ length: 4 }, () => Fault.connectionRefused)

describe("a refund whose connection is refused", () => {
  it.effect("is sent as soon as the connection stands, and moves money once", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionRefused, Fault.connectionRefused)
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk()))

  it.effect("fails with what was wrong, and the same key can be asked for again", () =>
    Effect.gen(function*() {
      yield* failNext(...refusals)
      assert.strictEqual(yield* refund(), "FlexFactorUnreachable")
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["not sent", []])
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk()))

  it.effect("leaves its key free for other content, because nothing was ever sent under it", () =>
    Effect.gen(function*() {
      yield* failNext(...refusals)
      assert.strictEqual(yield* refund(), "FlexFactorUnreachable")
      const { addOrder } = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id: orderId } = yield* addOrder({ amount: cents(3000) })
      const refunds = yield* Refunds.Refunds
      const other = { key, orderId, amount: cents(2000), message: "another one" }
      assert.strictEqual(inWords(yield* inTime(Effect.result(refunds.refund(other)))), "refunded, by evidence")
      assert.strictEqual(yield* refund(), "RefundKeyReused: orderId")
      assert.deepStrictEqual(yield* moved, [2000])
    }).pipe(atDesk()))

  it.effect("does not hold its order", () =>
    Effect.gen(function*() {
      yield* failNext(...refusals)
      assert.strictEqual(yield* refund(), "FlexFactorUnreachable")
      assert.strictEqual(yield* refund(2000, keyOf("another")), "refunded, by evidence")
    }).pipe(atDesk()))

  it.effect("is not sent by another worker who waited for it, since its caller was told that it was not", () =>
    Effect.gen(function*() {
      const worker = yield* anotherWorker()
      yield* failNext(...refusals)
      const one = yield* Effect.forkChild(refundNow())
      yield* pass(0)
      const waiting = yield* Effect.forkChild(Effect.result(worker.refund(request(2000, keyOf("another")))))
      yield* pass(60)
      assert.strictEqual(inWords(yield* Fiber.join(one)), "FlexFactorUnreachable")
      assert.strictEqual(inWords(yield* Fiber.join(waiting)), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* stateOf()], [[2000], "not sent"])
    }).pipe(atDesk()))

  it.effect("cannot be resolved, as there is nothing in doubt", () =>
    Effect.gen(function*() {
      yield* failNext(...refusals)
      yield* refund()
      assert.strictEqual(yield* resolve(), "RefundNotInDoubt")
      assert.strictEqual(yield* posts, 0)
    }).pipe(atDesk()))
})

describe("a refund that was refused unread", () => {
  it.effect.each(
    [
      [400, "FlexFactorBadRequest"],
      [403, "FlexFactorForbidden"],
      [404, "FlexFactorNotFound"],
      [422, "FlexFactorUnprocessableEntity"],
      [429, "FlexFactorTooManyRequests"]
    ] as const
  )("with %s fails with %s, moves nothing and can be asked for again", ([status, tag]) =>
    Effect.gen(function*() {
      yield* failNext(Fault.answer(status))
      assert.strictEqual(yield* refund(), tag)
      assert.deepStrictEqual([yield* stateOf(), yield* moved, yield* posts], ["not sent", [], 1])
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk()))

  it.effect("after a send that is in doubt, leaves the doubt of that send", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: false }), Fault.answer(400))
      assert.strictEqual(yield* refund(3000), "in doubt: connection lost")
      assert.deepStrictEqual([yield* stateOf(), yield* moved, yield* posts], ["in doubt", [], 2])
      assert.strictEqual(yield* resolve(), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [3000])
    }).pipe(atDesk()))

  it.effect("for real financial data in its message fails before anything is sent", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const given = { key, orderId: id, amount: cents(1000), message: "card 4539578763621486" }
      assert.strictEqual(inWords(yield* inTime(Effect.result(refunds.refund(given)))), "SandboxDataRefused")
      assert.deepStrictEqual([yield* stateOf(), yield* posts], ["not sent", 0])
    }).pipe(atDesk()))
})
