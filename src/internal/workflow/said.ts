/**
 * The verdict that the engine gives of a refund, as an entry: for whoever cannot read the one in the journal.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { RefundRejected } from "../../OrdersError.ts"
import type { RefundReceipt } from "../../Refund.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { RefundNotApplied } from "../../RefundsError.ts"
import type { Intent } from "../refunds/intent.ts"
import type { Refunded } from "../refunds/refund.ts"
import { withDefined } from "../withDefined.ts"

/** How an execution ends with a verdict. */
export type Said = Result.Result<RefundReceipt, RefundRejected | RefundNotApplied>

/** What is in an entry of any verdict. How often it was written and sent is not said, and nothing depends on it any more. */
const entryOf = (
  { key, message, orderId }: Intent,
  { amount, ...verdict }: Pick<RefundEntry, "amount" | "state"> & Partial<RefundEntry>,
  at: DateTime.Utc
): RefundEntry => ({
  key,
  orderId,
  amount,
  revision: 1,
  sends: 1,
  sendEndsAt: at,
  before: { at },
  createdAt: at,
  updatedAt: at,
  ...withDefined({ message }),
  ...verdict
})

const ofReceipt = (intent: Intent, receipt: RefundReceipt): RefundEntry => {
  const { amount, before, confirmedAt, confirmedBy, latest, requestId, responseCode, traceId, transactionId } = receipt
  return entryOf(intent, {
    amount,
    state: "refunded",
    confirmedBy,
    ...(responseCode === undefined ? {} : { answer: "yes" as const, code: responseCode }),
    ...withDefined({ before, latest, requestId, traceId, transactionId })
  }, confirmedAt)
}

/** The refund with that verdict. */
export const settledAsSaid = (intent: Intent, said: Said): Effect.Effect<Refunded> =>
  Effect.map(DateTime.now, (now): Refunded => {
    if (Result.isSuccess(said)) return { entry: ofReceipt(intent, said.success), wasSettled: false }
    const error = said.failure
    const { amount } = error
    if (error._tag === "RefundNotApplied") {
      const { confirmedBy } = error
      return { entry: entryOf(intent, { amount, state: "not applied", confirmedBy }, now), wasSettled: false }
    }
    return { entry: entryOf(intent, { amount, state: "rejected" }, now), rejection: error, wasSettled: false }
  })
