/**
 * Lists the simulated orders: filters, order and pages as documented; what the documentation leaves open is assumed.
 */
import * as DateTime from "effect/DateTime"
import type { Order } from "../../Order.ts"
import type { OrderPage } from "../../OrderPage.ts"
import { statusCode } from "../../OrderStatus.ts"
import type { ListParameters } from "../FlexFactorApi.ts"
import type { SimulatedOrder } from "./state.ts"

type Parameters = typeof ListParameters.Type

const matches = (order: SimulatedOrder, { from, mid, query, status, to }: Parameters): boolean => {
  const words = [order.firstName, order.lastName, order.email, order.id, order.externalId].join(" ").toLowerCase()
  return (query === undefined || words.includes(query.toLowerCase()))
    && (status === undefined || status.includes(statusCode(order.status) ?? -1))
    && (mid === undefined || order.mid === mid)
    // Assumed: both ends belong to the range, and it is about the time at which the order was placed.
    && (from === undefined || DateTime.isGreaterThanOrEqualTo(order.placedAt, from))
    && (to === undefined || DateTime.isLessThanOrEqualTo(order.placedAt, to))
}

const keyOf = (orderBy: string | undefined) => (order: SimulatedOrder): number =>
  orderBy === "amount" ? order.amount : DateTime.toEpochMillis(order.placedAt)

/** Pages as the .NET PagedList library counts them, whose names FlexFactor's are: from 1, and 0 where there is none. */
export const listOrders = (
  orders: ReadonlyArray<SimulatedOrder>,
  parameters: Parameters,
  show: (order: SimulatedOrder) => Order
): OrderPage => {
  const { orderBy, pageNumber = 1, pageSize = 10, sort = "asc" } = parameters
  const key = keyOf(orderBy)
  const direction = sort === "desc" ? -1 : 1
  const found = orders.filter((order) => matches(order, parameters))
    .sort((a, b) => direction * (key(a) - key(b)))
  const start = (pageNumber - 1) * pageSize
  const shown = found.slice(start, start + pageSize)
  const pageCount = Math.ceil(found.length / pageSize)
  return {
    orders: shown.map(show),
    firstItemOnPage: shown.length === 0 ? 0 : start + 1,
    lastItemOnPage: shown.length === 0 ? 0 : start + shown.length,
    hasNextPage: pageNumber < pageCount,
    hasPreviousPage: pageNumber > 1,
    isFirstPage: pageNumber === 1,
    isLastPage: pageNumber >= pageCount,
    pageCount,
    pageNumber,
    pageSize,
    totalItemCount: found.length,
    extra: {}
  }
}
