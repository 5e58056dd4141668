/**
 * What an entry of the journal means for the caller: the receipt, or the error.
 */
import * as Effect from "effect/Effect"
import { type RefundDoubt, RefundOutcomeUnknown, RefundRejected } from "../../OrdersError.ts"
import type { RefundReceipt } from "../../Refund.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import { RefundBlocked, RefundNotApplied } from "../../RefundsError.ts"
import { withDefined } from "../withDefined.ts"
import { doubtOf } from "./facts.ts"

const idsOf = ({ requestId, traceId }: RefundEntry) => withDefined({ traceId, requestId })

const seenOf = ({ before, key, latest }: RefundEntry) => ({ key, before, ...withDefined({ latest }) })

/** A refund in doubt, with the evidence seen so far. */
export const outcomeUnknown = (entry: RefundEntry, doubt?: RefundDoubt): RefundOutcomeUnknown => {
  const { amount, code, orderId, status } = entry
  return new RefundOutcomeUnknown({
    orderId,
    amount,
    doubt: doubt ?? entry.doubt ?? doubtOf(entry),
    ...withDefined({ status, code }),
    ...idsOf(entry),
    ...seenOf(entry)
  })
}

const receipt = (entry: RefundEntry): RefundReceipt => {
  const { amount, answer, code, confirmedBy, orderId, transactionId, updatedAt } = entry
  return {
    orderId,
    amount,
    confirmedBy: confirmedBy ?? "answer",
    confirmedAt: updatedAt,
    ...withDefined({ transactionId, responseCode: answer === "yes" ? code : undefined }),
    ...idsOf(entry),
    ...seenOf(entry)
  }
}

const rejected = (entry: RefundEntry): RefundRejected => {
  const { amount, code, orderId, status } = entry
  return new RefundRejected({
    orderId,
    amount,
    // A journal of one's own may not keep the status; the envelope decided, and it comes with 200 (assumed).
    status: status ?? 200,
    ...withDefined({ code }),
    ...idsOf(entry)
  })
}

/**
 * The verdict of an entry. One that was not sent has none, and its error is known to whoever tried. A rejection that was
 * just heard still has FlexFactor's words.
 */
export const verdictOf = (
  entry: RefundEntry,
  heard?: RefundRejected
): Effect.Effect<RefundReceipt, RefundRejected | RefundNotApplied | RefundOutcomeUnknown | RefundBlocked> => {
  const { amount, confirmedBy, key, orderId } = entry
  switch (entry.state) {
    case "refunded":
      return Effect.succeed(receipt(entry))
    case "rejected":
      return Effect.fail(heard ?? rejected(entry))
    case "not applied":
      return Effect.fail(new RefundNotApplied({ key, orderId, amount, confirmedBy: confirmedBy ?? "evidence" }))
    case "preparing":
      return Effect.fail(new RefundBlocked({ key, orderId, blockedBy: key }))
    case "sending":
    case "in doubt":
    case "not sent":
      return Effect.fail(outcomeUnknown(entry))
  }
}
