/**
 * The entry of a refund after something happened to it. Each function makes the next entry of one that is given, and
 * decides nothing.
 */
import * as DateTime from "effect/DateTime"
import * as Struct from "effect/Struct"
import type { RefundDoubt, RefundOutcomeUnknown, RefundRejected } from "../../OrdersError.ts"
import type { ConfirmedBy, RefundReceipt } from "../../Refund.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { Evidence } from "../../RefundEvidence.ts"
import type { RefundReading } from "../../RefundReading.ts"
import { withDefined } from "../withDefined.ts"
import type { Step } from "./decision.ts"
import { findingOf, leftOf } from "./finding.ts"

/** What is known of the order after a reading. A total that it does not tell is as an earlier one told it. */
const latestOf = ({ latest }: RefundEntry, evidence: Evidence): RefundReading => {
  const { at, refunded = latest?.refunded, status } = evidence
  return { at, ...withDefined({ refundable: leftOf(evidence) ?? latest?.refundable, refunded, status }) }
}

/** It is about to be sent, and may be on its way until the time given. What was said of an earlier send is not said of it. */
export const sending = (
  entry: RefundEntry,
  sendId: number,
  now: DateTime.Utc,
  sendEndsAt: DateTime.Utc
): RefundEntry => ({
  ...Struct.omit(entry, ["doubt", "unchangedSince", "code", "status", "transactionId", "traceId", "requestId"]),
  state: "sending",
  sends: entry.sends + 1,
  sendId,
  sendEndsAt,
  updatedAt: now
})

/** It was prepared, and nothing was sent: the order is free again. */
export const released = (entry: RefundEntry, now: DateTime.Utc): RefundEntry => ({
  ...entry,
  state: "not sent",
  revision: entry.revision + 1,
  sendEndsAt: now,
  updatedAt: now
})

const ended = (entry: RefundEntry, now: DateTime.Utc): RefundEntry => ({
  ...entry,
  state: "in doubt",
  sendEndsAt: now,
  updatedAt: now
})

/** FlexFactor said yes. */
export const answeredYes = (entry: RefundEntry, receipt: RefundReceipt, now: DateTime.Utc): RefundEntry => ({
  ...ended(entry, now),
  answer: "yes",
  ...withDefined({
    code: receipt.responseCode,
    transactionId: receipt.transactionId,
    traceId: receipt.traceId,
    requestId: receipt.requestId
  })
})

const idsOf = ({ code, requestId, status, traceId }: RefundRejected | RefundOutcomeUnknown) =>
  withDefined({ code, requestId, status, traceId })

/** FlexFactor said no. */
export const answeredNo = (entry: RefundEntry, error: RefundRejected, now: DateTime.Utc): RefundEntry => ({
  ...ended(entry, now),
  answer: "no",
  ...idsOf(error)
})

/** It was sent, and the answer is lost. */
export const unanswered = (entry: RefundEntry, error: RefundOutcomeUnknown, now: DateTime.Utc): RefundEntry => ({
  ...ended(entry, now),
  doubt: error.doubt,
  ...idsOf(error)
})

/** It was sent, and not even the failure is known. */
export const abandoned = (entry: RefundEntry, doubt: RefundDoubt, now: DateTime.Utc): RefundEntry => ({
  ...ended(entry, now),
  doubt
})

/**
 * This send was provably not carried out. If it was the first, nothing was ever sent. If not, the doubt about the sends
 * before is as it was.
 */
export const notSent = (entry: RefundEntry, before: RefundEntry, now: DateTime.Utc): RefundEntry =>
  before.state === "not sent"
    ? { ...entry, state: "not sent", sends: before.sends, sendEndsAt: now, updatedAt: now }
    : { ...before, ...withDefined({ latest: entry.latest }), revision: entry.revision, updatedAt: now }

/**
 * The order was read. A reading that is older than an earlier one changes nothing. Readings count as unchanged only from
 * the end of the last send on.
 */
export const observed = (entry: RefundEntry, evidence: Evidence): RefundEntry => {
  const finding = findingOf(entry, evidence)
  if (finding === "stale") return entry
  const isUnchanged = finding === "unchanged" && DateTime.isGreaterThanOrEqualTo(evidence.at, entry.sendEndsAt)
  return {
    ...entry,
    latest: latestOf(entry, evidence),
    ...(isUnchanged && entry.unchangedSince === undefined ? { unchangedSince: evidence.at } : {})
  }
}

/** It is settled. */
export const settled = (
  entry: RefundEntry,
  state: "refunded" | "rejected" | "not applied",
  confirmedBy: ConfirmedBy,
  now: DateTime.Utc
): RefundEntry => ({ ...entry, state, confirmedBy, updatedAt: now })

/** What a step settles; `undefined` if it settles nothing. */
export const settledBy = (entry: RefundEntry, step: Step, now: DateTime.Utc): RefundEntry | undefined => {
  switch (step._tag) {
    case "Refunded":
      return settled(entry, "refunded", step.by, now)
    case "Rejected":
      return settled(entry, "rejected", "answer", now)
    case "NotApplied":
      return settled(entry, "not applied", "evidence", now)
    default:
      return undefined
  }
}

/** It stays in doubt for now. */
export const inDoubt = (entry: RefundEntry, doubt: RefundDoubt, now: DateTime.Utc): RefundEntry => ({
  ...entry,
  state: "in doubt",
  doubt,
  updatedAt: now
})
