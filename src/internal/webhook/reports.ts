/**
 * The refunds that events report, each once.
 */
import type { RefundReport, ReportOptions } from "../../RefundEvidence.ts"
import { isAboutRefund, type WebhookEvent } from "../../WebhookEvent.ts"
import { readAmount } from "../amount.ts"
import { ownFields, ownValue } from "../jsonObject.ts"

/** Whether there is something where the amount should be, also if it cannot be read. */
const showsAmount = ({ data }: WebhookEvent, field: ReportOptions["amount"]): boolean =>
  typeof field === "string" && data !== undefined && (ownValue(data, field) ?? null) !== null

const reportOf = (event: WebhookEvent, { amount: field, unit, withoutAmount }: ReportOptions): RefundReport => {
  const amount = field === undefined ? undefined : readAmount(event, event.data, { field, unit })
  return amount === undefined
    ? { at: event.at, fitsAnyAmount: withoutAmount === "refunded" && !showsAmount(event, field) }
    : { at: event.at, amount }
}

/** One that is sent again may be another delivery of one that is there, with another date. */
const addResent = (reports: ReadonlyArray<RefundReport>, resent: RefundReport): ReadonlyArray<RefundReport> =>
  reports.some(({ amount }) => amount === resent.amount) ? reports : [...reports, resent]

export const readReports = (
  events: ReadonlyArray<WebhookEvent>,
  options: ReportOptions
): ReadonlyArray<RefundReport> => {
  const refunded = events.map(ownFields).filter(isAboutRefund)
  const first = refunded.filter(({ isResent }) => isResent !== true).map((event) => reportOf(event, options))
  const resent = refunded.filter(({ isResent }) => isResent === true).map((event) => reportOf(event, options))
  return resent.reduce(addResent, first)
}
