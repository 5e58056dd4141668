/**
 * Durable refunds, on the engine in memory: they go on by themselves, whether or not anybody waits.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import {
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
  pass,
  posts,
  price,
  readings,
  refund,
  refundInPortal,
  refundNow,
  refundRemaining,
  resolve,
  settle,
  stateOf
} from "../refunds/desk.ts"
import { atDurableDesk, isComplete, passHours, wholePayload } from "./desk.ts"

const lost = Fault.connectionLost({ serverActs: false })

describe("a durable refund", () => {
  it.effect("is sent once, however often it is asked for", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.strictEqual(yield* refund(2000), "RefundKeyReused: amount")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDurableDesk()))

  it.effect("refunds all that is left", () =>
    Effect.gen(function*() {
      yield* refundInPortal(1500)
      assert.strictEqual(inWords(yield* refundRemaining()), "refunded, by evidence")
      assert.strictEqual(inWords(yield* refundRemaining(otherKey)), "RefundNothingLeft")
      assert.deepStrictEqual(yield* moved, [1500, 3500])
    }).pipe(atDurableDesk()))

  it.effect("is one refund among those of an order that are asked for at the same moment", () =>
    Effect.gen(function*() {
      const names = ["a", "b", "c", "d", "e", "f"].map(keyOf)
      const fibers = yield* Effect.forEach(names, (name) => Effect.forkChild(refundNow(900, name)))
      const outcomes = yield* inTime(Effect.forEach(fibers, Fiber.join))
      assert.deepStrictEqual(outcomes.map(inWords).toSorted(), [
        "RefundExceedsBalance",
        ...Array.from({ length: 5 }, () => "refunded, by evidence")
      ])
      assert.deepStrictEqual(yield* moved, [900, 900, 900, 900, 900])
    }).pipe(atDurableDesk()))

  it.effect("that FlexFactor refuses is rejected, and stays so", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "rejected 2001")
      assert.strictEqual(yield* refund(), "rejected 2001")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDurableDesk({
      simulator: { largestPartialRefund: 0.1 },
      policy: { settleWindow: "1 minute", patience: "5 minutes" }
    })))

  it.effect("fails before anything is written down if what is asked for is invalid", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(0), "FlexFactorInvalidRequest")
      assert.strictEqual(yield* stateOf(), "unknown")
    }).pipe(atDurableDesk()))

  it.effect("is handed over also if nobody waits for it", () =>
    Effect.gen(function*() {
      assert.strictEqual(inWords(yield* refundNow()), "in doubt: pending")
      yield* pass(5)
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["refunded", [1000]])
    }).pipe(atDurableDesk({ policy: { patience: 0 } })))

  it.effect("is handed over also if its caller is interrupted at once", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(refundNow(), { startImmediately: true })
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      yield* pass(5)
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["refunded", [1000]])
    }).pipe(atDurableDesk()))

  it.effect("gives no receipt for another amount, if all that was left is refunded under its key", () =>
    Effect.gen(function*() {
      yield* failReading(Fault.delayed("5 seconds"))
      const all = yield* Effect.forkChild(refundRemaining())
      yield* pass(1)
      assert.strictEqual(yield* refund(1000), "RefundKeyReused: amount")
      assert.strictEqual(inWords(yield* Fiber.join(all)), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [price])
    }).pipe(atDurableDesk()))

  it.effect("is sent although its order takes longer to read than it stays reserved", () =>
    Effect.gen(function*() {
      yield* failReading(Fault.delayed("21 seconds"))
      yield* refund()
      yield* pass(30)
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["refunded", [1000]])
    }).pipe(atDurableDesk()))

  it.effect("that ended without a verdict can be asked for again", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(9000), "RefundExceedsBalance")
      yield* FlexFactorSimulator.FlexFactorSimulator.use(({ addOrder }) => addOrder({ id, amount: cents(10_000) }))
      assert.strictEqual(yield* refund(9000), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [9000])
    }).pipe(atDurableDesk()))
})

describe("a durable refund in doubt", () => {
  it.effect("is settled without anybody asking again, once the order shows it", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "3 hours" }))
      assert.include(yield* refund(), "in doubt")
      yield* passHours(2)
      assert.strictEqual(yield* stateOf(), "in doubt")
      yield* passHours(3)
      assert.strictEqual(yield* stateOf(), "refunded")
      assert.isTrue(yield* isComplete())
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDurableDesk()))

  it.effect("is sent again without anybody asking, once the settle window has passed", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      assert.include(yield* refund(), "in doubt")
      yield* passHours(1.9)
      assert.strictEqual(yield* posts, 1)
      yield* passHours(2.2)
      assert.strictEqual(yield* stateOf(), "refunded")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 2])
    }).pipe(atDurableDesk({ policy: { settleWindow: "2 hours" } })))

  it.effect("is read ever more rarely, and at least once an hour", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      const before = yield* readings
      yield* passHours(2)
      const soon = yield* readings
      yield* passHours(10)
      const later = yield* readings
      assert.isAtMost(soon - before, 10)
      assert.isAtLeast(later - soon, 9)
      assert.isAtMost(later - soon, 11)
    }).pipe(atDurableDesk()))

  it.effect("is given up after as long as its policy says, and stays in doubt", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      yield* passHours(23)
      assert.isFalse(yield* isComplete())
      yield* passHours(2)
      assert.isTrue(yield* isComplete())
      assert.strictEqual(yield* stateOf(), "in doubt")
      yield* refundInPortal(1000)
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDurableDesk({ policy: { goOnFor: "1 day" } })))

  it.effect("holds its order: the next refund waits for it, and goes on by itself", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "3 hours" }))
      yield* refund()
      assert.strictEqual(yield* refund(700, otherKey), "in doubt: pending")
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
      yield* passHours(6)
      assert.deepStrictEqual([yield* stateOf(), yield* stateOf(otherKey)], ["refunded", "refunded"])
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000, 700], 2])
    }).pipe(atDurableDesk()))

  it.effect("of somebody who does not ask again is looked at by the next one of its order, which then begins", () =>
    Effect.gen(function*() {
      const plain = yield* Effect.orDie(Refunds.make())
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "1 minute" }))
      const outcome = yield* inTime(Effect.result(plain.refund({ key, orderId: id, amount: cents(1000) })))
      assert.include(inWords(outcome), "in doubt")
      yield* pass(60)
      assert.strictEqual(yield* refund(700, otherKey), "refunded, by evidence")
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["refunded", [1000, 700]])
    }).pipe(atDurableDesk()))

  it.effect("comes to its end as soon as a person settles it", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      yield* passHours(5)
      assert.isFalse(yield* isComplete())
      assert.strictEqual(yield* settle("not refunded"), "not applied")
      yield* pass(1)
      assert.isTrue(yield* isComplete())
      assert.strictEqual(yield* refund(), "not applied, by person")
    }).pipe(atDurableDesk()))

  it.effect("is not sent again by who resolves it: that is for runners", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund(3000)
      yield* pass(3)
      const before = yield* posts
      assert.include(yield* resolve(), "in doubt")
      assert.strictEqual(yield* posts, before)
    }).pipe(atDurableDesk({ policy: { maximumSends: 1 } })))

  it.effect("comes to its end as soon as somebody who was told of it resolves it", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      yield* passHours(5)
      yield* refundInPortal(1000)
      assert.strictEqual(yield* resolve(), "refunded, by evidence")
      yield* pass(1)
      assert.isTrue(yield* isComplete())
    }).pipe(atDurableDesk()))

  it.effect("of all that is left comes to its end in the same way", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refundRemaining()
      yield* passHours(5)
      assert.strictEqual(yield* settle("refunded"), "refunded")
      yield* pass(1)
      assert.isTrue(yield* isComplete(wholePayload))
    }).pipe(atDurableDesk({ policy: { maximumSends: 1 } })))
})
