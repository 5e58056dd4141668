/**
 * One page of a list of orders.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { isJsonObject, isSafeInteger, JsonObject, ownValue } from "./internal/jsonObject.ts"
import { findOrders, likelyTotals } from "./internal/pageShape.ts"
import { fieldIf, splitFields } from "./internal/splitFields.ts"
import { Order, readOrder } from "./Order.ts"

const totalOf = (wire: JsonObject): { readonly totalItemCount?: number } => {
  const total = likelyTotals.map((name) => ownValue(wire, name)).find(isSafeInteger)
  return total === undefined ? {} : { totalItemCount: total }
}

/** The documented fields (documented: list orders page, which names all but the array and the total). */
const PageFields = Schema.Struct({
  orders: Schema.Array(Order),
  hasNextPage: Schema.optionalKey(Schema.Boolean),
  hasPreviousPage: Schema.optionalKey(Schema.Boolean),
  isFirstPage: Schema.optionalKey(Schema.Boolean),
  isLastPage: Schema.optionalKey(Schema.Boolean),
  pageNumber: Schema.optionalKey(Schema.Int),
  pageSize: Schema.optionalKey(Schema.Int),
  pageCount: Schema.optionalKey(Schema.Int),
  totalItemCount: Schema.optionalKey(Schema.Int),
  firstItemOnPage: Schema.optionalKey(Schema.Int),
  lastItemOnPage: Schema.optionalKey(Schema.Int),
  extra: JsonObject
})

type PageWire = typeof PageFields.Encoded

const flag = fieldIf(Predicate.isBoolean)
const count = fieldIf(isSafeInteger)

/** How each documented field is read. */
const split = splitFields<Omit<PageWire, "orders" | "extra">>({
  hasNextPage: flag,
  hasPreviousPage: flag,
  isFirstPage: flag,
  isLastPage: flag,
  pageNumber: count,
  pageSize: count,
  pageCount: count,
  totalItemCount: count,
  firstItemOnPage: count,
  lastItemOnPage: count
})

/** What the answer says of a next page in another way, where it does not say so outright. */
const nextPageOf = ({ isLastPage, pageCount, pageNumber }: Omit<PageWire, "orders" | "extra">): boolean | undefined =>
  isLastPage !== undefined
    ? !isLastPage
    : pageCount !== undefined && pageNumber !== undefined
    ? pageNumber < pageCount
    : undefined

const fromWire = (wire: JsonObject | ReadonlyArray<unknown>): Result.Result<PageWire, string> =>
  Result.flatMap(findOrders(wire), ({ orders, rest }) => {
    const { extra, isShallow, known } = split(rest)
    if (!isShallow) return Result.fail("a page that nests less deeply")
    // oxlint-disable-next-line no-unsafe-type-assertion -- the schema that follows checks each order
    const page = Object.assign(known, totalOf(rest), { orders, extra }) as unknown as PageWire
    const hasNextPage = page.hasNextPage ?? nextPageOf(page)
    return Result.succeed(hasNextPage === undefined ? page : Object.assign(page, { hasNextPage }))
  })

/**
 * One page of orders. `orders` is always there; the numbers are optional, as far as FlexFactor sent them.
 *
 * - `hasNextPage` says whether to go on. Where the answer says so in another way (`isLastPage`, or a page number below
 *   the page count) it is filled in; absent means that FlexFactor did not say.
 * - `totalItemCount` counts the orders of all pages. Its name is assumed; pages are numbered from 1 (assumed).
 * - `extra` holds every other field of the answer, as sent.
 */
export const OrderPage: Schema.Codec<OrderPage, JsonObject | ReadonlyArray<unknown>> = Schema.Union([
  JsonObject,
  Schema.Array(Schema.Unknown)
]).pipe(Schema.decodeTo(
  PageFields,
  SchemaTransformation.transformEffect<PageWire, JsonObject | ReadonlyArray<unknown>>({
    decode: (wire, options) =>
      Effect.fromResult(
        Result.mapError(fromWire(wire), (expected) => new SchemaIssue.InvalidValue({ expected }, wire, options))
      ),
    encode: ({ extra, orders, ...rest }) => Effect.succeed({ ...extra, ...rest, items: orders })
  })
)).annotate({ identifier: "OrderPage" })

/**
 * Reads a page without saying what is wrong with it, as `readOrder` reads an order.
 *
 * @internal
 */
export const readPage = (wire: unknown): OrderPage | undefined => {
  if (!isJsonObject(wire) && !Array.isArray(wire)) return undefined
  const page = fromWire(wire)
  if (Result.isFailure(page)) return undefined
  const orders: Array<Order> = []
  for (const one of page.success.orders) {
    const order = readOrder(one)
    if (order === undefined) return undefined
    orders.push(order)
  }
  return { ...page.success, orders }
}

/** One page of orders. */
export interface OrderPage extends Schema.Schema.Type<typeof PageFields> {}
