/**
 * Gives a branded schema a constructor whose error names the type and the rule.
 * Without it `make` throws "Schema validation failed" and hides the reason in the error's cause, which prints as the
 * whole syntax tree of the schema: this error has none.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** What a schema calls a value of the wrong type, and what it must be. */
const typeRules: ReadonlyMap<string, string> = new Map([
  ["Expected Cents", "must be a whole number of cents"],
  ["Expected OrderId", "must be text"],
  ["Expected ExternalOrderId", "must be text"],
  ["Expected RefundKey", "must be text"],
  ["Expected string", "must be text"]
])

/** What a value must be, in words that follow its name. */
export const ruleOf = (error: Schema.SchemaError): string => typeRules.get(error.message) ?? error.message

interface Branded<Input> {
  make(input: Input, ...rest: ReadonlyArray<never>): unknown
}

export const branded = <A, I extends string | number, S extends Schema.Codec<A, I> & Branded<I>>(
  name: string,
  schema: S & Schema.Codec<A, I>
): S => {
  const decode = Schema.decodeUnknownResult(schema)
  return Object.defineProperty(schema, "make", {
    value: (input: unknown): A => Result.getOrThrowWith(decode(input), (error) => new Error(`${name} ${ruleOf(error)}`))
  })
}
