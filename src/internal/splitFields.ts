/**
 * Splits a JSON object into the fields that are documented and the rest: unknown keys are kept, and what does not look
 * as documented is kept beside them instead of failing the whole answer.
 */
import { emptyPrototype, isShallowField, type JsonObject } from "./jsonObject.ts"

/** Reads a field that is documented: its value, or nothing where it is not as documented. */
type FieldReader<A> = (value: unknown) => A | undefined

/** Reads a field as it came, if it passes a test. */
export const fieldIf = <A>(is: (value: unknown) => value is A): FieldReader<A> => (value) =>
  is(value) ? value : undefined

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

const isNeverDocumented = () => undefined

/** Names such as `__proto__`, to which a value cannot simply be assigned. */
const inherited = Object.getOwnPropertyNames(Object.prototype).map((name) => [name, isNeverDocumented] as const)

/** The fields of an object that are documented, and the rest. */
interface Split<Fields extends object> {
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
    const known: { [key: string]: unknown } = Object.create(emptyPrototype)
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
