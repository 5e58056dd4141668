import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Exit, Schema } from "effect"
import { Orders } from "../../../src/index.ts"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { cents, show, simulated } from "./setup.ts"

describe("the ledger", () => {
  const Step = Schema.Struct({
    does: Schema.Literals(["refund", "refund in the portal", "cancel", "cancel by external id", "capture"]),
    order: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 })),
    amount: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 4000 }))
  })
  const steps = Arbitrary.array(Arbitrary.schema(Step), { maxLength: 25 })
  const options = Arbitrary.schema(Schema.Struct({
    repeatedRefunds: Schema.Literals(["additive", "once per order", "once per order and amount"]),
    largestPartialRefund: Schema.Literals([0.3, 0.6, 1])
  }))

  it.effect.prop(
    "agrees with the orders after any sequence of refunds, portal refunds and cancels",
    { steps, options },
    ({ options, steps }) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const orders = yield* Orders
        const held = yield* Effect.forEach([5000, 3000, 1999], (amount, index) =>
          simulator.addOrder({ amount: cents(amount), status: index === 1 ? "Capturerequired" : "Completed" }))
        let receipts = 0
        let portal = 0
        for (const step of steps) {
          const order = held[step.order]
          if (order === undefined) {
            continue
          }
          const { externalId, id } = order
          const amount = cents(step.amount)
          switch (step.does) {
            case "refund":
              receipts += Exit.isSuccess(yield* Effect.exit(orders.refund(id, { amount }))) ? step.amount : 0
              break
            case "refund in the portal":
              portal += Exit.isSuccess(yield* Effect.exit(simulator.refundInPortal(id, amount))) ? step.amount : 0
              break
            case "cancel":
              yield* Effect.ignore(orders.cancel(id))
              break
            case "cancel by external id":
              yield* Effect.ignore(orders.cancelByExternalId(externalId))
              break
            case "capture":
              if ((yield* show(id))?.status === "Capturerequired") {
                yield* simulator.setStatus(id, "Completed")
              }
          }
          for (const now of yield* simulator.orders) {
            const total = (yield* simulator.ledger)
              .filter((entry) =>
                entry.orderId === now.id
              )
              .reduce((sum, entry) => sum + entry.amount, 0)
            assert.strictEqual(now.refunded, total)
            assert.isAtMost(total, now.amount)
            assert.isTrue((yield* simulator.ledger).every((entry) => entry.amount > 0))
            const left = yield* simulator.refundable(now.id)
            assert.isTrue(left === now.amount - total || (left === 0 && now.status !== "Completed"))
            if (now.status === "Cancelled") assert.strictEqual(total, 0)
          }
        }
        const total = (yield* simulator.ledger).reduce((sum, entry) => sum + entry.amount, 0)
        if (options.repeatedRefunds === "additive") assert.strictEqual(total, receipts + portal)
        else assert.isAtMost(total, receipts + portal)
      }).pipe(simulated(options)),
    { arbitrary: { runs: 60, seed: "ledger" } }
  )
})
