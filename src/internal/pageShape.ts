/**
 * Finds the orders in the answer to a list. No source shows the name of their array, so this goes by what it looks like
 * (assumed), and says what it found where it finds none.
 */
import * as Result from "effect/Result"
import { isJsonObject, type JsonObject, ownValue } from "./jsonObject.ts"

/** Assumed: the likely names of the array, whatever their case. */
const likelyNames = ["items", "orders", "data", "results", "records", "list"]

/** Assumed: the name of the total begins with `to` (documented). */
export const likelyTotals = ["totalItemCount", "totalCount", "totalItems", "total"]

/** Arrays of the common envelope that are never the orders (observed in other answers). */
const otherArrays = new Set(["errors"])

/** Assumed: one of these is in every order. */
const idNames = ["id", "orderId", "orderSessionKey", "Id", "OrderId"]

const looksLikeOrder = (value: unknown): boolean =>
  isJsonObject(value) && idNames.some((name) => Object.hasOwn(value, name))

/** An array, also in the form that .NET gives one that it may refer to again. */
const arrayOf = (value: unknown): ReadonlyArray<unknown> | undefined => {
  const plain = isJsonObject(value) ? ownValue(value, "$values") : value
  return Array.isArray(plain) ? plain : undefined
}

interface Found {
  readonly orders: ReadonlyArray<unknown>
  /** The fields beside the array. */
  readonly rest: JsonObject
}

const arraysIn = (wire: JsonObject) =>
  Object.entries(wire).flatMap(([name, value]) => {
    const array = otherArrays.has(name) ? undefined : arrayOf(value)
    return array === undefined ? [] : [{ name, array }]
  })

const without = (wire: JsonObject, name: string): JsonObject => {
  const { [name]: _orders, ...rest } = wire
  return rest
}

/**
 * Of the arrays that hold what looks like orders, the one of a likely name, or the only one. Otherwise an array of a
 * likely name: an empty page, or orders that the schema will find wrong.
 */
const findHere = (wire: JsonObject): Found | undefined => {
  const arrays = arraysIn(wire)
  const isLikely = ({ name }: { readonly name: string }) => likelyNames.includes(name.toLowerCase())
  const ofOrders = arrays.filter(({ array }) => array.length > 0 && array.every(looksLikeOrder))
  const stated = isEmptyPage(wire) ? arrays.find((it) => isLikely(it) && it.array.length === 0) : undefined
  const found = stated ?? ofOrders.find(isLikely) ?? (ofOrders.length === 0 ? arrays.find(isLikely) : undefined)
    ?? (ofOrders.length === 1 ? ofOrders[0] : undefined)
  return found === undefined ? undefined : { orders: found.array, rest: without(wire, found.name) }
}

/** The only array, where it is empty and nothing else could hold orders: an empty page whose array has any name. */
const findEmpty = (wire: JsonObject): Found | undefined => {
  const [only, ...others] = arraysIn(wire)
  if (only === undefined || others.length > 0 || only.array.length > 0) return undefined
  const rest = without(wire, only.name)
  return Object.values(rest).some((value) => isJsonObject(value) && Object.keys(value).length > 0)
    ? undefined
    : { orders: [], rest }
}

/** The page one level down, in an object such as `data` or `result`, with the fields around it. */
const findBelow = (wire: JsonObject): Found | undefined => {
  const below = Object.entries(wire).flatMap(([name, value]) => {
    const found = isJsonObject(value) ? findHere(value) : undefined
    return found === undefined ? [] : [{ orders: found.orders, rest: { ...without(wire, name), ...found.rest } }]
  })
  return below.length === 1 ? below[0] : undefined
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? `an array of ${value.length}` : value === null ? "null" : typeof value

/** A name as a program would choose it. Any other may be somebody's address or number. */
const shownName = (name: string): string => /^(?!.*\d{4})[a-z$_]\w{0,39}$/i.test(name) ? name : "?"

/** The names in an answer and the kind of each value, without the values. */
const describe = (wire: JsonObject): string => {
  const names = Object.entries(wire).slice(0, 20).map(([name, value]) => `${shownName(name)} (${kindOf(value)})`)
  return names.length === 0 ? "an empty object" : names.join(", ")
}

const isEmptyPage = (wire: JsonObject): boolean =>
  [...likelyTotals, "pageCount"].some((name) => ownValue(wire, name) === 0)

export const findOrders = (wire: JsonObject | ReadonlyArray<unknown>): Result.Result<Found, string> => {
  if (!isJsonObject(wire)) return Result.succeed({ orders: wire, rest: {} })
  const status = ownValue(wire, "status")
  if (typeof status === "string" && /^fail(?:ed)?$/i.test(status)) {
    return Result.fail("a page, but its status is FAILED")
  }
  const found = findHere(wire) ?? findBelow(wire) ?? findEmpty(wire)
  if (found !== undefined) return Result.succeed(found)
  return isEmptyPage(wire)
    ? Result.succeed({ orders: [], rest: wire })
    : Result.fail(`a page with an array of orders, but found ${describe(wire)}`)
}
