/**
 * JSON objects as FlexFactor sends them: only their own keys are read.
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/** A JSON object of any keys: what `Order.extra`, `OrderPage.extra` and the addresses of an order are. */
export interface JsonObject {
  readonly [key: string]: unknown
}

export const isJsonObject: (value: unknown) => value is JsonObject = Predicate.isReadonlyObject

/** The schema of a JSON object of any keys. */
export const JsonObject = Schema.declare(isJsonObject, { identifier: "JsonObject", expected: "a JSON object" })

/** The value under an own key: an inherited one, such as of a polluted `Object.prototype`, is not there. */
export const ownValue = (object: JsonObject, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined

const maximumDepth = 32

/** Whether a value nests no deeper than any honest answer: walking or printing a deeper one would exhaust the stack. */
export const isShallow = (value: unknown, depth = maximumDepth): boolean => {
  if (Array.isArray(value)) return depth > 0 && value.every((child) => isShallow(child, depth - 1))
  if (!isJsonObject(value)) return true
  if (depth === 0) return false
  for (const name in value) {
    const child = value[name]
    if (typeof child === "object" && Object.hasOwn(value, name) && !isShallow(child, depth - 1)) return false
  }
  return true
}

/** Whether an object that has it as a field is shallow, as far as it goes. */
export const isShallowField = (value: unknown): boolean => isShallow(value, maximumDepth - 1)

export const isSafeInteger = (value: unknown): value is number => Number.isSafeInteger(value)

/**
 * The prototype of objects that must show only their own fields. Not `null`: V8 is slow to add fields to an object
 * without a prototype.
 */
export const emptyPrototype: object = Object.freeze(Object.create(null))

/** A copy of an object with its own fields alone: nothing of a polluted `Object.prototype` shows through it. */
export const ownFields = <T extends object>(object: T): T => Object.assign(Object.create(emptyPrototype), object)
