/**
 * Amounts of money. Inside a program an amount is an exact integer of cents; a decimal exists only on the wire.
 * No step does floating-point arithmetic.
 */
import * as BigDecimal from "effect/BigDecimal"
import type * as Brand from "effect/Brand"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { branded } from "./internal/branded.ts"

const schema = branded(
  "Cents",
  // Not `Finite`, whose message would hide which rule NaN and Infinity break.
  // @effect-diagnostics-next-line schemaNumber:off
  Schema.Number.check(Schema.makeFilter((cents: number) => {
    if (Number.isNaN(cents)) return "must be a number, not NaN"
    if (!Number.isInteger(cents)) return "must be a whole number of cents"
    if (cents < 0 || Object.is(cents, -0)) return "must not be negative"
    if (!Number.isSafeInteger(cents)) return "must not be larger than Number.MAX_SAFE_INTEGER"
    return undefined
  })).pipe(Schema.brand("Cents")).annotate({ identifier: "Cents" })
)

/**
 * The type of the constant `Cents`, as declarations name it: a schema of branded numbers, with conversions from and to
 * decimal dollars.
 */
// Not `Finite`, as the schema above.
// @effect-diagnostics-next-line schemaNumber:off
export interface CentsSchema extends Schema.brand<Schema.Number, "Cents"> {
  readonly fromDollars: (dollars: string | number) => Cents
  readonly toDollars: (cents: Cents) => string
}

/** An amount of US dollars in cents: a whole number, zero or more. */
export type Cents = number & Brand.Brand<"Cents">

const tooLarge = "must not be larger than 90071992547409.91"

/** Reads a decimal amount of dollars, or says in words which rule it breaks. */
const parseDollars = (dollars: string | number): Result.Result<Cents, string> => {
  const text = String(dollars)
  if (text.startsWith("-") || Object.is(dollars, -0)) return Result.fail("must not be negative")
  if (/^\d+(\.\d*)?e/i.test(text)) return Result.fail("must not be written with an exponent")
  if (/^\d+\.\d{3,}$/.test(text)) return Result.fail("must not have more than two decimals")
  if (/^0*[1-9]\d{14,}(\.\d{1,2})?$/.test(text)) return Result.fail(tooLarge)
  if (!/^\d{1,14}(\.\d{1,2})?$/.test(text)) return Result.fail("must be a decimal amount such as \"19.99\"")
  return BigDecimal.fromString(text).pipe(
    Option.map((amount) => Number(BigDecimal.scale(amount, 2).value)),
    Option.flatMap(Schema.decodeUnknownOption(schema)),
    Result.fromOption(() => tooLarge)
  )
}

const toDollars = (cents: number): string => {
  const digits = String(cents).padStart(3, "0")
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Up to fifteen digits, no two amounts share one double, and what JSON prints of it reads back as the same cents. */
const fitsJson = (cents: number): boolean => cents < 1e15

/**
 * An amount of US dollars in cents: a whole number, zero or more, up to `Number.MAX_SAFE_INTEGER`.
 *
 * - `Cents.make(1999)` takes cents and throws an error that names the broken rule.
 * - `Cents.fromDollars("19.99")` takes decimal dollars, exactly: a third decimal, an exponent, `NaN`, a sign or a
 *   thousands separator is refused, never rounded.
 * - `Cents.toDollars(cents)` prints decimal dollars: `"19.99"`.
 *
 * FlexFactor documents refunds in dollars only; currencies without cents are not documented.
 *
 * @example
 * ```ts
 * import { Cents } from "effect-flexfactor"
 *
 * const price = Cents.fromDollars("19.99") // 1999
 * const label = Cents.toDollars(price) // "19.99"
 * ```
 */
export const Cents: CentsSchema = Object.assign(schema, {
  fromDollars: (dollars: string | number): Cents =>
    Result.getOrThrowWith(parseDollars(dollars), (rule) => new Error(`Cents.fromDollars: the amount ${rule}`)),
  toDollars
})

/**
 * Cents as FlexFactor's refund body writes them: a JSON number of dollars with at most two decimals
 * (documented: `amountToRefund`). Reading and writing are exact or fail; `19.990000000000002` is refused.
 */
export const CentsFromDollars = Schema.Finite.pipe(
  Schema.decodeTo(
    schema,
    SchemaTransformation.transformEffect<number, number>({
      decode: (dollars, options) =>
        Effect.mapError(
          Effect.fromResult(parseDollars(dollars)),
          (rule) => new SchemaIssue.InvalidValue({ expected: `an amount of dollars that ${rule}` }, dollars, options)
        ),
      encode: (cents, options) =>
        fitsJson(cents)
          ? Effect.succeed(Number(toDollars(cents)))
          : Effect.fail(
            new SchemaIssue.InvalidValue(
              { expected: "an amount of at most fifteen digits, which a JSON number holds exactly" },
              cents,
              options
            )
          )
    })
  )
)

/**
 * Cents as people and programs write them in text: decimal dollars such as `"19.99"`, in a form, a request or a file.
 * Exact, as `Cents.fromDollars`: what is not one exact amount of cents is refused by the name of the rule that it breaks.
 *
 * @example
 * ```ts
 * import { Schema } from "effect"
 * import { CentsFromDollarString, OrderId } from "effect-flexfactor"
 *
 * const RefundForm = Schema.Struct({ order: OrderId, amount: CentsFromDollarString })
 * ```
 */
export const CentsFromDollarString = Schema.String.pipe(
  Schema.decodeTo(
    schema,
    SchemaTransformation.transformEffect<number, string>({
      decode: (dollars, options) =>
        Effect.mapError(
          Effect.fromResult(parseDollars(dollars)),
          (rule) => new SchemaIssue.InvalidValue({ message: rule }, dollars, options)
        ),
      encode: (cents) => Effect.succeed(toDollars(cents))
    })
  )
)
