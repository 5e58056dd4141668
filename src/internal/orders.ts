/**
 * The operations of `Orders`.
 *
 * Each goes one way: it makes a request, the call sends it and brings the answer, and a reader turns the answer into the
 * result or the error.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import type { ListQuery } from "../ListQuery.ts"
import { Order, readOrder } from "../Order.ts"
import type { ExternalOrderId, OrderId } from "../OrderId.ts"
import { OrderPage, readPage } from "../OrderPage.ts"
import { Orders } from "../Orders.ts"
import { byStatus, type FlexFactorInvalidResponse, type Operation, type RepeatableError } from "../OrdersError.ts"
import type { StatusErrorOf } from "../OrdersError/tables.ts"
import type { RefundRequest } from "../Refund.ts"
import { type Answer, isSuccess } from "./answer.ts"
import { makeCall } from "./call.ts"
import { cancelOutcome } from "./cancelOutcome.ts"
import { anotherUrl, decodeBody, invalidResponse } from "./decode.ts"
import { ownFields } from "./jsonObject.ts"
import { walkPages } from "./listing.ts"
import { listRequest } from "./listRequest.ts"
import { oneId } from "./oneId.ts"
import {
  cancelExternalOrderRequest,
  type CancelOptions,
  cancelOrderRequest,
  getRequest,
  refundRequest
} from "./orderRequest.ts"
import { isRefusedUnauthorized, refundOutcome, refundUnanswered } from "./refundOutcome.ts"
import type { Settings } from "./settings.ts"
import { statusError } from "./status.ts"

/** An operation that may be made again after any transient error. */
const repeatSafe = <A, E>(read: (answer: Answer) => Effect.Effect<A, E>) => ({
  read,
  isRefused: constTrue,
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
    (order) => order.id === id || oneId(order.id) === oneId(id),
    () => invalidResponse(operation, answer, "it is about another order")
  )

const orderHandling = (id: OrderId) => repeatSafe(readSuccess("Orders.get", decodeOrderOf(id)))

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
