/**
 * A user's program: it refunds, loses an answer, settles by the journal, and verifies a webhook, all on the simulator.
 * It prints what became of each.
 */
import { Console, Effect, Layer, Redacted } from "effect"
import { Cents, Orders, RefundEvidence, RefundJournal, RefundKey, Refunds, Webhook } from "effect-flexfactor"
import { Fault, FlexFactorSimulator, signWebhook } from "effect-flexfactor/testing"

const endpoint = { key: Redacted.make("a2V5IG9mIHRoZSBlbmRwb2ludCwgMzIgYnl0ZXMgbG9uZw=="), host: "shop.example" }

const program = Effect.gen(function*() {
  const orders = yield* Orders
  const refunds = yield* Refunds.Refunds
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const { id } = yield* simulator.addOrder({ amount: Cents.fromDollars("50.00") })

  const receipt = yield* orders.refund(id, { amount: Cents.fromDollars("10.00") })
  yield* Console.log("refunded", Cents.toDollars(receipt.amount))

  yield* simulator.failNext("Orders.refund", Fault.connectionLost({ serverActs: true }))
  const error = yield* Effect.flip(orders.refund(id, { amount: Cents.fromDollars("5.00") }))
  yield* Console.log(error._tag)

  yield* simulator.failNext("Orders.refund", Fault.connectionLost({ serverActs: true }))
  const settled = yield* refunds.refund({ key: RefundKey.make("ticket-1"), orderId: id, amount: Cents.make(100) })
  yield* Console.log("confirmed by", settled.confirmedBy)

  const delivery = yield* signWebhook({ ...endpoint, event: { event: "order.refunded" } })
  const { body } = yield* Webhook.verify(delivery, endpoint)
  const { event } = yield* Webhook.decode(body)
  yield* Console.log("received", event)
})

const layer = Refunds.layer().pipe(
  Layer.provide([RefundJournal.layerMemory, RefundEvidence.fromOrder({ refunded: "amountRefunded" })]),
  Layer.provideMerge(FlexFactorSimulator.layer({ totals: { refunded: "amountRefunded" } }))
)

await Effect.runPromise(Effect.provide(program, layer))
