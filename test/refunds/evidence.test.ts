/**
 * What is read of the order, or cannot be.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { type Cents, Orders, RefundEvidence, RefundJournal, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import {
  atDesk,
  cents,
  failNext,
  failReading,
  id,
  inTime,
  inWords,
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

const down = Array.from({ length: 200 }, () => Fault.answer(503))

describe("an order that cannot be read", () => {
  it.effect("before the send is the error, and nothing is sent", () =>
    Effect.gen(function*() {
      yield* failReading(...down.slice(0, 4))
      assert.strictEqual(yield* refund(), "FlexFactorServiceUnavailable")
      assert.deepStrictEqual([yield* stateOf(), yield* posts], ["not sent", 0])
      assert.strictEqual(yield* refund(), "refunded, by evidence")
    }).pipe(atDesk()))

  it.effect.each(
    [
      ["confirmed", [], "in doubt: not confirmed"],
      ["unanswered", [Fault.connectionLost({ serverActs: true })], "in doubt: connection lost"]
    ] satisfies ReadonlyArray<readonly [string, ReadonlyArray<Fault.Fault>, string]>
  )(
    "after a send that is %s leaves it in doubt, until it can be read",
    ([, faults, outcome]) =>
      Effect.gen(function*() {
        yield* failNext(...faults)
        yield* failReading(Fault.stale(0), ...down.slice(0, 60))
        assert.strictEqual(yield* refund(4000), outcome)
        assert.strictEqual(yield* stateOf(), "in doubt")
        yield* inTime(Effect.forEach(down, () => Effect.ignore(Orders.use((orders) => orders.get(id)))))
        assert.strictEqual(yield* resolve(), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[4000], 1])
      }).pipe(atDesk({ policy: { settleWindow: "1 second" } }))
  )

  it.effect("because what reads it is broken leaves a refund in doubt that was sent, and is no defect", () => {
    let reads = 0
    return Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "in doubt: not confirmed")
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["in doubt", [1000]])
    }).pipe(atDesk({
      totals: {
        refunded: () => {
          if (reads++ > 0) throw new Error("the order looks different")
          return cents(0)
        }
      }
    }))
  })
})

describe("a field of the order that cannot be read", () => {
  it.effect.each(
    [
      ["because its function throws", () => JSON.parse("no amount")],
      ["because it is no amount", () => -1 as Cents]
    ] satisfies ReadonlyArray<readonly [string, () => Cents]>
  )("%s is not shown, and no defect", ([, refunded]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by answer")
    }).pipe(atDesk({ totals: { refunded } })))
})

describe("a source of evidence that dies or is interrupted", () => {
  const ends = { dies: Effect.die(new Error("a bug of the program")), "is interrupted": Effect.interrupt } as const

  it.effect.each(["dies", "is interrupted"] as const)("leaves a refund in doubt that was sent, as it %s", (end) => {
    let reads = 0
    const ending = Layer.succeed(RefundEvidence.RefundEvidence, {
      read: () =>
        Effect.suspend(() => reads++ === 0 ? Effect.map(DateTime.now, (at) => ({ at, refunded: cents(0) })) : ends[end])
    })
    return Effect.gen(function*() {
      const refunds = yield* Effect.provide(Refunds.make(), ending)
      assert.strictEqual(inWords(yield* inTime(Effect.result(refunds.refund(request())))), "in doubt: not confirmed")
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["in doubt", [1000]])
    }).pipe(atDesk())
  })
})

describe("an order without totals", () => {
  const statusOnly = { totals: "none" } as const

  it.effect("is refunded by the answer, and not read for it again", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by answer")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDesk(statusOnly)))

  it.effect("leaves a partial refund in doubt whose answer is lost, whatever the window", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: true }))
      assert.strictEqual(yield* refund(), "in doubt: connection lost")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk({ ...statusOnly, policy: { settleWindow: "1 second", patience: "5 minutes" } })))

  const full = { ...request(price), charged: cents(price) }

  it.effect("confirms a refund of all that was charged by its status", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      yield* failNext(Fault.connectionLost({ serverActs: true }))
      assert.strictEqual(inWords(yield* inTime(Effect.result(refunds.refund(full)))), "refunded, by evidence")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDesk(statusOnly)))

  it.effect("says nothing by its status if it was Returned before, or if less than all is refunded", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* simulator.setStatus(id, "Returned")
      yield* failNext(Fault.connectionLost({ serverActs: false }), Fault.connectionLost({ serverActs: false }))
      assert.include(inWords(yield* inTime(Effect.result(refunds.refund(full)))), "in doubt")
      yield* refunds.settle(full.key, { verdict: "not refunded" }).pipe(Effect.orDie)
      yield* simulator.setStatus(id, "Completed")
      yield* refundInPortal(4000)
      const part = { ...request(1000, otherKey), charged: cents(price) }
      yield* simulator.refundInPortal(id, cents(1000), { after: "1 second" })
      assert.include(inWords(yield* inTime(Effect.result(refunds.refund(part)))), "in doubt")
    }).pipe(atDesk(statusOnly)))
})

describe("FlexFactor's reports", () => {
  const reports: Array<RefundEvidence.RefundReport> = []
  const store = Layer.sync(RefundEvidence.RefundReports, () => {
    reports.length = 0
    return { ofOrder: () => Effect.sync(() => [...reports]) }
  })
  const evidence = RefundEvidence.combine(RefundEvidence.fromOrder(), RefundEvidence.fromWebhooks).pipe(
    Layer.provide(store)
  )
  const layer = Refunds.layer().pipe(
    Layer.orDie,
    Layer.provideMerge([RefundJournal.layerMemory, evidence]),
    Layer.provideMerge(FlexFactorSimulator.layer({ orders: [{ id, amount: cents(price) }] }))
  )
  const at = (seconds: number) => DateTime.makeUnsafe(seconds * 1000)
  const report = (seconds: number, amount: number): RefundEvidence.RefundReport => ({
    at: at(seconds),
    amount: cents(amount)
  })
  const anyAmount = (seconds: number): RefundEvidence.RefundReport => ({ at: at(seconds), fitsAnyAmount: true })

  it.effect.each(
    [
      ["of its amount, after it was sent, settles a refund", [report(2, 1000)], "refunded, by webhook"],
      ["of another amount does not", [report(2, 999)], "in doubt: connection lost"],
      ["from before it was sent does not", [report(0, 1000)], "in doubt: connection lost"],
      ["of its amount besides another settles it", [report(2, 1000), report(3, 500)], "refunded, by webhook"],
      ["of its amount besides one without does not", [report(2, 1000), { at: at(3) }], "in doubt: connection lost"],
      ["twice of its amount is one too many", [report(2, 1000), report(3, 1000)], "in doubt: other movement"],
      ["without an amount does not", [{ at: at(2) }], "in doubt: connection lost"],
      ["without an amount settles it if the program says so", [anyAmount(2)], "refunded, by webhook"],
      ["without an amount is one too many, twice", [anyAmount(2), anyAmount(3)], "in doubt: other movement"]
    ] satisfies ReadonlyArray<readonly [string, ReadonlyArray<RefundEvidence.RefundReport>, string]>
  )(
    "%s",
    ([, some, outcome]) =>
      Effect.gen(function*() {
        yield* TestClock.adjust("1 second")
        yield* failNext(Fault.connectionLost({ serverActs: true }))
        assert.strictEqual(yield* refund(), "in doubt: connection lost")
        reports.push(...some)
        assert.strictEqual(yield* resolve(), outcome)
        assert.strictEqual(yield* posts, 1)
      }).pipe(Effect.provide(layer))
  )

  it.effect("of an earlier refund, dated late, is not taken for one of the same amount that is in doubt", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by answer")
      yield* TestClock.adjust("10 seconds")
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(yield* refund(1000, otherKey), "in doubt: connection lost")
      reports.push(report(15, 1000))
      assert.strictEqual(yield* resolve(otherKey), "in doubt: connection lost")
      reports.push(report(16, 1000))
      assert.strictEqual(yield* resolve(otherKey), "refunded, by webhook")
    }).pipe(Effect.provide(layer)))
})
