/**
 * Readings: of the money that an order shows, from the fields that the caller named, and two as one.
 */
import * as DateTime from "effect/DateTime"
import { Cents } from "../../Money.ts"
import type { Order } from "../../Order.ts"
import type { AmountField, Evidence, OrderTotals } from "../../RefundEvidence.ts"
import { readAmount } from "../amount.ts"
import { withDefined } from "../withDefined.ts"

/** What an order shows. An amount that is missing or cannot be read exactly is absent. */
export const readTotals = (
  { charged, refundable, refunded, unit }: OrderTotals,
  order: Order
): { readonly refunded?: Cents; readonly refundable?: Cents } => {
  const read = (field: AmountField | undefined) =>
    field === undefined ? undefined : readAmount(order, order.extra, { field, unit })
  const back = read(refunded)
  const price = read(charged)
  const left = read(refundable)
    ?? (price === undefined || back === undefined || back > price ? undefined : Cents.make(price - back))
  return withDefined({ refunded: back, refundable: left })
}

/** The earlier time counts: what both say was so at that time or later. */
export const combineReadings = (first: Evidence, second: Evidence): Evidence => ({
  ...withDefined(second),
  ...withDefined(first),
  at: DateTime.min(first.at, second.at),
  reports: first.reports === "unreadable" || second.reports === "unreadable"
    ? "unreadable"
    : [...first.reports ?? [], ...second.reports ?? []]
})
