/**
 * The operations of FlexFactor's Orders API, as one service.
 *
 * Each operation goes one way: it makes a request, the call sends it and brings the answer, and a reader turns the
 * answer into the result or the error.
 */
import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import { type Answer, isSuccess } from "./internal/answer.ts"
import { makeCall } from "./internal/call.ts"
import { cancelOutcome } from "./internal/cancelOutcome.ts"
import { anotherUrl, decodeBody, invalidResponse } from "./internal/decode.ts"
import { ownFields } from "./internal/jsonObject.ts"
import { walkPages } from "./internal/listing.ts"
import { listRequest } from "./internal/listRequest.ts"
import {
  cancelExternalOrderRequest,
  type CancelOptions,
  cancelOrderRequest,
  getRequest,
  refundRequest
} from "./internal/orderRequest.ts"
import { isRefusedUnauthorized, refundOutcome, refundUnanswered } from "./internal/refundOutcome.ts"
import type { Settings } from "./internal/settings.ts"
import { statusError } from "./internal/status.ts"
import type { ListQuery } from "./ListQuery.ts"
import { Order, readOrder } from "./Order.ts"
import type { ExternalOrderId, OrderId } from "./OrderId.ts"
import { OrderPage, readPage } from "./OrderPage.ts"
import {
  byStatus,
  type CancelError,
  type FlexFactorInvalidResponse,
  type GetError,
  type ListError,
  type Operation,
  type PagesError,
  type RefundError,
  type RepeatableError
} from "./OrdersError.ts"
import type { StatusErrorOf } from "./OrdersError/tables.ts"
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
   * Reads one page of orders. Repeated while it fails with an error that may pass.
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
   * - Without `to`, the range of time ends when the stream starts. Set it yourself to go on later with the same list:
   *   after a failure, start again at the highest `pageNumber` you got. It comes again, and with it what moved.
   * - Without `orderBy` and `sort`, the oldest come first.
   * - A page can come again, with the orders that slipped onto it: page numbers go back then.
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
   * Reads an order by FlexFactor's id. Repeated while it fails with an error that may pass. An answer about another
   * order is refused.
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
   * It is sent once. It is sent again only where the first provably did nothing: FlexFactor refused its token, or the
   * connection was never made. A receipt means that FlexFactor confirmed it, `RefundOutcomeUnknown` that money may have
   * moved, and every other error that it did not.
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
   * Cancels an order that is not captured yet, like a void. Repeated while it fails with an error that may pass,
   * because FlexFactor cancels an order once however often it is asked (documented). A captured order is refunded
   * instead.
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
   * Cancels an order by the merchant's own id: for an order whose FlexFactor id never arrived. Else as `cancel`.
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

const isUnauthorized = (answer: Answer): boolean => answer.status === 401 && !answer.isForeign

/** An operation that may be made again after any error that may pass. */
const repeatSafe = <A, E>(read: (answer: Answer) => Effect.Effect<A, E>) => ({
  read,
  isRefused: isUnauthorized,
  mayRepeat: constTrue
})

/** A refund may be made again only where the error proves that nothing was sent. */
const isProvablyNotSent = (error: RepeatableError): boolean =>
  error.operation === "FlexFactor.token" || (error._tag === "FlexFactorUnreachable" && error.sent === "no")

const decodeOrder = decodeBody(Order, readOrder)
const decodePage = decodeBody(OrderPage, readPage)

const readSuccess = <A, E>(
  operation: Operation,
  decode: (operation: Operation, answer: Answer) => Effect.Effect<A, E>
) =>
(answer: Answer): Effect.Effect<A, E | FlexFactorInvalidResponse | StatusErrorOf<typeof byStatus>> => {
  if (answer.isForeign) return Effect.fail(invalidResponse(operation, answer, anotherUrl))
  return isSuccess(answer) ? decode(operation, answer) : statusError(byStatus, operation, answer)
}

const pageHandling = repeatSafe(readSuccess("Orders.list", decodePage))

/** A cache or a gateway that mixes up answers would have one order refunded for another. */
const decodeOrderOf = (id: OrderId) => (operation: Operation, answer: Answer) =>
  Effect.filterOrFail(
    decodeOrder(operation, answer),
    (order) => order.id.toLowerCase() === id.toLowerCase(),
    () => invalidResponse(operation, answer, "it is about another order")
  )

const orderHandling = (id: OrderId) => repeatSafe(readSuccess("Orders.get", decodeOrderOf(id)))

/** @internal */
export const makeOrders = Effect.fnUntraced(function*(
  settings: Settings
): Effect.fn.Return<Orders["Service"], never, HttpClient.HttpClient> {
  const call = yield* makeCall(settings)
  const options = { kind: "client", attributes: { "flexfactor.environment": settings.environment } } as const

  /** In a span of its own. Not `Effect.fn`, which captures the stack of the caller at every call. */
  const traced = <Args extends ReadonlyArray<unknown>, A, E>(
    operation: Operation,
    run: (...args: Args) => Effect.Effect<A, E>
  ) =>
  (...args: Args): Effect.Effect<A, E> =>
    Effect.useSpan(operation, options, (span) => Effect.provideService(run(...args), Tracer.ParentSpan, span))

  const list = traced("Orders.list", (query: ListQuery = {}) => call(listRequest(query), pageHandling))

  const get = traced("Orders.get", (id: OrderId) => call(getRequest(id), orderHandling(id)))

  const refund = traced("Orders.refund", (id: OrderId, request: RefundRequest) => {
    const sent = { orderId: id, amount: ownFields(request).amount }
    const unanswered = refundUnanswered(sent)
    return call(refundRequest(id, request), {
      read: refundOutcome(sent),
      isRefused: isRefusedUnauthorized,
      mayRepeat: isProvablyNotSent
    }).pipe(
      Effect.catchTags({
        FlexFactorUnreachable: (error) => Effect.fail(unanswered(error)),
        FlexFactorTimeout: (error) => Effect.fail(unanswered(error))
      })
    )
  })

  const cancel = traced(
    "Orders.cancel",
    (id: OrderId, options?: CancelOptions) =>
      call(cancelOrderRequest(id, options), repeatSafe(cancelOutcome("Orders.cancel", id)))
  )

  const cancelByExternalId = traced(
    "Orders.cancelByExternalId",
    (id: ExternalOrderId, options?: CancelOptions) =>
      call(cancelExternalOrderRequest(id, options), repeatSafe(cancelOutcome("Orders.cancelByExternalId")))
  )

  const pages = (query: ListQuery = {}) => walkPages(list, query)
  const stream = (query: ListQuery = {}) =>
    pages(query).pipe(
      Stream.map(({ orders }) => orders),
      Stream.filter(Arr.isReadonlyArrayNonEmpty),
      Stream.flattenArray
    )

  return Orders.of({ list, pages, stream, get, refund, cancel, cancelByExternalId })
})
