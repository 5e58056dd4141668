/**
 * The tests of `refundTicket`, on a simulated FlexFactor: no network, no account, no waiting.
 */
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Cents, RefundJournal, RefundKey } from "effect-flexfactor"
import { Fault, FlexFactorSimulator, inTime } from "effect-flexfactor/testing"
import { backend, refundTicket, totals } from "./refundTicket.ts"

/** The backend between two other ends: a simulator, and a journal in memory. */
const simulated = backend.pipe(
  Layer.provide(RefundJournal.layerMemory),
  Layer.provideMerge(FlexFactorSimulator.layer({ totals }))
)

/** A ticket over $10.00 of an order over $50.00. */
const openTicket = Effect.gen(function*() {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const order = yield* simulator.addOrder({ amount: Cents.fromDollars("50.00") })
  return { id: RefundKey.make("ticket-1"), orderId: order.id, amount: Cents.fromDollars("10.00") }
})

it.effect("refunds a ticket once, however often the button is pressed", () =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const ticket = yield* openTicket

    const answers = yield* Effect.all([refundTicket(ticket), refundTicket(ticket)], { concurrency: 2 })

    assert.deepStrictEqual(answers, ["refunded $10.00", "refunded $10.00"])
    assert.deepStrictEqual((yield* simulator.ledger).map(({ amount }) => amount), [1000])
  }).pipe(Effect.provide(simulated)))

it.effect("finds out what became of a refund whose answer was lost", () =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const ticket = yield* openTicket
    // The connection breaks, and FlexFactor carries the refund out 20 seconds later.
    yield* simulator.failNext("Orders.refund", Fault.connectionLost({ serverActs: true, after: "20 seconds" }))

    assert.strictEqual(yield* inTime(refundTicket(ticket)), "refunded $10.00")

    assert.strictEqual((yield* simulator.ledger).length, 1)
  }).pipe(Effect.provide(simulated)))

it.effect("says that a refund is in doubt, rather than send it again on a guess", () =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const ticket = yield* openTicket
    // The request is lost. The order shows no refund, but one could still be on its way.
    yield* simulator.failNext("Orders.refund", Fault.connectionLost({ serverActs: false }))

    assert.strictEqual(
      yield* inTime(refundTicket(ticket)),
      "in doubt (connection lost), do not refund it by hand"
    )

    const sent = (yield* simulator.requests).filter(({ operation }) => operation === "Orders.refund")
    assert.strictEqual(sent.length, 1)
    assert.deepStrictEqual(yield* simulator.ledger, [])
  }).pipe(Effect.provide(simulated)))
