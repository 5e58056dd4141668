/**
 * What to do next with a refund. This is the only place where it is decided, and it is pure: the same entry, evidence,
 * policy and time give the same step.
 *
 * The rule behind all of it: a refund is sent again only where that cannot double it, and it is settled only by
 * something that says so. Whatever is left stays in doubt.
 */
import type { RefundDoubt } from "../../OrdersError.ts"
import type { ConfirmedBy } from "../../Refund.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import { type Facts, factsOf, type Seen, type Times } from "./facts.ts"
import type { Policy } from "./policy.ts"

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
  // Whatever moved the amount meanwhile, it may have been somebody else, with this one still to come.
  if (facts.stage === "in flight") return waitOrDoubt(facts)
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
