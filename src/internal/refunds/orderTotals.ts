/**
 * Reads the money that an order shows, from the fields that the caller named.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Cents, CentsFromDollars } from "../../Money.ts"
import type { Order } from "../../Order.ts"
import type { AmountField, OrderTotals } from "../../RefundEvidence.ts"
import { ownValue } from "../jsonObject.ts"
import { withDefined } from "../withDefined.ts"

const fromCents = Schema.decodeUnknownOption(Cents)
const fromDollars = Schema.decodeUnknownOption(CentsFromDollars)

/** A decimal text is as good as a number, as long as it is a plain one. */
const toNumber = (value: unknown): unknown =>
  typeof value === "string" && /^\d{1,14}(\.\d{1,2})?$/.test(value) ? Number(value) : value

const readAmount = (field: AmountField | undefined, unit: OrderTotals["unit"], order: Order): Cents | undefined => {
  if (field === undefined) return undefined
  if (typeof field === "function") {
    return Option.getOrUndefined(Option.flatMap(Option.liftThrowable(field)(order), fromCents))
  }
  const value = toNumber(ownValue(order.extra, field))
  return Option.getOrUndefined(unit === "cents" ? fromCents(value) : fromDollars(value))
}

/** What an order shows. An amount that is missing or cannot be read exactly is absent. */
export const readTotals = (
  { charged, refundable, refunded, unit }: OrderTotals,
  order: Order
): { readonly refunded?: Cents; readonly refundable?: Cents } => {
  const back = readAmount(refunded, unit, order)
  const price = readAmount(charged, unit, order)
  const left = readAmount(refundable, unit, order)
    ?? (price === undefined || back === undefined || back > price ? undefined : Cents.make(price - back))
  return withDefined({ refunded: back, refundable: left })
}
