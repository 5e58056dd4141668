/**
 * A tiny backend: a support agent refunds a ticket.
 */
import { Effect, Layer } from "effect"
import { Cents, type OrderId, RefundEvidence, type RefundKey, Refunds } from "effect-flexfactor"

/** What the agent wants. The id of the ticket is the key of its refund: pressed twice, it is the same refund. */
export interface Ticket {
  readonly id: RefundKey
  readonly orderId: OrderId
  readonly amount: Cents
}

/** Refunds a ticket, and says in a sentence what became of the money. */
export const refundTicket = Effect.fn("refundTicket")(
  function*({ amount, id, orderId }: Ticket) {
    const refunds = yield* Refunds.Refunds
    const receipt = yield* refunds.refund({ key: id, orderId, amount })
    return `refunded $${Cents.toDollars(receipt.amount)}`
  },
  Effect.catchTags({
    // Money may have moved. The journal keeps it under its key: pressed again later, the button finds out.
    RefundOutcomeUnknown: (error) => Effect.succeed(`in doubt (${error.doubt}), do not refund it by hand`),
    RefundRejected: (error) => Effect.succeed(`refused by FlexFactor, code ${error.code ?? "unknown"}`),
    RefundExceedsBalance: (error) => Effect.succeed(`only $${Cents.toDollars(error.balance)} are left to refund`)
  })
)
// All other errors stay in the type of `refundTicket`. With each of them, this call moved no money.

/** The names under which orders show their money: look at an order of your own that was refunded partly. */
export const totals = { charged: "amount", refunded: "amountRefunded" } as const

/** The backend without its two ends: FlexFactor, and the journal in which refunds are written down. */
export const backend = Refunds.layer().pipe(Layer.provide(RefundEvidence.fromOrder(totals)))
