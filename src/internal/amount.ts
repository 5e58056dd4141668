/**
 * Reads an amount from where the caller says it is.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Cents, CentsFromDollars } from "../Money.ts"
import { type JsonObject, ownValue } from "./jsonObject.ts"

/** Where an amount is shown: the name of a field, or a function of the whole. */
interface AmountPlace<Shown> {
  readonly field: string | ((shown: Shown) => Cents | undefined)
  readonly unit: "cents" | "dollars" | undefined
}

const fromCents = Schema.decodeUnknownOption(Cents)
const fromDollars = Schema.decodeUnknownOption(CentsFromDollars)

/** A decimal text is as good as a number, as long as it is a plain one. */
const toNumber = (value: unknown): unknown =>
  typeof value === "string" && /^\d{1,14}(\.\d{1,2})?$/.test(value) ? Number(value) : value

/** An amount that is missing or cannot be read exactly is absent. */
export const readAmount = <Shown>(
  shown: Shown,
  fields: JsonObject | undefined,
  { field, unit }: AmountPlace<Shown>
): Cents | undefined => {
  if (typeof field === "function") {
    return Option.getOrUndefined(Option.flatMap(Option.liftThrowable(field)(shown), fromCents))
  }
  const value = fields === undefined ? undefined : toNumber(ownValue(fields, field))
  return Option.getOrUndefined(unit === "cents" ? fromCents(value) : fromDollars(value))
}
