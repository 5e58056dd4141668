/**
 * Reads the amount that an event shows, from the field that the caller named.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Cents, CentsFromDollars } from "../../Money.ts"
import type { AmountOptions, WebhookEvent } from "../../WebhookEvent.ts"
import { ownValue } from "../jsonObject.ts"

const fromCents = Schema.decodeUnknownOption(Cents)
const fromDollars = Schema.decodeUnknownOption(CentsFromDollars)

/** A decimal text is as good as a number, as long as it is a plain one. */
const toNumber = (value: unknown): unknown =>
  typeof value === "string" && /^\d{1,14}(\.\d{1,2})?$/.test(value) ? Number(value) : value

/** An amount that is missing or cannot be read exactly is absent. */
export const readAmount = (event: WebhookEvent, { amount, unit }: AmountOptions): Cents | undefined => {
  if (typeof amount === "function") {
    return Option.getOrUndefined(Option.flatMap(Option.liftThrowable(amount)(event), fromCents))
  }
  const value = event.data === undefined ? undefined : toNumber(ownValue(event.data, amount))
  return Option.getOrUndefined(unit === "cents" ? fromCents(value) : fromDollars(value))
}
