/**
 * Readings that say less than was known: older ones, and ones of an order of which nothing can be refunded yet.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Fiber, Layer } from "effect"
import { Orders, RefundEvidence, RefundJournal, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import {
  atDesk,
  cents,
  failNext,
  failReading,
  id,
  inTime,
  inWords,
  key,
  moved,
  otherKey,
  pass,
  price,
  refund,
  refundNow,
  request,
  resolve,
  stateOf
} from "./desk.ts"

const withoutTotals = Fault.answer(200, { body: { id, status: 7, statusName: "COMPLETED" } })

const falseNo = Fault.answer(200, {
  serverActs: true,
  body: { success: false, status: "FAILED", responseCode: "3005", errors: [] }
})

describe("a reading that is older than an earlier one", () => {
  it.effect("does not settle what the earlier one had left in doubt", () =>
    Effect.gen(function*() {
      const orders = yield* Orders
      yield* failNext(Fault.delayed("10 seconds"))
      const first = yield* Effect.forkChild(refundNow())
      yield* pass(5)
      // A second delivery of the same request, a little later.
      yield* orders.refund(id, { amount: cents(1000) })
      yield* pass(60)
      yield* Fiber.join(first)
      assert.strictEqual(yield* stateOf(), "in doubt")
      yield* failReading(Fault.stale("62 seconds"))
      assert.strictEqual(yield* resolve(), "in doubt: other movement")
      assert.deepStrictEqual(yield* moved, [1000, 1000])
    }).pipe(atDesk()))

  it.effect("does not make a no believable that the order had spoken against", () =>
    Effect.gen(function*() {
      yield* failNext(falseNo)
      assert.strictEqual(yield* refund(), "in doubt: doubtful refusal")
      yield* failReading(Fault.stale("1 hour"))
      assert.strictEqual(yield* resolve(), "in doubt: doubtful refusal")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk()))

  it.effect("does not take back what the journal knows", () =>
    Effect.gen(function*() {
      const journal = yield* RefundJournal.RefundJournal
      yield* failNext(falseNo)
      yield* refund()
      yield* failReading(Fault.stale("1 hour"))
      yield* resolve()
      const { latest } = yield* Effect.flatMap(journal.find(key), Effect.fromOption)
      assert.strictEqual(latest?.refunded, 1000)
    }).pipe(atDesk()))

  it.effect("does not make it believable either, after one that showed no totals", () =>
    Effect.gen(function*() {
      yield* failNext(falseNo)
      assert.strictEqual(yield* refund(), "in doubt: doubtful refusal")
      yield* failReading(withoutTotals)
      assert.strictEqual(yield* resolve(), "in doubt: doubtful refusal")
      yield* failReading(Fault.stale("1 hour"))
      assert.strictEqual(yield* resolve(), "in doubt: doubtful refusal")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk({ policy: { patience: 0 } })))

  it.effect("does not make a refund pass for one that the order had not shown when it was settled", () =>
    Effect.gen(function*() {
      yield* failReading(withoutTotals)
      assert.strictEqual(yield* refund(), "refunded, by answer")
      yield* failReading(Fault.stale("1 hour"))
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(yield* refund(1000, otherKey), "in doubt: connection lost")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk()))
})

describe("a refund after one that came back, as from a closed account", () => {
  it.effect.each(["refunded", "refundable"] as const)(
    "is not sent again where its answer is lost, by what is %s",
    (total) => {
      let cameBack = 0
      return Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const shown = Effect.gen(function*() {
          const sum = (yield* moved).reduce((sum, amount) => sum + amount, 0) - cameBack
          return { at: yield* DateTime.now, [total]: cents(total === "refunded" ? sum : price - sum) }
        })
        const refunds = yield* Effect.provide(
          Refunds.make({ settleWindow: "15 minutes", patience: "30 minutes" }),
          Layer.succeed(RefundEvidence.RefundEvidence, {
            read: () => Effect.provideService(shown, FlexFactorSimulator.FlexFactorSimulator, simulator)
          })
        )
        const first = yield* inTime(Effect.result(refunds.refund(request())))
        assert.strictEqual(inWords(first), "refunded, by evidence")
        cameBack = 1000
        yield* failNext(Fault.connectionLost({ serverActs: true }))
        const second = yield* inTime(Effect.result(refunds.refund(request(1000, otherKey))))
        assert.strictEqual(inWords(second), "in doubt: connection lost")
        assert.deepStrictEqual(yield* moved, [1000, 1000])
      }).pipe(atDesk())
    }
  )
})

describe("what can be refunded of an order that", () => {
  const left = { refundable: "left" } as const
  const processing = { simulator: { totals: left, orders: [{ id, amount: cents(price), status: "Processing" }] } }

  it.effect("is not captured, in an older reading, is not taken for a refund of all of it", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* pass(60)
      yield* simulator.setStatus(id, "Completed")
      yield* pass(10)
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      yield* failReading(Fault.stale(0), ...Array.from({ length: 8 }, () => Fault.stale("3 minutes")))
      assert.match(yield* refund(price), /^in doubt/)
      assert.deepStrictEqual(yield* moved, [])
    }).pipe(atDesk({ ...processing, totals: left })))

  it.effect("is not captured, in an older reading, does not hide what went back, nor what is left", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* pass(60)
      yield* simulator.setStatus(id, "Completed")
      yield* pass(10)
      yield* failNext(Fault.connectionLost({ serverActs: true }))
      yield* failReading(Fault.stale(0), Fault.stale("3 minutes"))
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.strictEqual(yield* refund(price - 1000, otherKey), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [1000, price - 1000])
    }).pipe(atDesk({ ...processing, totals: left })))

  it.effect("is not captured, in an older reading, does not make the next one pass for a newer one", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* pass(60)
      yield* simulator.setStatus(id, "Completed")
      yield* pass(60)
      yield* failNext(falseNo)
      assert.strictEqual(yield* refund(), "in doubt: doubtful refusal")
      yield* failReading(Fault.stale("100 seconds"))
      assert.strictEqual(yield* resolve(), "in doubt: doubtful refusal")
      yield* failReading(Fault.stale("30 seconds"))
      assert.strictEqual(yield* resolve(), "in doubt: doubtful refusal")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk({ ...processing, totals: left, policy: { patience: 0 } })))

  it.effect("was cancelled meanwhile is not taken for a refund either", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      const first = yield* Effect.forkChild(refundNow(price))
      yield* Effect.andThen(Effect.yieldNow, simulator.setStatus(id, "Cancelled"))
      yield* pass(60)
      yield* Fiber.join(first)
      assert.notStrictEqual(yield* stateOf(), "refunded")
      assert.deepStrictEqual(yield* moved, [])
    }).pipe(atDesk({ simulator: { totals: left }, totals: left })))
})

describe("the server's cap is no guard", () => {
  const lateCommit = Fault.connectionLost({ serverActs: true, after: "10 minutes" })

  it.effect("where more can be refunded now than before the send", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* failNext(lateCommit)
      const first = yield* Effect.forkChild(refundNow(3000))
      yield* pass(2)
      yield* simulator.addOrder({ id, amount: cents(10 * price) })
      yield* pass(120)
      yield* Fiber.join(first)
      assert.strictEqual(yield* stateOf(), "in doubt")
      yield* pass(900)
      assert.deepStrictEqual(yield* moved, [3000])
    }).pipe(atDesk()))

  it.effect("where only the caller says what was charged", () =>
    Effect.gen(function*() {
      yield* failNext(lateCommit)
      const refunds = yield* Refunds.Refunds
      const first = yield* Effect.forkChild(
        Effect.result(refunds.refund({ key: otherKey, orderId: id, amount: cents(1000), charged: cents(1500) }))
      )
      yield* pass(900)
      yield* Fiber.join(first)
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk({ totals: { refunded: "amountRefunded" } })))
})
