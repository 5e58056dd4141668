/**
 * The ways in which a call fails.
 */
import { Effect, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { Cents, ExternalOrderId, FlexFactor, OrderId } from "../../src/index.ts"
import type { Run } from "../support/script.ts"
import { bodies, okToken, type Reply, respond, silence, transportFailure } from "./replies.ts"
import { accessToken, appSecret, customer, freshToken, quoted, refreshToken } from "./sentinels.ts"
import { traces } from "./sinks.ts"

export const orderId = OrderId.make("00000000-0000-4000-8000-000000000001")

export const calls = {
  list: (orders) => orders.list({ query: customer.freeText }),
  get: (orders) => orders.get(orderId),
  refund: (orders) => orders.refund(orderId, { amount: Cents.make(1999), message: customer.freeText }),
  cancel: (orders) => orders.cancel(orderId),
  cancelByExternalId: (orders) => orders.cancelByExternalId(ExternalOrderId.make("order-1"))
} satisfies Readonly<Record<string, Run>>

export interface Way {
  readonly name: string
  readonly call: Run
  readonly reply: Reply
  readonly token?: Reply
  readonly credentials?: FlexFactor.Credentials
  /** The tag of the failure; `undefined` where several are right. */
  readonly tag?: string
}

export const keyPair: FlexFactor.Credentials = { appKey: "the-app-key", appSecret: Redacted.make(appSecret) }
const held: FlexFactor.Credentials = { accessToken: Redacted.make(accessToken) }

export const statuses = [302, 400, 401, 403, 404, 405, 409, 418, 422, 429, 500, 502, 503, 504]

export const byStatus: ReadonlyArray<Way> = statuses.flatMap((status) =>
  Object.entries(calls).flatMap(([callName, call]) =>
    Object.entries(bodies).map(([bodyName, body]): Way => ({
      name: `${callName} answered with ${status} and ${bodyName}`,
      call,
      reply: respond(status, body, { "retry-after": "1", "x-request-id": customer.email })
    }))
  )
)

export const onlyBodies = Object.entries(bodies)

/** What a failure of the transport is to a call that is no refund. The last of them holds an answer. */
const transportTags = [...Array<string>(5).fill("FlexFactorUnreachable"), "FlexFactorInternalServerError"]

export const otherWays: ReadonlyArray<Way> = [
  ...onlyBodies.map(([name, body]): Way => ({
    name: `refund with an unreadable success: ${name}`,
    call: calls.refund,
    reply: respond(200, body),
    tag: "RefundOutcomeUnknown"
  })),
  ...onlyBodies.map(([name, body]): Way => ({
    name: `cancel with an unreadable success: ${name}`,
    call: calls.cancel,
    reply: respond(200, body),
    tag: "FlexFactorInvalidResponse"
  })),
  ...onlyBodies.map(([name, body]): Way => ({
    name: `get with an unreadable success: ${name}`,
    call: calls.get,
    reply: respond(200, body, { "content-type": quoted }),
    tag: "FlexFactorInvalidResponse"
  })),
  {
    name: "an order whose id is not one",
    call: calls.get,
    reply: respond(200, { id: quoted, status: 7, firstName: customer.name }),
    tag: "FlexFactorInvalidResponse"
  },
  {
    name: "a page with an order whose id is not one",
    call: calls.list,
    reply: respond(200, { items: [{ id: `${customer.email}/..`, status: 7 }], [customer.name]: quoted }),
    tag: "FlexFactorInvalidResponse"
  },
  {
    name: "a rejected refund",
    call: calls.refund,
    reply: respond(200, {
      success: false,
      status: "FAILED",
      responseCode: "2001",
      responseMessage: `${quoted} ${accessToken}`,
      errors: [{ item1: quoted, item2: "2001" }]
    }),
    tag: "RefundRejected"
  },
  {
    name: "a refund that is answered with a contradiction",
    call: calls.refund,
    reply: respond(200, { success: true, status: "FAILED", responseMessage: quoted }),
    tag: "RefundOutcomeUnknown"
  },
  ...(["traceId", "TraceId", "code", "errorCode", "statusCode", "responseCode"].map((field): Way => ({
    name: `a card number where FlexFactor writes its ${field}`,
    call: calls.get,
    reply: respond(500, { title: "x", [field]: customer.card }),
    tag: "FlexFactorInternalServerError"
  }))),
  {
    name: "a rejected cancel",
    call: calls.cancel,
    reply: respond(200, { success: false, status: "FAILED", responseMessage: quoted }),
    tag: "CancelRejected"
  },
  { name: "a refund that times out", call: calls.refund, reply: silence, tag: "RefundOutcomeUnknown" },
  { name: "a list that times out", call: calls.list, reply: silence, tag: "FlexFactorTimeout" },
  { name: "a token that times out", call: calls.list, reply: silence, token: silence, tag: "FlexFactorTimeout" },
  {
    name: "real financial data in the query of a list",
    call: (orders) => orders.list({ query: `${customer.freeText} ${customer.card}` }),
    reply: silence,
    tag: "SandboxDataRefused"
  },
  {
    name: "real financial data in the note of a refund",
    call: (orders) => orders.refund(orderId, { amount: Cents.make(1), message: quoted }),
    reply: silence,
    tag: "SandboxDataRefused"
  },
  {
    name: "a query that breaks a rule",
    call: (orders) => orders.list({ query: `${customer.freeText}\u0000${customer.email}` }),
    reply: silence,
    tag: "FlexFactorInvalidRequest"
  },
  {
    name: "a note that breaks a rule",
    call: (orders) => orders.refund(orderId, { amount: Cents.make(1), message: quoted.repeat(20) }),
    reply: silence,
    tag: "FlexFactorInvalidRequest"
  },
  {
    name: "an id that is not one",
    call: (orders) => orders.get(`${customer.email}/${accessToken}` as OrderId),
    reply: silence,
    tag: "FlexFactorInvalidRequest"
  },
  {
    name: "an idempotency key that is not one",
    call: (orders) => orders.cancel(orderId, { idempotencyKey: quoted }),
    reply: silence,
    tag: "FlexFactorInvalidRequest"
  },
  ...statuses.map((status): Way => ({
    name: `a token request answered with ${status}`,
    call: calls.refund,
    reply: silence,
    token: respond(status, `${appSecret} ${quoted}`, { "retry-after": "1" })
  })),
  {
    name: "a token that does not fit a header",
    call: calls.refund,
    reply: silence,
    token: respond(200, { accessToken: `${accessToken}\r\n${appSecret}`, refreshToken }),
    tag: "FlexFactorInvalidResponse"
  },
  {
    name: "a token that is not text",
    call: calls.refund,
    reply: silence,
    token: respond(200, { accessToken: [accessToken], refreshToken }),
    tag: "FlexFactorInvalidResponse"
  },
  {
    name: "a token that comes as text",
    call: calls.refund,
    reply: silence,
    token: respond(200, accessToken),
    tag: "FlexFactorInvalidResponse"
  },
  {
    name: "a held token that FlexFactor refuses",
    call: calls.refund,
    reply: respond(401, `${accessToken} ${quoted}`),
    credentials: held,
    tag: "FlexFactorUnauthorized"
  },
  {
    name: "a held token that does not fit a header",
    call: calls.refund,
    reply: silence,
    credentials: { accessToken: Effect.succeed(Redacted.make(`${accessToken}\r\n${freshToken}`)) },
    tag: "FlexFactorInvalidRequest"
  },
  ...transportTags.flatMap((tag, index): ReadonlyArray<Way> => [
    { name: `a refund whose transport fails, #${index}`, call: calls.refund, reply: transportFailure(index) },
    { name: `a list whose transport fails, #${index}`, call: calls.list, reply: transportFailure(index) },
    {
      name: `a refund whose token's transport fails, #${index}`,
      call: calls.refund,
      reply: silence,
      token: transportFailure(index),
      tag
    },
    {
      name: `a held token whose transport fails, #${index}`,
      call: calls.get,
      reply: transportFailure(index),
      credentials: held,
      tag
    }
  ])
]

/** Fails in one way, and collects every trace that it leaves anywhere. */
export const failing = Effect.fnUntraced(function*({ call, credentials = keyPair, reply, token = okToken }: Way) {
  const http = HttpClient.make((request, url) =>
    url.pathname.endsWith("/oauth2/token") ? token(request) : reply(request)
  )
  const options: FlexFactor.Options = { environment: "sandbox", ...credentials }
  const orders = yield* FlexFactor.make(options).pipe(Effect.provideService(HttpClient.HttpClient, http))
  return yield* traces(call(orders))
})
