/**
 * JSON objects as FlexFactor sends them: only their own keys are read, unknown keys are kept, and what does not look
 * as documented is kept beside them instead of failing the whole answer.
 */
import * as Schema from "effect/Schema"

/** A JSON object of any keys: what `Order.extra`, `OrderPage.extra` and the addresses of an order are. */
export interface JsonObject {
  readonly [key: string]: unknown
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The schema of a JSON object of any keys. */
export const JsonObject = Schema.declare(isJsonObject, { identifier: "JsonObject", expected: "a JSON object" })

/** The value under an own key: an inherited one, such as of a polluted `Object.prototype`, is not there. */
export const ownValue = (object: JsonObject, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined

const maximumDepth = 32

/** Whether a value nests no deeper than any honest answer: walking or printing a deeper one would exhaust the stack. */
export const isShallow = (value: unknown, depth = maximumDepth): boolean =>
  typeof value !== "object" || value === null
  || (depth > 0 && Object.values(value).every((child) => isShallow(child, depth - 1)))

/** The documented fields of an answer, each with the test that its value must pass. */
export type Documented<Field extends string = string> = Readonly<Record<Field, (value: unknown) => boolean>>

/** The documented name of a field. Some answers of FlexFactor begin their names with a capital (observed). */
const documentedName = (object: JsonObject, documented: Documented, key: string): string | undefined => {
  if (Object.hasOwn(documented, key)) return key
  const name = key.charAt(0).toLowerCase() + key.slice(1)
  return Object.hasOwn(documented, name) && !Object.hasOwn(object, name) ? name : undefined
}

/**
 * Splits an object into its documented fields and the rest. `null` counts as absent. A field whose value is not as
 * documented goes to the rest as it came, so that a change of a field nobody reads does not fail the answer.
 */
export const partition = (object: JsonObject, documented: Documented): {
  /** Has no prototype, so that a schema finds only what was sent. */
  readonly known: JsonObject
  readonly extra: JsonObject
} => {
  const known: { [key: string]: unknown } = Object.create(null)
  const extra: Array<readonly [string, unknown]> = []
  for (const [key, value] of Object.entries(object)) {
    const name = documentedName(object, documented, key)
    if (name === undefined) extra.push([key, value])
    else if (value === null) continue
    else if (documented[name]?.(value) === true) known[name] = value
    else extra.push([key, value])
  }
  return { known, extra: Object.fromEntries(extra) }
}

/** A copy of an object with its own fields alone: nothing of a polluted `Object.prototype` shows through it. */
export const ownFields = <T extends object>(object: T): T => Object.assign(Object.create(null), object)
