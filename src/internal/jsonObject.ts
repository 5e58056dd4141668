/**
 * JSON objects as FlexFactor sends them: only their own keys are read, unknown keys are kept, and what does not look
 * as documented is kept beside them instead of failing the whole answer.
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

/** Reads a field that is documented: its value, or nothing where it is not as documented. */
export type FieldReader<A> = (value: unknown) => A | undefined

/** Reads a field as it came, if it passes a test. */
export const as = <A>(is: (value: unknown) => value is A): FieldReader<A> => (value) => is(value) ? value : undefined

/** Whether a name begins with a capital, as some answers of FlexFactor have it (observed). */
export const isCapitalized = (key: string): boolean => {
  const first = key.charCodeAt(0)
  return first >= 65 && first <= 90
}

type Readers = ReadonlyMap<string, FieldReader<unknown>>

/** The documented name of a field, whatever its first letter. */
const documentedName = (object: JsonObject, readers: Readers, key: string): string => {
  if (!isCapitalized(key)) return key
  const name = key.charAt(0).toLowerCase() + key.slice(1)
  return readers.has(name) && !Object.hasOwn(object, name) ? name : key
}

/**
 * What objects inherit that are to have their own fields alone. Not `null`: an object without any prototype is one to
 * which V8 is slow to add fields.
 */
const nothing: object = Object.freeze(Object.create(null))

const isNeverDocumented = () => undefined

/** Names such as `__proto__`, to which a value cannot simply be assigned. */
const inherited = Object.getOwnPropertyNames(Object.prototype).map((name) => [name, isNeverDocumented] as const)

/** The fields of an object that are documented, and the rest. */
export interface Split<Fields extends object> {
  /** Inherits nothing, so that a schema finds only what was sent. */
  readonly known: { [Name in keyof Fields]?: Fields[Name] }
  readonly extra: JsonObject
  /** Whether the object `isShallow`. */
  readonly isShallow: boolean
}

/**
 * Splits objects into their documented fields and the rest. `null` counts as absent. A field whose value is not as
 * documented goes to the rest as it came, so that a change of a field nobody reads does not fail the answer.
 */
export const splitFields = <Fields extends object>(
  documented: { readonly [Name in keyof Fields]-?: FieldReader<Fields[Name]> }
) => {
  const readers: Readers = new Map([...inherited, ...Object.entries<FieldReader<unknown>>(documented)])
  return (object: JsonObject): Split<Fields> => {
    const known: { [key: string]: unknown } = Object.create(nothing)
    const extra: { [key: string]: unknown } = {}
    let isAllShallow = true
    for (const key of Object.keys(object)) {
      const value = object[key]
      if (!isShallowField(value)) isAllShallow = false
      const name = documentedName(object, readers, key)
      const read = readers.get(name)
      if (read === undefined) {
        extra[key] = value
        continue
      }
      const field = read(value)
      if (field !== undefined) known[name] = field
      else if (value !== null || read === isNeverDocumented) {
        Object.defineProperty(extra, key, { value, writable: true, enumerable: true, configurable: true })
      }
    }
    // oxlint-disable-next-line no-unsafe-type-assertion -- what is known was read by the reader of its name
    return { known: known as Split<Fields>["known"], extra, isShallow: isAllShallow }
  }
}

/** A copy of an object with its own fields alone: nothing of a polluted `Object.prototype` shows through it. */
export const ownFields = <T extends object>(object: T): T => Object.assign(Object.create(nothing), object)
