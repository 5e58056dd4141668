/**
 * What FlexFactor's reports say about one refund. A report names its order, and no refund: it is told by its time and its
 * amount, and by the other refunds that it may be about.
 */
import * as DateTime from "effect/DateTime"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { RefundReport } from "../../RefundEvidence.ts"

const fits = ({ amount, fitsAnyAmount }: RefundReport, refund: RefundEntry): boolean =>
  amount === undefined ? fitsAnyAmount === true : amount === refund.amount

const isSince = ({ at }: RefundReport, { before }: RefundEntry): boolean =>
  DateTime.isGreaterThanOrEqualTo(at, before.at)

/**
 * The reports that no other refund of the order accounts for. A report can come late and be dated late, so every refund
 * that was sent, whatever was said of it, claims one that may be its own, if there is any: the earliest. Among several
 * refunds, one that shows no amount could be anybody's.
 */
export const unclaimed = (
  reports: ReadonlyArray<RefundReport>,
  others: ReadonlyArray<RefundEntry>
): ReadonlyArray<RefundReport> => {
  const sent = others.filter(({ sends }) => sends > 0)
  if (sent.length === 0) return reports
  const left = reports.map((report) => report.amount === undefined ? { at: report.at } : report)
    .toSorted((a, b) => DateTime.Order(a.at, b.at))
  for (const other of sent) {
    const claimed = left.findIndex((report) => isSince(report, other) && fits(report, other))
    if (claimed !== -1) left.splice(claimed, 1)
  }
  return left
}

/**
 * What reports say that nobody else claims:
 *
 * - `count`: how many there are since the order was read before the send;
 * - `ours`: how many of them fit the refund;
 * - `total`: the cents of all of them, if all show some.
 */
export interface Reported {
  readonly count: number
  readonly ours: number
  readonly total: number | undefined
}

export const reportedOf = (refund: RefundEntry, reports: ReadonlyArray<RefundReport> = []): Reported => {
  const since = reports.filter((report) => isSince(report, refund))
  return {
    count: since.length,
    ours: since.filter((report) => fits(report, refund)).length,
    total: since.reduce<number | undefined>(
      (sum, { amount }) => sum === undefined || amount === undefined ? undefined : sum + amount,
      0
    )
  }
}
