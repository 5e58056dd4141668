/**
 * Another package has put keys on `Object.prototype`. What the library reads, sends and decides stays the same: every
 * call is made with a clean prototype and with a polluted one, and both show the same.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Redacted, Result, Stream } from "effect"
import { HttpClient, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import {
  Cents,
  ExternalOrderId,
  FlexFactor,
  isRepeatable,
  OrderId,
  type Orders,
  type OrdersError
} from "../src/index.ts"
import { polluted } from "./support/polluted.ts"

const id = OrderId.make("00000000-0000-4000-8000-000000000001")
const amount = Cents.make(1000)

type Pollution = readonly [name: string, keys: Readonly<Record<string, unknown>>]

const keys: Readonly<Record<string, unknown>> = {
  success: true,
  status: "SUCCESS",
  id: "polluted-id",
  email: "polluted@example.com",
  message: "polluted message",
  pageSize: 7,
  code: "polluted-code",
  amount: 666,
  // What else the library could take for something that was said.
  statusCode: 7,
  statusName: "Completed",
  responseCode: "2001",
  responseMessage: "polluted",
  transactionId: "polluted-transaction",
  traceId: "polluted-trace",
  requestId: "polluted-request",
  errors: ["polluted"],
  error: { message: "polluted" },
  title: "polluted",
  detail: "polluted",
  fieldErrors: { polluted: ["polluted"] },
  retryAfter: "polluted",
  refundMessage: "polluted",
  amountToRefund: 6.66,
  idempotencyKey: "00000000-0000-4000-8000-00000000000a",
  query: "polluted",
  mid: "polluted",
  from: "2020-01-01T00:00:00Z",
  to: "2020-01-02T00:00:00Z",
  orderBy: "polluted",
  sort: "desc",
  pageNumber: 3,
  orders: [],
  items: [],
  hasNextPage: true,
  isLastPage: false,
  pageCount: 9,
  totalItemCount: 99,
  extra: { polluted: true },
  expires: 1,
  accessToken: "polluted-token",
  orderId: "polluted-order",
  written: "polluted"
}

const asked = ["success", "status", "id", "email", "message", "pageSize", "code", "amount"]

const pollutions: ReadonlyArray<Pollution> = [
  ...Object.entries(keys).map(([key, value]): Pollution => [key, { [key]: value }]),
  [
    "the names of an answer, of a request and of an error at once",
    Object.fromEntries(asked.map((key) => [key, keys[key]]))
  ],
  ["a refusal", { success: false, status: "FAILED" }]
]

interface Sent {
  readonly method: string
  readonly url: string
  readonly body: string
  readonly headers: ReadonlyArray<readonly [string, string]>
}

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string =>
  body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""

type Answer = readonly [status: number, body: string]

/**
 * The own properties of a failure, and what its accessor says. Not its `message`, nor an `issue` that a schema words:
 * Effect takes an inherited `message` for its own there, whatever the library does.
 */
const showFailure = (error: OrdersError.OrdersError) => ({
  _tag: error._tag,
  own: Object.keys(error).filter((key) => key !== "stack" && key !== "message").sort(),
  fields: { ...error, written: undefined, message: undefined, issue: undefined },
  detail: "written" in error && "detail" in error ? error.detail : undefined,
  isRepeatable: isRepeatable(error)
})

/**
 * Makes a call whose request is answered in turn with the answers, and shows as text what was sent and what came back.
 * The text is made while the prototype is polluted, but JSON shows own properties only.
 */
const probe = (
  answers: ReadonlyArray<Answer>,
  call: (orders: Orders["Service"]) => Effect.Effect<unknown, OrdersError.OrdersError>,
  token = "{\"accessToken\":\"token\"}"
): Effect.Effect<string> =>
  Effect.gen(function*() {
    const sent: Array<Sent> = []
    const http = HttpClient.make((request, url) =>
      Effect.sync(() => {
        const isToken = url.pathname.endsWith("/oauth2/token")
        const answered = sent.filter((one) => !one.url.endsWith("/oauth2/token")).length
        const [status, body] = isToken
          ? [200, token] as const
          : answers[Math.min(answered, answers.length - 1)] ?? [500, ""] as const
        sent.push({
          method: request.method,
          url: url.toString(),
          body: bodyOf(request),
          headers: Object.entries(request.headers).map(([name, value]) => [name, value])
        })
        return HttpClientResponse.fromWeb(request, new Response(body, { status }))
      })
    )
    const orders = yield* FlexFactor.make({
      environment: "sandbox",
      appKey: "key",
      appSecret: Redacted.make("secret")
    }).pipe(Effect.provideService(HttpClient.HttpClient, http), Effect.orDie)
    const fiber = yield* Effect.forkChild(Effect.result(call(orders)))
    yield* TestClock.adjust("1 minute")
    const result = yield* Fiber.join(fiber)
    const outcome = Result.isFailure(result) ? showFailure(result.failure) : { succeeded: result.success }
    return JSON.stringify({ outcome, sent }, undefined, 1)
  }).pipe(Effect.provide(TestClock.layer()))

