/**
 * The operations of FlexFactor's Orders API, as one service.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { CancelOptions } from "./internal/orderRequest.ts"
import type { ListQuery } from "./ListQuery.ts"
import type { Order } from "./Order.ts"
import type { ExternalOrderId, OrderId } from "./OrderId.ts"
import type { OrderPage } from "./OrderPage.ts"
import type { CancelError, GetError, ListError, PagesError, RefundError } from "./OrdersError.ts"
import type { RefundReceipt, RefundRequest } from "./Refund.ts"

export type { CancelOptions } from "./internal/orderRequest.ts"
export type { ListQuery } from "./ListQuery.ts"

/**
 * The operations of FlexFactor's Orders API.
 *
 * A layer of the `FlexFactor` module provides it; in tests, `FlexFactorSimulator.layer` does.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { Cents, OrderId, Orders } from "effect-flexfactor"
 *
 * const program = Effect.gen(function*() {
 *   const orders = yield* Orders
 *   const order = yield* orders.get(OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353"))
 *   return yield* orders.refund(order.id, { amount: Cents.fromDollars("19.99") })
 * })
 * ```
 */
export class Orders extends Context.Service<Orders, {
  /**
   * Reads one page of orders. Retried while it fails with a transient error.
   *
   * @example
   * ```ts
   * import { Effect } from "effect"
   * import { Orders } from "effect-flexfactor"
   *
   * const returned = Effect.gen(function*() {
   *   const orders = yield* Orders
   *   const page = yield* orders.list({ status: ["Completed", "Returned"], pageSize: 100 })
   *   return page.orders.filter((order) => order.status === "Returned")
   * })
   * ```
   */
  readonly list: (query?: ListQuery) => Effect.Effect<OrderPage, ListError>
  /**
   * Reads a list page by page, from `pageNumber` to its end, in constant memory.
   *
   * - An order that moves to another page meanwhile is shown once. One that slips over the edge of a page because
   *   another left the list is found again, as far as the total of the pages shows it.
   * - Without `to`, the range of time ends when the stream starts. Set it yourself to resume the same list later: after
   *   a failure, restart at the highest `pageNumber` you received. That page is read again, with any orders that moved
   *   onto it.
   * - Without `orderBy` and `sort`, the oldest come first.
   * - A page can be emitted again with orders that slipped onto it; `pageNumber` then goes back.
   * - A list that keeps announcing a next page without a new order, or shows an earlier page than was asked
   *   for, fails with `FlexFactorListStalled`.
   *
   * @example
   * ```ts
   * import { Effect, Stream } from "effect"
   * import { Orders } from "effect-flexfactor"
   *
   * const count = Effect.gen(function*() {
   *   const orders = yield* Orders
   *   return yield* orders.pages({ pageSize: 100 }).pipe(
   *     Stream.runFold(() => 0, (sum, page) => sum + page.orders.length)
   *   )
   * })
   * ```
   */
  readonly pages: (query?: ListQuery) => Stream.Stream<OrderPage, PagesError>
  /**
   * Reads a list order by order, as `pages` does page by page.
   *
   * @example
   * ```ts
   * import { Effect, Stream } from "effect"
   * import { Orders } from "effect-flexfactor"
   *
   * const printAll = Effect.gen(function*() {
   *   const orders = yield* Orders
   *   yield* orders.stream({ status: "Completed" }).pipe(
   *     Stream.runForEach((order) => Effect.log(order.id, order.status))
   *   )
   * })
   * ```
   */
  readonly stream: (query?: ListQuery) => Stream.Stream<Order, PagesError>
  /**
   * Reads an order by FlexFactor's id. Retried while it fails with a transient error. An answer about another order is
   * refused.
   *
   * @example
   * ```ts
   * import { Effect } from "effect"
   * import { type OrderId, Orders } from "effect-flexfactor"
   *
   * const statusOf = Effect.fn("statusOf")(function*(id: OrderId) {
   *   const orders = yield* Orders
   *   return (yield* orders.get(id)).status
   * }, Effect.catchTag("FlexFactorNotFound", () => Effect.succeed("no such order")))
   * ```
   */
  readonly get: (id: OrderId) => Effect.Effect<Order, GetError>
  /**
   * Refunds an order, partly or fully: `amount` is in cents, and a full refund states the full amount.
   *
   * It is sent once. It is sent again only where the first send provably did nothing: FlexFactor refused its token, or
   * the connection was never made. A receipt means that FlexFactor confirmed it, `RefundOutcomeUnknown` that money may
   * have moved, and every other error that it did not.
   *
   * FlexFactor's documentation leaves open whether a second refund of one order can be confirmed without moving money:
   * after a partial refund, check the next one (docs/wire.md, idempotency).
   *
   * @example
   * ```ts
   * import { Effect } from "effect"
   * import { Cents, type OrderId, Orders } from "effect-flexfactor"
   *
   * const refundTicket = Effect.fn("refundTicket")(function*(id: OrderId) {
   *   const orders = yield* Orders
   *   return yield* orders.refund(id, { amount: Cents.make(1999), message: "Customer request" })
   * }, Effect.catchTags({
   *   RefundRejected: (error) => Effect.succeed(`refused: ${error.code}`),
   *   RefundOutcomeUnknown: (error) => Effect.succeed(`check order ${error.orderId} by hand: ${error.doubt}`)
   * }))
   * ```
   */
  readonly refund: (id: OrderId, request: RefundRequest) => Effect.Effect<RefundReceipt, RefundError>
  /**
   * Cancels an order that is not captured yet, like a void. Retried while it fails with a transient error, because
   * FlexFactor cancels an order once however often it is asked (documented). Refund a captured order instead.
   *
   * @example
   * ```ts
   * import { Effect } from "effect"
   * import { type OrderId, Orders } from "effect-flexfactor"
   *
   * const cancel = Effect.fn("cancel")(function*(id: OrderId) {
   *   const orders = yield* Orders
   *   yield* orders.cancel(id)
   *   return "cancelled"
   * }, Effect.catchTag(["CancelRejected", "FlexFactorBadRequest"], () => Effect.succeed("captured: refund it")))
   * ```
   */
  readonly cancel: (id: OrderId, options?: CancelOptions) => Effect.Effect<void, CancelError>
  /**
   * Cancels an order by the merchant's own id: for an order whose FlexFactor id never arrived. Otherwise like `cancel`.
   *
   * @example
   * ```ts
   * import { ExternalOrderId, Orders } from "effect-flexfactor"
   *
   * const cancelLost = Orders.use((orders) => orders.cancelByExternalId(ExternalOrderId.make("#1001")))
   * ```
   */
  readonly cancelByExternalId: (id: ExternalOrderId, options?: CancelOptions) => Effect.Effect<void, CancelError>
}>()("effect-flexfactor/Orders") {}
