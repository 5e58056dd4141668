/**
 * FlexFactor's Orders API as a contract: what the simulator serves, what a derived client speaks, and where an OpenAPI
 * document comes from. It shares its schemas with the client, so that the two cannot drift apart unseen.
 *
 * Where no source shows how FlexFactor answers, the contract says what the simulator assumes (docs/wire.md).
 */
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { CentsFromDollars } from "../Money.ts"
import { Order } from "../Order.ts"
import { ExternalOrderId, OrderId } from "../OrderId.ts"
import { OrderPage } from "../OrderPage.ts"

const ErrorTexts = Schema.Record(Schema.String, Schema.Array(Schema.String))

/** The documented body of a failure, with the status that it repeats. */
const problem = <const Status extends number>(status: Status, identifier: string) =>
  Schema.Struct({
    status: Schema.Literal(status),
    title: Schema.String,
    traceId: Schema.String,
    errors: Schema.optionalKey(ErrorTexts)
  }).annotate({ identifier }).pipe(HttpApiSchema.status(status))

/** 400: the request is malformed, or the order's state does not allow it (the second is assumed). */
export const BadRequest = problem(400, "BadRequest")

/** 404: no such order (assumed: no source shows how FlexFactor says so). */
export const NotFound = problem(404, "NotFound")

/** 401: no token, or one that is not valid (observed); the body is empty (assumed). */
export const Unauthorized = Schema.TaggedStruct("Unauthorized", {}).pipe(
  HttpApiSchema.asNoContent({ decode: () => ({ _tag: "Unauthorized" as const }) }),
  HttpApiSchema.status(401)
)

/** The request for an access token (documented). */
export const TokenRequest = Schema.Struct({ AppKey: Schema.String, AppSecret: Schema.String })

/** The answer to a request for an access token (observed). `expires` is milliseconds since the epoch. */
export const TokenAnswer = Schema.Struct({
  accessToken: Schema.String,
  refreshToken: Schema.String,
  expires: Schema.Int,
  id: Schema.String,
  success: Schema.Boolean,
  result: Schema.Null,
  status: Schema.Null,
  statusCode: Schema.Null,
  errors: Schema.Array(Schema.Never),
  customProperties: Schema.Struct({})
})

/** The body of a refund (documented). */
export const RefundBody = Schema.Struct({
  amountToRefund: CentsFromDollars,
  refundMessage: Schema.optionalKey(Schema.String)
})

/** The answer to a refund: the verdict is `success` together with `status` (documented, and observed for a failure). */
export const RefundAnswer = Schema.Struct({
  responseCode: Schema.NullOr(Schema.String),
  responseMessage: Schema.NullOr(Schema.String),
  transactionId: Schema.NullOr(Schema.String),
  success: Schema.Boolean,
  result: Schema.Null,
  status: Schema.Literals(["SUCCESS", "FAILED"]),
  statusCode: Schema.Null,
  errors: Schema.Array(Schema.Struct({
    item1: Schema.String,
    item2: Schema.String,
    item3: Schema.String,
    item4: Schema.Boolean
  })),
  customProperties: Schema.Struct({})
})

/** The body of a cancel: empty (documented), or an idempotency key (documented lately). */
export const CancelBody = Schema.Struct({ idempotencyKey: Schema.optionalKey(Schema.String) })

/** The parameters of a list (documented). */
export const ListParameters = Schema.Struct({
  query: Schema.optionalKey(Schema.String),
  status: Schema.optionalKey(Schema.Array(Schema.FiniteFromString)),
  from: Schema.optionalKey(Schema.DateTimeUtcFromString),
  to: Schema.optionalKey(Schema.DateTimeUtcFromString),
  mid: Schema.optionalKey(Schema.String),
  orderBy: Schema.optionalKey(Schema.String),
  sort: Schema.optionalKey(Schema.Literals(["asc", "desc"])),
  pageSize: Schema.optionalKey(Schema.FiniteFromString),
  pageNumber: Schema.optionalKey(Schema.FiniteFromString)
})

/** Every request but the one for a token needs a bearer token (documented). */
export class Bearer extends HttpApiMiddleware.Service<Bearer>()("effect-flexfactor/testing/Bearer", {
  security: { bearer: HttpApiSecurity.bearer },
  error: Unauthorized
}) {}

/** The four operations on orders, and the cancel by the merchant's id. */
export class OrdersGroup extends HttpApiGroup.make("orders").add(
  HttpApiEndpoint.get("list", "/orders", { query: ListParameters, success: OrderPage, error: BadRequest }),
  HttpApiEndpoint.get("get", "/orders/:id", { params: { id: OrderId }, success: Order, error: NotFound }),
  HttpApiEndpoint.post("refund", "/orders/:id/refund", {
    params: { id: OrderId },
    payload: RefundBody,
    success: RefundAnswer,
    error: [BadRequest, NotFound]
  }),
  HttpApiEndpoint.post("cancel", "/orders/:id/cancel", {
    params: { id: OrderId },
    payload: CancelBody,
    success: Schema.Struct({}),
    error: [BadRequest, NotFound]
  }),
  HttpApiEndpoint.post("externalCancel", "/orders/:externalId/external-cancel", {
    params: { externalId: ExternalOrderId },
    payload: CancelBody,
    success: Schema.Struct({}),
    error: [BadRequest, NotFound]
  })
).middleware(Bearer) {}

/** The request for an access token. */
export class TokenGroup extends HttpApiGroup.make("token").add(
  HttpApiEndpoint.post("token", "/oauth2/token", { payload: TokenRequest, success: TokenAnswer, error: BadRequest })
) {}

/**
 * FlexFactor's Orders API as a contract.
 *
 * @example
 * ```ts
 * import { OpenApi } from "effect/http-api"
 * import { FlexFactorApi } from "effect-flexfactor/testing"
 *
 * const document = OpenApi.fromApi(FlexFactorApi.FlexFactorApi)
 * ```
 */
export class FlexFactorApi extends HttpApi.make("flexfactor").add(OrdersGroup, TokenGroup).prefix("/v1").annotateMerge(
  OpenApi.annotations({ title: "FlexFactor Orders API", version: "1.0.0" })
) {}
