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

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

/** Whether a value nests no deeper than any honest answer: walking or printing a deeper one would exhaust the stack. */
export const isShallow = (value: unknown, depth = maximumDepth): boolean => {
  if (!isObject(value)) return true
  if (depth === 0) return false
  for (const child of Object.values(value)) {
    if (isObject(child) && !isShallow(child, depth - 1)) return false
  }
  return true
}

/** The documented fields of an answer, each with the test that its value must pass. */
export type Documented = ReadonlyMap<string, (value: unknown) => boolean>

/** The tests of documented fields by their names. */
export const documentedFields = <Field extends string>(
  tests: Readonly<Record<Field, (value: unknown) => boolean>>
): Documented => new Map(Object.entries<(value: unknown) => boolean>(tests))

const isCapital = (key: string): boolean => {
  const first = key.charCodeAt(0)
  return first >= 65 && first <= 90
}

/** The documented name of a field. Some answers of FlexFactor begin their names with a capital (observed). */
const documentedName = (object: JsonObject, documented: Documented, key: string): string => {
  if (!isCapital(key)) return key
  const name = key.charAt(0).toLowerCase() + key.slice(1)
  return documented.has(name) && !Object.hasOwn(object, name) ? name : key
}

/**
 * What objects inherit that are to have their own fields alone. Not `null`: an object without any prototype is one to
 * which V8 is slow to add fields.
 */
const nothing: object = Object.freeze(Object.create(null))

const plain = {}

/** Makes an own field of any name. One that every object inherits, such as `__proto__`, cannot simply be assigned. */
const setOwn = (object: { [key: string]: unknown }, key: string, value: unknown): void => {
  if (key in plain) {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  } else object[key] = value
}

/**
 * Splits an object into its documented fields and the rest. `null` counts as absent. A field whose value is not as
 * documented goes to the rest as it came, so that a change of a field nobody reads does not fail the answer.
 */
export const partition = (object: JsonObject, documented: Documented): {
  /** Inherits nothing, so that a schema finds only what was sent. */
  readonly known: { [key: string]: unknown }
  readonly extra: JsonObject
  /** Whether the object `isShallow`. */
  readonly isShallow: boolean
} => {
  const known: { [key: string]: unknown } = Object.create(nothing)
  const extra: { [key: string]: unknown } = {}
  let isAllShallow = true
  for (const key of Object.keys(object)) {
    const value = object[key]
    if (isObject(value) && !isShallow(value, maximumDepth - 1)) isAllShallow = false
    const name = documentedName(object, documented, key)
    const test = documented.get(name)
    if (test === undefined) setOwn(extra, key, value)
    else if (value === null) continue
    else if (test(value)) known[name] = value
    else setOwn(extra, key, value)
  }
  return { known, extra, isShallow: isAllShallow }
}

/** A copy of an object with its own fields alone: nothing of a polluted `Object.prototype` shows through it. */
export const ownFields = <T extends object>(object: T): T => Object.assign(Object.create(nothing), object)
