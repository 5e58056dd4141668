/**
 * Orders that are shown as they were a while ago, to everybody or to one reader.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type OrderId, Orders } from "../../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../../src/testing/index.ts"
import { addOrder, cents, moved, refund, show, simulated } from "./setup.ts"

const totals = { refunded: "refunded", refundable: "left", unit: "cents" } as const

/** The status and the totals of an order that is read. */
const read = Effect.fnUntraced(function*(id: OrderId) {
  const order = yield* (yield* Orders).get(id)
  return [order.status, order.extra["refunded"], order.extra["left"]]
})

/** The same of an order that is listed; undefined if a list of the status leaves it out. */
const listed = Effect.fnUntraced(function*(id: OrderId, status?: string) {
  const { orders } = yield* (yield* Orders).list(status === undefined ? {} : { status })
  const order = orders.find((order) => order.id === id)
  return order === undefined ? undefined : [order.status, order.extra["refunded"], order.extra["left"]]
})

describe("a simulator with stale reads", () => {
  const lagging = simulated({ totals, staleReads: "10 seconds" })

  it.effect("shows the old totals and the old status for exactly the time", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 5000)
      for (const look of [read, listed]) assert.deepStrictEqual(yield* look(id), ["Completed", 0, 5000])
      yield* TestClock.adjust(9999)
      for (const look of [read, listed]) assert.deepStrictEqual(yield* look(id), ["Completed", 0, 5000])
      yield* TestClock.adjust(1)
      for (const look of [read, listed]) assert.deepStrictEqual(yield* look(id), ["Returned", 5000, 0])
    }).pipe(lagging))

  it.effect("hides each of two movements for its own time", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 1000)
      yield* TestClock.adjust("4 seconds")
      yield* refund(id, 4000)
      const shown: Array<unknown> = []
      for (const wait of [0, 5999, 1, 3999, 1]) {
        yield* TestClock.adjust(wait)
        shown.push(yield* read(id))
      }
      assert.deepStrictEqual(shown, [
        ["Completed", 0, 5000],
        ["Completed", 0, 5000],
        ["Completed", 1000, 4000],
        ["Completed", 1000, 4000],
        ["Returned", 5000, 0]
      ])
    }).pipe(lagging))

  it.effect("lists by the status that it shows", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 5000)
      assert.isUndefined(yield* listed(id, "Returned"))
      assert.isDefined(yield* listed(id, "Completed"))
      yield* TestClock.adjust("10 seconds")
      assert.isDefined(yield* listed(id, "Returned"))
      assert.isUndefined(yield* listed(id, "Completed"))
    }).pipe(lagging))

  it.effect("knows the truth where it rules, in the ledger and in the controls", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 4000)
      assert.include(yield* refund(id, 1001), "maximum refund amount in (10.00)")
      assert.deepStrictEqual(yield* moved(), [[id, cents(4000)]])
      assert.strictEqual(yield* simulator.refundable(id), 1000)
      assert.deepStrictEqual(yield* show(id), { status: "Completed", refunded: cents(4000) })
    }).pipe(lagging))

  it.effect("hides a late commit from its own time on, and a refund in the portal", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* simulator.refundInPortal(id, cents(1000), { after: "1 minute" })
      yield* TestClock.adjust(69_999)
      assert.deepStrictEqual(yield* read(id), ["Completed", 0, 5000])
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(yield* read(id), ["Completed", 1000, 4000])
    }).pipe(lagging))

  it.effect("hides a change of status that moves no money", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000), status: "Capturerequired" })
      yield* TestClock.adjust("1 minute")
      yield* simulator.setStatus(id, "Processing")
      yield* (yield* Orders).cancel(id)
      assert.deepStrictEqual((yield* read(id))[0], "Capturerequired")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual((yield* read(id))[0], "Cancelled")
    }).pipe(lagging))

  it.effect("shows an order that is new, as it came", () =>
    Effect.gen(function*() {
      yield* TestClock.adjust("1 hour")
      const { id } = yield* addOrder({ amount: cents(5000), refunded: cents(1000) })
      assert.deepStrictEqual(yield* read(id), ["Completed", 1000, 4000])
    }).pipe(lagging))
})

describe("a stale read", () => {
  it.effect("is one read, of the order as it was a while ago", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 1000)
      yield* TestClock.adjust("1 minute")
      yield* refund(id, 4000)
      yield* TestClock.adjust("1 minute")
      const ages = ["3 minutes", "2 minutes", "61 seconds", "60 seconds", "0 seconds"] as const
      for (const operation of ["Orders.get", "Orders.list"] as const) {
        yield* simulator.failNext(operation, ...ages.map(Fault.stale))
        const look = operation === "Orders.get" ? read : listed
        const shown = [...(yield* Effect.forEach(ages, () => look(id))), yield* look(id)]
        assert.deepStrictEqual(shown, [
          ["Completed", 0, 5000],
          ["Completed", 1000, 4000],
          ["Completed", 1000, 4000],
          ["Returned", 5000, 0],
          ["Returned", 5000, 0],
          ["Returned", 5000, 0]
        ])
      }
    }).pipe(simulated({ totals })))

  it.effect("overrides the staleness of the simulator", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 1000)
      yield* simulator.failNext("Orders.get", Fault.stale(0))
      assert.deepStrictEqual(yield* read(id), ["Completed", 1000, 4000])
      assert.deepStrictEqual(yield* read(id), ["Completed", 0, 5000])
    }).pipe(simulated({ totals, staleReads: "10 seconds" })))

  it.effect("is no fault of a refund or a cancel", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 4000)
      yield* simulator.failNext("Orders.refund", Fault.stale("1 hour"))
      assert.include(yield* refund(id, 1001), "rejected 2001")
    }).pipe(simulated()))
})