const order = JSON.stringify({ id: "order-1", status: 5, currencyCode: "USD", total: { paid: 1 } })
const page = JSON.stringify({ items: [JSON.parse(order)], hasNextPage: false })

const probes: ReadonlyArray<readonly [name: string, run: Effect.Effect<string>]> = [
  ["a refund answered with {}", probe([[200, "{}"]], (orders) => orders.refund(id, { amount }))],
  [
    "a refund answered with half a yes",
    probe([[200, "{\"success\":true}"]], (orders) => orders.refund(id, { amount }))
  ],
  [
    "a refund answered with half a no",
    probe([[200, "{\"success\":false}"]], (orders) => orders.refund(id, { amount }))
  ],
  [
    "a refund answered with yes",
    probe([[200, "{\"success\":true,\"status\":\"SUCCESS\"}"]], (orders) => orders.refund(id, { amount }))
  ],
  ["a refund answered with 400", probe([[400, "{}"]], (orders) => orders.refund(id, { amount }))],
  ["a refund answered with 500", probe([[500, "{}"]], (orders) => orders.refund(id, { amount }))],
  ["a refund answered with 429", probe([[429, "{}"]], (orders) => orders.refund(id, { amount }))],
  ["a cancel answered with {}", probe([[200, "{}"]], (orders) => orders.cancel(id))],
  ["a cancel answered with 400", probe([[400, "{}"]], (orders) => orders.cancel(id))],
  [
    "a cancel by the merchant's id",
    probe([[200, ""]], (orders) => orders.cancelByExternalId(ExternalOrderId.make("#1"), {}))
  ],
  ["a read", probe([[200, order]], (orders) => orders.get(id))],
  ["a read without a token in the answer to its request", probe([[200, order]], (orders) => orders.get(id), "{}")],
  ["a read of an order that has nothing but {}", probe([[200, "{}"]], (orders) => orders.get(id))],
  ["a read answered with 404", probe([[404, "{}"]], (orders) => orders.get(id))],
  ["a list", probe([[200, page]], (orders) => orders.list())],
  ["a list with a query of {}", probe([[200, page]], (orders) => orders.list({}))],
  ["a list answered with {}", probe([[200, "{}"]], (orders) => orders.list())],
  ["a read that is repeated", probe([[503, "{}"], [200, order]], (orders) => orders.get(id))],
  ["all pages", probe([[200, page]], (orders) => Stream.runCollect(orders.pages()))],
  ["all orders", probe([[200, page]], (orders) => Stream.runCollect(orders.stream({})))]
]

describe("with a polluted Object.prototype", () => {
  it.effect.each(pollutions)("every call sends, reads and decides the same: %s", ([, keys]) =>
    Effect.gen(function*() {
      const different: Array<string> = []
      for (const [name, run] of probes) {
        const clean = yield* run
        const seen = yield* polluted(keys)(Effect.exit(run))
        if (Exit.isFailure(seen) || seen.value !== clean) different.push(name)
      }
      assert.deepStrictEqual(different, [])
    }))

  it.effect("a refund answered with {} stays in doubt, and nothing inherited is sent", () =>
    Effect.gen(function*() {
      const inherited = Object.fromEntries([...asked, "refundMessage", "amountToRefund"].map((key) => [key, keys[key]]))
      const text = yield* polluted(inherited)(probe([[200, "{}"]], (orders) => orders.refund(id, { amount })))
      assert.include(text, "\"_tag\": \"RefundOutcomeUnknown\"")
      assert.include(text, JSON.stringify("{\"amountToRefund\":10}"))
    }))

  it.effect("an order is read without what it does not say", () =>
    Effect.gen(function*() {
      const inherited = Object.fromEntries(["email", "firstName", "statusCode"].map((key) => [key, "polluted"]))
      const text = yield* polluted(inherited)(probe([[200, order]], (orders) => orders.get(OrderId.make("order-1"))))
      assert.include(text, "\"status\": \"Capturerequired\"")
      assert.notInclude(text, "polluted")
    }))

  it("leaves nothing behind", () => {
    assert.deepStrictEqual(Object.keys(Object.prototype), [])
  })
})
