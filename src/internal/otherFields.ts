/**
 * Copies the fields of objects that are not documented.
 *
 * Answer after answer, these have the same names. V8 copies a whole object many times faster than field by field, so
 * where names repeat, an empty object with those names is copied and filled.
 */
import { isShallowField, type JsonObject } from "./jsonObject.ts"

/** The names of an object in their order, which of them are copied, and an object that has those. */
interface Shape {
  readonly names: ReadonlyArray<string>
  readonly isCopied: ReadonlyArray<boolean>
  readonly empty: JsonObject
}

/** How often the same names must repeat before a shape is made; making one costs a few copies. */
const enoughRepetitions = 4

/** V8 gives no shape to larger objects. */
const mostNames = 128

const isSame = (names: ReadonlyArray<string>, others: ReadonlyArray<string>): boolean =>
  names.length === others.length && names.every((name, place) => name === others[place])

/** Holds none of the values: what one order says is not kept for the next. */
const shapeOf = (names: ReadonlyArray<string>, copied: JsonObject): Shape => {
  const fields = Object.keys(copied).map((name) => `${JSON.stringify(name)}:null`)
  // What is parsed holds its fields as if they stood in the code.
  const empty: JsonObject = JSON.parse(`{${fields.join(",")}}`)
  return { names, isCopied: names.map((name) => Object.hasOwn(copied, name)), empty }
}

/** A copy by a shape; nothing, where the object has another shape or a field nests too deeply. */
const copyAs = ({ empty, isCopied, names }: Shape, object: JsonObject): JsonObject | undefined => {
  const copy: { [name: string]: unknown } = { ...empty }
  let place = 0
  for (const name in object) {
    if (name !== names[place]) return undefined
    if (isCopied[place]) {
      const value = object[name]
      if (typeof value === "object" && !isShallowField(value)) return undefined
      copy[name] = value
    }
    place += 1
  }
  return place === names.length ? copy : undefined
}

/**
 * Gives a function that copies the fields of objects, except for those of given names. It copies nothing where one of
 * the other fields nests too deeply or has a name that `isOdd`.
 */
export const otherFields = (exceptions: ReadonlySet<string>, isOdd: (name: string) => boolean) => {
  let shape: Shape | undefined
  let last: ReadonlyArray<string> = []
  let repetitions = 0

  const copyEach = (object: JsonObject): JsonObject | undefined => {
    const copy: { [name: string]: unknown } = {}
    for (const name in object) {
      if (exceptions.has(name)) continue
      if (isOdd(name) || !isShallowField(object[name])) return undefined
      copy[name] = object[name]
    }
    return copy
  }

  const learn = (object: JsonObject, copied: JsonObject): void => {
    const names = Object.keys(object)
    repetitions = isSame(names, last) ? repetitions + 1 : 0
    last = names
    if (repetitions === enoughRepetitions && names.length <= mostNames) shape = shapeOf(names, copied)
  }

  return (object: JsonObject): JsonObject | undefined => {
    const copy = shape && copyAs(shape, object)
    if (copy !== undefined) return copy
    const copied = copyEach(object)
    if (copied !== undefined) learn(object, copied)
    return copied
  }
}
