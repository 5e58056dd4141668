/**
 * Walks the pages of a list whose orders move while it is read.
 *
 * Pages are numbered, so an order that leaves the list pulls every later one forward, over the edge of a page that was
 * read already. The walk sees that by the total, which shrank, and reads the pages before the edge again. An order that
 * joins the list pushes others back: they come twice and are shown once. What the walk remembers is bounded, however
 * long the list is.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ListQuery } from "../ListQuery.ts"
import type { Order } from "../Order.ts"
import type { OrderId } from "../OrderId.ts"
import type { OrderPage } from "../OrderPage.ts"
import { FlexFactorListStalled, type ListError, type PagesError } from "../OrdersError.ts"
import { ownFields } from "./jsonObject.ts"

/** How many ids are remembered at least: an order comes twice only near the edge of a page, so the last are enough. */
const remembered = (largestPage: number): number => Math.max(10_000, 3 * largestPage)

/** Assumed: no list has that many pages in a row without a new order. */
const maximumIdlePages = 10

/** A list from which orders leave all the time would otherwise be read again and again and never end. */
const maximumReturns = 10

interface Walk {
  /** The page to read; `undefined` is the first, whatever number FlexFactor gives it. */
  readonly page: number | undefined
  /** The first and the last page read so far. */
  readonly first: number
  readonly edge: number
  /** Whether there is a page after the edge. */
  readonly hasMore: boolean
  readonly total: number | undefined
  readonly idlePages: number
  /** How often the walk went back since it last found a new order. */
  readonly returns: number
}

/** Remembers the last ids, in two sets: a single set that drops its oldest for each new one becomes slow in V8. */
const makeSeen = () => {
  let older = new Set<OrderId>()
  let newer = new Set<OrderId>()
  let largestPage = 0
  const isNew = ({ id }: Order): boolean => {
    if (newer.has(id) || older.has(id)) return false
    newer.add(id)
    if (newer.size >= remembered(largestPage)) [older, newer] = [newer, new Set()]
    return true
  }
  return {
    newOf: (orders: ReadonlyArray<Order>): ReadonlyArray<Order> => {
      largestPage = Math.max(largestPage, orders.length)
      return orders.filter(isNew)
    }
  }
}

/**
 * How many pages before this one lost orders over their edge, by how far the total shrank. Never more than are
 * remembered: orders that would come from further back would come twice.
 */
const pagesToReturn = (walk: Walk, page: OrderPage, pageSize: number | undefined): number => {
  if (walk.total === undefined || page.totalItemCount === undefined || walk.returns >= maximumReturns) return 0
  const left = walk.total - page.totalItemCount
  const size = Math.max(1, page.orders.length, page.pageSize ?? pageSize ?? 0)
  return left > 0 ? Math.min(Math.ceil(left / size), Math.floor(remembered(size) / size) - 1) : 0
}

const next = (walk: Walk, number: number, shown: OrderPage, newOrders: number, pageSize: number | undefined): Walk => {
  const isForward = number > walk.edge
  const back = pagesToReturn(walk, shown, pageSize)
  const first = Math.min(walk.first, number)
  const page = back > 0 ? Math.max(first, number - back) : number + 1
  return {
    // A server that counts from 0 is not asked for page 0, which no query can name, but for the first.
    page: page < 1 ? undefined : page,
    first,
    edge: Math.max(walk.edge, number),
    hasMore: number < walk.edge ? walk.hasMore : shown.hasNextPage ?? (isForward ? newOrders > 0 : walk.hasMore),
    total: shown.totalItemCount,
    idlePages: newOrders > 0 ? 0 : walk.idlePages + (isForward ? 1 : 0),
    returns: (newOrders > 0 ? 0 : walk.returns) + (back > 0 ? 1 : 0)
  }
}

const isOver = (walk: Walk): boolean => !walk.hasMore && walk.page !== undefined && walk.page > walk.edge

/**
 * The pages of a list, each with the orders that did not come before. The range of time ends when the walk starts,
 * unless the caller ends it, and the oldest come first, unless the caller orders them, so that new orders do not push
 * others around.
 */
export const walkPages = (
  list: (query: ListQuery) => Effect.Effect<OrderPage, ListError>,
  given: ListQuery
): Stream.Stream<OrderPage, PagesError> => {
  const query = ownFields(given)
  const start = Effect.map(DateTime.now, (now) => {
    const isOrdered = query.orderBy !== undefined || query.sort !== undefined
    const frozen: ListQuery = {
      ...query,
      to: query.to ?? now,
      ...(isOrdered ? {} : { orderBy: "createdOn", sort: "asc" as const })
    }
    const seen = makeSeen()
    const step = Effect.fnUntraced(function*(walk: Walk) {
      const page = yield* list({ ...frozen, pageNumber: walk.page })
      const number = walk.page ?? page.pageNumber ?? 1
      const orders = seen.newOf(page.orders)
      const after = next(walk, number, page, orders.length, query.pageSize)
      // A list that became shorter shows its last page for those after it, and says that it is the last.
      const isStuck = page.pageNumber !== undefined && page.pageNumber < number && page.hasNextPage !== false
      if (after.hasMore && (isStuck || after.idlePages >= maximumIdlePages)) {
        return yield* new FlexFactorListStalled({ operation: "Orders.list", pageNumber: number })
      }
      const isShown = number > walk.edge || orders.length > 0
      return [isShown ? [{ ...page, orders }] : [], isOver(after) ? Option.none<Walk>() : Option.some(after)] as const
    })
    const from: Walk = {
      page: query.pageNumber,
      first: query.pageNumber ?? Number.MAX_SAFE_INTEGER,
      edge: -1,
      hasMore: true,
      total: undefined,
      idlePages: 0,
      returns: 0
    }
    return Stream.paginate(from, step)
  })
  return Stream.unwrap(start)
}
