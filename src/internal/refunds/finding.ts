/**
 * What a reading of the order says about one refund of it.
 */
import * as DateTime from "effect/DateTime"
import { isRefundable } from "../../OrderStatus.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { Evidence } from "../../RefundEvidence.ts"
import type { RefundReading } from "../../RefundReading.ts"

/**
 * - `"silent"`: it shows nothing that could tell;
 * - `"stale"`: it shows less than was known or seen before, so it is older than that;
 * - `"unchanged"`: no money moved, as far as it shows;
 * - `"applied"`: exactly the amount of the refund moved;
 * - `"reported"`: no total shows it, and FlexFactor reported a refund of this amount after it was sent;
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

/** How many cents went back between two readings; below zero if the second is older. */
const movement = (before: RefundReading, after: RefundReading): number | undefined => {
  if (before.refunded !== undefined && after.refunded !== undefined) return after.refunded - before.refunded
  if (before.refundable !== undefined && after.refundable !== undefined) return before.refundable - after.refundable
  return undefined
}

/** The order was not `Returned` before, and is now. */
const isReturnedSince = (entry: RefundEntry, after: RefundReading): boolean =>
  speaks(entry) === "status" && after.status === "Returned"

/** A report counts if it has the amount and is about the time after the first send, and there is no other one. */
const isReported = ({ amount, before }: RefundEntry, reports: Evidence["reports"]): boolean => {
  const since = (reports ?? []).filter(({ at }) => DateTime.isGreaterThan(at, before.at))
  return since.length === 1 && since[0]?.amount === amount
}

/** What can be refunded is nothing before the capture and after a cancel: that is no movement of money. */
const hidesMovement = ({ refunded, status }: RefundReading): boolean =>
  refunded === undefined && status !== undefined && isRefundable(status) === false

const withoutTotals = (entry: RefundEntry, evidence: Evidence): Finding => {
  if (isReported(entry, evidence.reports)) return "reported"
  return isReturnedSince(entry, evidence) ? "applied" : "silent"
}

export const findingOf = (entry: RefundEntry, evidence: Evidence): Finding => {
  const moved = movement(entry.before, evidence)
  if (moved === undefined || hidesMovement(evidence)) return withoutTotals(entry, evidence)
  const movedSince = entry.latest === undefined ? 0 : movement(entry.latest, evidence) ?? 0
  if (moved < 0 || movedSince < 0) return "stale"
  if (moved === 0) return "unchanged"
  return moved === entry.amount ? "applied" : "other"
}
