/**
 * The requests about one order. What is wrong with an id, an amount or a note is found here, before anything is sent.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Cents, CentsFromDollars } from "../Money.ts"
import { ExternalOrderId, OrderId } from "../OrderId.ts"
import { FlexFactorInvalidRequest, type Operation } from "../OrdersError.ts"
import { maximumMessageLength, type RefundRequest } from "../Refund.ts"
import { ruleOf } from "./branded.ts"
import { ownFields } from "./jsonObject.ts"
import type { OrdersRequest } from "./ordersRequest.ts"
import { textRule } from "./textRule.ts"

type Made = Effect.Effect<OrdersRequest, FlexFactorInvalidRequest>

/** Checks a value by a schema, and names the field and the rule that it breaks. */
export const valid = <A, I>(
  operation: FlexFactorInvalidRequest["operation"],
  field: string,
  schema: Schema.Codec<A, I>
) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (value: unknown): Effect.Effect<A, FlexFactorInvalidRequest> =>
    Effect.fromResult(
      Result.mapError(decode(value), (error) => new FlexFactorInvalidRequest({ operation, field, rule: ruleOf(error) }))
    )
}

/** The brands say that the values were checked; code without types can still pass anything. */
const orderId = (operation: Operation) => valid(operation, "id", OrderId)

const segment = (id: string): string => encodeURIComponent(id)

const getId = orderId("Orders.get")

export const getRequest = (id: OrderId): Made =>
  Effect.map(getId(id), (id) => ({
    operation: "Orders.get",
    method: "GET",
    path: `/orders/${segment(id)}`,
    orderId: id,
    texts: [["id", id]]
  }))

const refundId = orderId("Orders.refund")
const refundAmount = valid("Orders.refund", "amount", Cents)
const dollars = Schema.encodeUnknownResult(CentsFromDollars)

export const refundRequest = Effect.fnUntraced(function*(
  id: OrderId,
  given: RefundRequest
): Effect.fn.Return<OrdersRequest, FlexFactorInvalidRequest> {
  const invalid = (field: string, rule: string) =>
    Effect.fail(new FlexFactorInvalidRequest({ operation: "Orders.refund", field, rule }))
  const { amount, message } = ownFields(given)
  const orderId = yield* refundId(id)
  const cents = yield* refundAmount(amount)
  if (cents === 0) return yield* invalid("amount", "must be more than zero")
  const amountToRefund = dollars(cents)
  if (Result.isFailure(amountToRefund)) {
    return yield* invalid("amount", "must have at most fifteen digits, which a JSON number holds exactly")
  }
  const rule = message === undefined ? undefined : textRule(message, maximumMessageLength)
  if (rule !== undefined) return yield* invalid("message", rule)
  return {
    operation: "Orders.refund",
    method: "POST",
    path: `/orders/${segment(orderId)}/refund`,
    orderId,
    body: { amountToRefund: amountToRefund.success, ...(message === undefined ? {} : { refundMessage: message }) },
    texts: [["id", orderId], ...(message === undefined ? [] : [["message", message] as const])]
  }
})

/** What a cancel may carry: `idempotencyKey`, a GUID, if the caller wants FlexFactor to replay its first answer. */
export interface CancelOptions {
  readonly idempotencyKey?: string | undefined
}

const Guid = Schema.String.check(Schema.isGUID({ message: "must be a GUID, such as crypto.randomUUID() makes" }))

const cancelRequest = (
  operation: "Orders.cancel" | "Orders.cancelByExternalId",
  idField: "id" | "externalId",
  action: "cancel" | "external-cancel"
) => {
  const validKey = valid(operation, "idempotencyKey", Guid)
  return Effect.fnUntraced(function*(
    id: string,
    given: CancelOptions | undefined
  ): Effect.fn.Return<OrdersRequest, FlexFactorInvalidRequest> {
    const { idempotencyKey } = ownFields(given ?? {})
    return {
      operation,
      method: "POST",
      path: `/orders/${segment(id)}/${action}`,
      // The key is part of the body, which is written once, so that every attempt carries the same (documented).
      body: idempotencyKey === undefined ? {} : { idempotencyKey: yield* validKey(idempotencyKey) },
      texts: [[idField, id]]
    }
  })
}

const cancelById = cancelRequest("Orders.cancel", "id", "cancel")
const cancelId = orderId("Orders.cancel")

export const cancelOrderRequest = (id: OrderId, options?: CancelOptions): Made =>
  Effect.flatMap(
    cancelId(id),
    (orderId) => Effect.map(cancelById(orderId, options), (request) => ({ ...request, orderId }))
  )

const cancelByMerchantsId = cancelRequest("Orders.cancelByExternalId", "externalId", "external-cancel")
const externalId = valid("Orders.cancelByExternalId", "externalId", ExternalOrderId)

export const cancelExternalOrderRequest = (id: ExternalOrderId, options?: CancelOptions): Made =>
  Effect.flatMap(externalId(id), (id) => cancelByMerchantsId(id, options))
