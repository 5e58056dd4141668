/**
 * The same with Node's own test runner and promises, in real time:
 *
 *   node --test refundTicket.node.ts
 */
import { Layer, ManagedRuntime } from "effect"
import { Cents, RefundJournal, RefundKey } from "effect-flexfactor"
import { Fault, FlexFactorSimulator } from "effect-flexfactor/testing"
import assert from "node:assert/strict"
import { test } from "node:test"
import { backend, refundTicket, totals } from "./refundTicket.ts"

const simulated = backend.pipe(
  Layer.provide(RefundJournal.layerMemory),
  Layer.provideMerge(FlexFactorSimulator.layer({ totals }))
)

await test("finds out what became of a refund whose answer was lost", async (t) => {
  const runtime = ManagedRuntime.make(simulated)
  t.after(() => runtime.dispose())
  const simulator = await runtime.runPromise(FlexFactorSimulator.FlexFactorSimulator)
  const order = await runtime.runPromise(simulator.addOrder({ amount: Cents.fromDollars("50.00") }))
  await runtime.runPromise(simulator.failNext("Orders.refund", Fault.connectionLost({ serverActs: true })))

  const ticket = { id: RefundKey.make("ticket-1"), orderId: order.id, amount: Cents.fromDollars("10.00") }
  const answer = await runtime.runPromise(refundTicket(ticket))

  assert.equal(answer, "refunded $10.00")
  assert.equal((await runtime.runPromise(simulator.ledger)).length, 1)
})
