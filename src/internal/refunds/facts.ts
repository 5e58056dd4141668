/**
 * The facts from which it is decided what to do next with a refund: what is known of it, in few values.
 */
import * as DateTime from "effect/DateTime"
import type { RefundDoubt } from "../../OrdersError.ts"
import { isRefundable } from "../../OrderStatus.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { Evidence } from "../../RefundEvidence.ts"
import { type Finding, findingOf, leftOf, speaks } from "./finding.ts"
import type { Policy } from "./policy.ts"

/** The evidence of this moment, or why there is none: it was not read yet, or it could not be. */
export type Seen = Evidence | "unread" | "unreadable"

/** Now, and since when one call of the caller is at it, in milliseconds. */
export interface Times {
  readonly now: number
  readonly since: number
}

/**
 * The facts that decide, each of few values, so that a test can go through all their combinations.
 *
 * - `stage`: `"unsent"`, `"in flight"` (maybe in another process), `"sent"`, or `"closed"`.
 * - `answer`: FlexFactor's word on the last send that it answered. `isFirst`: whether it was sent only once.
 * - `isBalanceNo`: the no was that the balance does not suffice. `knowsBalance`: whether it was known to suffice.
 * - `evidence`: what is seen now. `"unchanged twice"` is unchanged in two readings that lie far enough apart.
 * - `speaks`: what the order can tell: totals, its status alone, or nothing.
 * - `window`: whether the time has passed that the caller says the vendor takes at most, when the reading was made.
 * - `isGuarded`: twice the amount is more than is left, so that the server itself refuses the second of two.
 * - `hasSends`, `hasPatience`: whether it may be sent once more, and waited for once more.
 */
export interface Facts {
  readonly stage: "unsent" | "in flight" | "sent" | "closed"
  readonly isRefundable: boolean
  readonly exceedsBalance: boolean
  readonly answer: "none" | "yes" | "no"
  readonly isFirst: boolean
  readonly isBalanceNo: boolean
  readonly knowsBalance: boolean
  readonly evidence: Exclude<Finding, "stale"> | "unchanged twice" | "unread" | "unreadable"
  readonly speaks: "totals" | "status" | "nothing"
  readonly window: "none" | "open" | "passed"
  readonly isGuarded: boolean
  readonly hasSends: boolean
  readonly hasPatience: boolean
  readonly doubt: RefundDoubt
  readonly wait: number
}

/** How far the clocks of two machines may be apart, in milliseconds. */
const clockTolerance = 60_000

/** Whether a worker is at a refund. Who wrote that at a later time than now had a wrong clock, and may hold it for years. */
const isHeld = ({ sendEndsAt, updatedAt }: RefundEntry, now: number): boolean =>
  now < DateTime.toEpochMillis(sendEndsAt) && now >= DateTime.toEpochMillis(updatedAt) - clockTolerance

/** Where a refund stands at a time, in milliseconds. What is not ended when others may take it over is nobody's. */
export const stageOf = (entry: RefundEntry, now: number): Facts["stage"] => {
  switch (entry.state) {
    case "not sent":
      return "unsent"
    case "preparing":
      return isHeld(entry, now) ? "in flight" : "unsent"
    case "sending":
      return isHeld(entry, now) ? "in flight" : "sent"
    case "in doubt":
      return "sent"
    case "refunded":
    case "rejected":
    case "not applied":
      return "closed"
  }
}

const evidenceOf = (entry: RefundEntry, seen: Seen, policy: Policy): Facts["evidence"] => {
  if (seen === "unread" || seen === "unreadable") return seen
  const finding = findingOf(entry, seen)
  if (finding === "stale") return "unreadable"
  if (finding !== "unchanged" || entry.unchangedSince === undefined) return finding
  return DateTime.toEpochMillis(seen.at) - DateTime.toEpochMillis(entry.unchangedSince) >= policy.readingGap
    ? "unchanged twice"
    : "unchanged"
}

const windowOf = ({ sendEndsAt }: RefundEntry, seen: Seen, { settleWindow }: Policy): Facts["window"] => {
  if (settleWindow === undefined) return "none"
  if (seen === "unread" || seen === "unreadable") return "open"
  return DateTime.toEpochMillis(seen.at) >= DateTime.toEpochMillis(sendEndsAt) + settleWindow ? "passed" : "open"
}

/** Why a refund is in doubt that nothing has settled. */
export const doubtOf = ({ answer, doubt }: RefundEntry): RefundDoubt => {
  if (answer === "yes") return "not confirmed"
  if (answer === "no") return "doubtful refusal"
  return doubt ?? "interrupted"
}

/**
 * Soon at first, then as long again as it took so far, and at most the longest wait. It took since the first reading after
 * the send that shows no movement, if there is one: whoever comes back after hours need not wait for hours to read again.
 */
const waitOf = ({ sendEndsAt, unchangedSince, updatedAt }: RefundEntry, policy: Policy, now: number): number => {
  const end = DateTime.toEpochMillis(sendEndsAt)
  const since = now < end ? updatedAt : unchangedSince ?? sendEndsAt
  return Math.min(policy.longestWait, Math.max(1000, now - DateTime.toEpochMillis(since)))
}

/**
 * Whether two of this refund do not fit into what the order shows as left, before the send and now, so that the server
 * refuses the second. What the caller says was charged is no guard.
 */
const isGuarded = ({ amount, before: { refundable } }: RefundEntry, seen: Seen): boolean => {
  if (refundable === undefined || seen === "unread" || seen === "unreadable") return false
  const left = leftOf(seen)
  return amount > refundable - amount && left !== undefined && left <= refundable
}

/** FlexFactor's code for an amount that is more than can be refunded (observed). */
const exceedsMaximum = "2001"

export const factsOf = (entry: RefundEntry, seen: Seen, policy: Policy, { now, since }: Times): Facts => {
  const wait = waitOf(entry, policy, now)
  return {
    stage: stageOf(entry, now),
    isRefundable: entry.before.status === undefined || isRefundable(entry.before.status) !== false,
    exceedsBalance: entry.balance !== undefined && entry.amount > entry.balance,
    answer: entry.answer ?? "none",
    isFirst: entry.sends <= 1,
    isBalanceNo: entry.code === exceedsMaximum,
    knowsBalance: entry.balance !== undefined,
    evidence: evidenceOf(entry, seen, policy),
    speaks: speaks(entry),
    window: windowOf(entry, seen, policy),
    isGuarded: isGuarded(entry, seen),
    hasSends: entry.sends < policy.maximumSends,
    hasPatience: now + wait <= since + policy.patience,
    doubt: doubtOf(entry),
    wait
  }
}
