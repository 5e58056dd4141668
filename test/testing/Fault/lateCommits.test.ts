/**
 * Requests that the server carries out minutes after they came, and after the client was told that it cannot know.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { type OrderId, Orders } from "../../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../../src/testing/index.ts"
import { addOrder, cents, raw, refund, served, show, simulated, tokenOf, unknownId } from "../simulator/setup.ts"

const later = { serverActs: true, after: "3 minutes" } as const

/** Asks for a refund that is carried out later, and says what the client is told. */
const refundLate = Effect.fnUntraced(
  function*(id: OrderId, amount: number, fault: Fault.Fault = Fault.connectionLost(later)) {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    yield* simulator.failNext("Orders.refund", fault)
    const error = yield* Effect.flip((yield* Orders).refund(id, { amount: cents(amount) }))
    return error._tag === "RefundOutcomeUnknown" ? `unknown: ${error.doubt}` : error._tag
  }
)

/** The amounts that moved, each with its time in seconds. */
const movements: Effect.Effect<
  ReadonlyArray<readonly [amount: number, at: number]>,
  never,
  FlexFactorSimulator.FlexFactorSimulator
> = Effect.gen(function*() {
  const { ledger } = yield* FlexFactorSimulator.FlexFactorSimulator
  return (yield* ledger).map(({ amount, at }) => [amount, DateTime.toEpochMillis(at) / 1000] as const)
})

describe("a late commit", () => {
  const losses: ReadonlyArray<readonly [name: string, fault: Fault.Fault, told: string]> = [
    ["after a lost connection", Fault.connectionLost(later), "unknown: connection lost"],
    ["after a 504", Fault.answer(504, later), "unknown: server error"]
  ]
  it.effect.each(losses)(
    "%s is not in the ledger before its time, and is from then on",
    ([, fault, told]) =>
      Effect.gen(function*() {
        const { id } = yield* addOrder({ amount: cents(5000) })
        assert.strictEqual(yield* refundLate(id, 1000, fault), told)
        yield* TestClock.adjust(179_999)
        assert.deepStrictEqual(yield* movements, [])
        yield* TestClock.adjust(1)
        assert.deepStrictEqual(yield* movements, [[1000, 180]])
        yield* TestClock.adjust("1 hour")
        assert.deepStrictEqual(yield* movements, [[1000, 180]])
      }).pipe(simulated())
  )

  it.effect.each(["ledger", "orders", "refundable", "request"] as const)(
    "was done at its time for whoever looks first, much later: the %s",
    (first) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const { id } = yield* addOrder({ amount: cents(5000) })
        yield* refundLate(id, 5000)
        yield* TestClock.adjust("1 hour")
        const look = {
          ledger: Effect.map(simulator.ledger, (ledger) => ledger.length === 1),
          orders: Effect.map(simulator.orders, ([order]) => order?.refunded === 5000 && order.status === "Returned"),
          refundable: Effect.map(simulator.refundable(id), (left) => left === 0),
          request: Effect.map((yield* Orders).get(id), (order) => order.status === "Returned")
        }
        assert.isTrue(yield* look[first])
        assert.deepStrictEqual(yield* movements, [[5000, 180]])
      }).pipe(simulated())
  )

  it.effect("comes before a change that the test makes after its time", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refundLate(id, 5000)
      yield* TestClock.adjust("1 hour")
      yield* simulator.setStatus(id, "Chargeback")
      assert.deepStrictEqual(yield* show(id), { status: "Chargeback", refunded: cents(5000) })
    }).pipe(simulated()))

  it.effect("is carried out in order of time, not of asking", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refundLate(id, 1000, Fault.connectionLost({ serverActs: true, after: "3 minutes" }))
      yield* refundLate(id, 2000, Fault.connectionLost({ serverActs: true, after: "1 minute" }))
      yield* refundLate(id, 300, Fault.connectionLost({ serverActs: true, after: "3 minutes" }))
      yield* TestClock.adjust("2 minutes")
      yield* refund(id, 500)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* movements, [[2000, 60], [500, 120], [1000, 180], [300, 180]])
    }).pipe(simulated()))

  it.effect("is refused when the balance is gone by then", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refundLate(id, 3000)
      yield* TestClock.adjust("2 minutes")
      yield* refund(id, 2001)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* movements, [[2001, 120]])
      assert.deepStrictEqual(yield* show(id), { status: "Completed", refunded: cents(2001) })
    }).pipe(simulated()))

  const readings = [
    { repeatedRefunds: "additive", amounts: [1000, 1000], moves: [[1000, 60], [1000, 180]] },
    { repeatedRefunds: "once per order", amounts: [1000, 500], moves: [[500, 60]] },
    { repeatedRefunds: "once per order and amount", amounts: [1000, 1000], moves: [[1000, 60]] },
    { repeatedRefunds: "once per order and amount", amounts: [1000, 500], moves: [[500, 60], [1000, 180]] }
  ] as const
  it.effect.each(readings)(
    "of the first of two refunds of $amounts moves $moves where repeated refunds are $repeatedRefunds",
    ({ amounts: [late, meanwhile], moves, repeatedRefunds }) =>
      Effect.gen(function*() {
        const { id } = yield* addOrder({ amount: cents(5000) })
        yield* refundLate(id, late)
        yield* TestClock.adjust("1 minute")
        assert.include(yield* refund(id, meanwhile), "refunded")
        yield* TestClock.adjust("1 hour")
        assert.deepStrictEqual<unknown>(yield* movements, moves)
      }).pipe(simulated({ repeatedRefunds }))
  )

  it.effect("of a cancel meets the order as it is by then", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      const free = yield* addOrder({ amount: cents(100), status: "Processing" })
      const captured = yield* addOrder({ amount: cents(100), status: "Processing" })
      for (const { id } of [free, captured]) {
        // A status that the client does not meet by cancelling again.
        yield* simulator.failNext("Orders.cancel", Fault.answer(409, later))
        yield* Effect.flip(orders.cancel(id))
      }
      assert.strictEqual((yield* show(free.id))?.status, "Processing")
      yield* TestClock.adjust("1 minute")
      yield* simulator.setStatus(captured.id, "Completed")
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual((yield* show(free.id))?.status, "Cancelled")
      assert.strictEqual((yield* show(captured.id))?.status, "Completed")
    }).pipe(simulated()))

  it.effect("of an order that is gone by then is nothing", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refundLate(id, 1000)
      yield* simulator.removeOrder(id)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* movements, [])
    }).pipe(simulated()))

  it.effect("does not come of a request that is refused when it arrives", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      const { accessToken } = yield* tokenOf(yield* raw.token())
      const refused = [
        raw.post(`/orders/${id}/refund`, { amountToRefund: 10 }),
        raw.post(`/orders/${unknownId}/refund`, { amountToRefund: 10 }, accessToken)
      ]
      yield* Effect.forEach(refused, (request) =>
        Effect.andThen(simulator.failNext("Orders.refund", Fault.answer(504, later)), request))
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* movements, [])
    }).pipe(served()))

  it.effect("happens although the token has expired by then", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refundLate(id, 1000)
      yield* simulator.expireTokens
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* movements, [[1000, 180]])
    }).pipe(simulated()))

  it.effect("is in the request log at the time at which the request came", () =>
    Effect.gen(function*() {
      const { requests } = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refundLate(id, 1000)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* movements).length, 1)
      assert.deepStrictEqual(
        (yield* requests).map(({ at, operation }) => [operation, DateTime.toEpochMillis(at)]),
        [["FlexFactor.token", 0], ["Orders.refund", 0]]
      )
    }).pipe(simulated()))
})
