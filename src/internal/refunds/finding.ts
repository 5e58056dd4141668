/**
 * What a reading of the order says about one refund of it.
 */
import type { Cents } from "../../Money.ts"
import { isRefundable } from "../../OrderStatus.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { Evidence } from "../../RefundEvidence.ts"
import type { RefundReading } from "../../RefundReading.ts"
import { type Reported, reportedOf } from "./reports.ts"

/**
 * - `"silent"`: it shows nothing that could tell;
 * - `"stale"`: it shows less than was known, seen before or reported, so it is older than that, or may be;
 * - `"unchanged"`: no money moved, as far as it shows;
 * - `"applied"`: exactly the amount of the refund moved;
 * - `"reported"`: FlexFactor reported one refund of this amount after it was sent, and no total speaks against it;
 * - `"other"`: another amount moved.
 */
export type Finding = "silent" | "stale" | "unchanged" | "applied" | "reported" | "other"

/**
 * What an order can tell about a refund. Totals show a movement, and that there was none. Without them the status can say
 * yes to a refund of all that was charged; it never says no, because no source says when it changes.
 */
export const speaks = ({ amount, before, charged }: RefundEntry): "totals" | "status" | "nothing" => {
  if (before.refunded !== undefined || before.refundable !== undefined) return "totals"
  return amount === charged && before.status !== undefined && before.status !== "Returned" ? "status" : "nothing"
}

/** What can be refunded is nothing before the capture and after a cancel: that tells nothing of money that moved. */
export const leftOf = ({ refundable, status }: RefundReading): Cents | undefined =>
  status !== undefined && isRefundable(status) === false ? undefined : refundable

/**
 * How many cents went back between what is known and a reading; below zero if the reading is older. What is known to have
 * been left counts whatever status came after it: an entry keeps no other.
 */
const movement = (known: RefundReading, after: RefundReading): number | undefined => {
  if (known.refunded !== undefined && after.refunded !== undefined) return after.refunded - known.refunded
  const left = leftOf(after)
  return known.refundable === undefined || left === undefined ? undefined : known.refundable - left
}

/** The order was not `Returned` before, and is now. */
const isReturnedSince = (entry: RefundEntry, after: RefundReading): boolean =>
  speaks(entry) === "status" && after.status === "Returned"

/** Two reports that fit are one refund too many. Of one that shows no amount, nobody knows whether it is another's. */
const byReports = ({ count, ours, total }: Reported): Finding => {
  if (ours > 1) return "other"
  return ours === 1 && (count === 1 || total !== undefined) ? "reported" : "silent"
}

const withoutTotals = (entry: RefundEntry, evidence: Evidence, reported: Reported): Finding => {
  const finding = byReports(reported)
  return finding === "silent" && isReturnedSince(entry, evidence) ? "applied" : finding
}

/** Where reports account for all that moved, they tell whether this refund is among it; otherwise its amount does. */
const ofMovement = ({ amount }: RefundEntry, moved: number, reported: Reported): Finding => {
  const isAccountedFor = moved === reported.total
  if (moved === amount) return isAccountedFor && reported.ours === 0 ? "other" : "applied"
  return isAccountedFor && byReports(reported) === "reported" ? "reported" : "other"
}

/**
 * The order showed less before the send than had gone back. It was an older reading, or money came back, as of a refund
 * that was returned: then what is seen now can be that this refund went out again.
 */
const mayHideIt = ({ amount, unshown }: RefundEntry): boolean => unshown !== undefined && unshown >= amount

export const findingOf = (entry: RefundEntry, evidence: Evidence): Finding => {
  if (evidence.reports === "unreadable") return "stale"
  const reported = reportedOf(entry, evidence.reports)
  const moved = movement(entry.before, evidence)
  if (moved === undefined) return withoutTotals(entry, evidence, reported)
  const movedSince = entry.latest === undefined ? 0 : movement(entry.latest, evidence) ?? 0
  if (moved < 0 || movedSince < 0) return "stale"
  if (moved === 0) return reported.count > 0 ? "stale" : mayHideIt(entry) ? "silent" : "unchanged"
  return ofMovement(entry, moved, reported)
}
