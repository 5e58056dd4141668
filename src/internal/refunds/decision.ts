/**
 * What to do next with a refund. This is the only place where it is decided, and it is pure: the same entry, evidence,
 * policy and time give the same step.
 *
 * The rule behind all of it: a refund is sent again only where that cannot double it, and it is settled only by
 * something that says so. Whatever is left stays in doubt.
 */
import * as DateTime from "effect/DateTime"
import type { RefundDoubt } from "../../OrdersError.ts"
import { isRefundable } from "../../OrderStatus.ts"
import type { ConfirmedBy } from "../../Refund.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { Evidence } from "../../RefundEvidence.ts"
import { type Finding, findingOf, speaks } from "./finding.ts"
import type { Policy } from "./policy.ts"

/** The evidence of this moment, or why there is none: it was not read yet, or it could not be. */
export type Seen = Evidence | "unread" | "unreadable"

/** Now, and since when one call of the caller is at it, in milliseconds. */
export interface Times {
  readonly now: number
  readonly since: number
}

/** What to do next. */
export type Step =
  | { readonly _tag: "Send" }
  | { readonly _tag: "Read" }
  | { readonly _tag: "Wait"; readonly millis: number }
  | { readonly _tag: "Refunded"; readonly by: ConfirmedBy }
  | { readonly _tag: "Rejected" }
  | { readonly _tag: "NotApplied" }
  | { readonly _tag: "InDoubt"; readonly doubt: RefundDoubt }
  | { readonly _tag: "NotRefundable" }
  | { readonly _tag: "ExceedsBalance" }
  | { readonly _tag: "Closed" }

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

const stageOf = ({ sendEndsAt, state }: RefundEntry, now: number): Facts["stage"] => {
  switch (state) {
    case "not sent":
      return "unsent"
    case "preparing":
      return now < DateTime.toEpochMillis(sendEndsAt) ? "in flight" : "unsent"
    case "sending":
      return now < DateTime.toEpochMillis(sendEndsAt) ? "in flight" : "sent"
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

const doubtOf = ({ answer, doubt }: RefundEntry): RefundDoubt => {
  if (answer === "yes") return "not confirmed"
  if (answer === "no") return "doubtful refusal"
  return doubt ?? "interrupted"
}

/**
 * Soon at first, then as long again as it took so far since the send, and at most the gap between two readings that
 * count.
 */
const waitOf = ({ sendEndsAt, updatedAt }: RefundEntry, { readingGap }: Policy, now: number): number => {
  const end = DateTime.toEpochMillis(sendEndsAt)
  const took = now - (now < end ? DateTime.toEpochMillis(updatedAt) : end)
  return Math.min(readingGap, Math.max(1000, took))
}

/**
 * Whether two of this refund do not fit into what the order shows as left, before the send and now, so that the server
 * refuses the second. What the caller says was charged is no guard.
 */
const isGuarded = ({ amount, before: { refundable } }: RefundEntry, seen: Seen): boolean => {
  if (refundable === undefined || seen === "unread" || seen === "unreadable") return false
  return amount > refundable - amount && seen.refundable !== undefined && seen.refundable <= refundable
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

const waitOrDoubt = ({ doubt, hasPatience, wait }: Facts): Step =>
  hasPatience ? { _tag: "Wait", millis: wait } : { _tag: "InDoubt", doubt }

/** Nothing was sent: it is refused here if it would be refused there, and sent otherwise. */
const ofUnsent = ({ exceedsBalance, isRefundable }: Facts): Step => {
  if (!isRefundable) return { _tag: "NotRefundable" }
  return exceedsBalance ? { _tag: "ExceedsBalance" } : { _tag: "Send" }
}

/**
 * Nothing was read since the send. Where the order can tell, it is asked, because an answer is a word: a success can be
 * that of a server that deduplicates, and a refusal that of the second of two deliveries.
 */
const ofUnread = ({ answer, doubt, isFirst, speaks }: Facts): Step => {
  switch (answer) {
    case "yes":
      return speaks === "totals" ? { _tag: "Read" } : { _tag: "Refunded", by: "answer" }
    case "no":
      if (speaks !== "nothing") return { _tag: "Read" }
      return isFirst ? { _tag: "Rejected" } : { _tag: "InDoubt", doubt }
    case "none":
      return { _tag: "Read" }
  }
}

/** The amount moved. If the one send was refused, it was somebody else, or a delivery before the one that was refused. */
const ofApplied = ({ answer, doubt, isFirst }: Facts, by: ConfirmedBy): Step =>
  answer === "no" && isFirst ? { _tag: "InDoubt", doubt } : { _tag: "Refunded", by }

/**
 * FlexFactor's no to the only send, where nothing speaks against it: the order does not show that the amount moved, and
 * the balance was not known to suffice. A no for the balance is that of a second delivery too, so it is checked twice.
 */
const isPlainNo = ({ answer, evidence, isBalanceNo, isFirst, knowsBalance, speaks }: Facts): boolean => {
  if (answer !== "no" || !isFirst) return false
  if (evidence === "silent") return speaks !== "totals"
  return !isBalanceNo || (!knowsBalance && evidence === "unchanged twice")
}

/** Nothing moved. It may still come, unless this is seen twice and the caller's window has passed. */
const ofUnchanged = (facts: Facts): Step => {
  const { answer, evidence, hasSends, isGuarded, window } = facts
  if (isPlainNo(facts)) return { _tag: "Rejected" }
  if (evidence !== "unchanged twice") return waitOrDoubt(facts)
  if (answer === "none" && hasSends && (window === "passed" || isGuarded)) return { _tag: "Send" }
  if (window === "passed" && answer === "yes") return { _tag: "NotApplied" }
  if (window === "passed" && answer === "no") return { _tag: "Rejected" }
  return waitOrDoubt(facts)
}

/** The step that facts lead to. */
export const decideFacts = (facts: Facts): Step => {
  if (facts.stage === "closed") return { _tag: "Closed" }
  if (facts.stage === "unsent") return ofUnsent(facts)
  if (facts.stage === "in flight") {
    if (facts.evidence === "unread") return { _tag: "Read" }
    if (facts.evidence === "applied") return { _tag: "Refunded", by: "evidence" }
    return waitOrDoubt(facts)
  }
  switch (facts.evidence) {
    case "unread":
      return ofUnread(facts)
    case "applied":
      return ofApplied(facts, "evidence")
    case "reported":
      return ofApplied(facts, "webhook")
    case "other":
      return { _tag: "InDoubt", doubt: "other movement" }
    case "unchanged":
    case "unchanged twice":
      return ofUnchanged(facts)
    case "silent":
      return isPlainNo(facts) ? { _tag: "Rejected" } : waitOrDoubt(facts)
    case "unreadable":
      return waitOrDoubt(facts)
  }
}

/** The next step of a refund. */
export const decide = (entry: RefundEntry, seen: Seen, policy: Policy, times: Times): Step =>
  decideFacts(factsOf(entry, seen, policy, times))
