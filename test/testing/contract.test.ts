/**
 * The hand-written client and one derived from the contract agree: the same scenario through both, each against a
 * simulator of its own, reads the same values and moves the same money.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Redacted, Result, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { HttpApiClient, OpenApi } from "effect/http-api"
import {
  type CancelError,
  Cents,
  ExternalOrderId,
  FlexFactor,
  type ListQuery,
  OrderId,
  OrderPage,
  type RefundError
} from "../../src/index.ts"
import { FlexFactorApi, FlexFactorSimulator } from "../../src/testing/index.ts"

const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair

const id = (n: number) => OrderId.make(`00000000-0000-4000-8000-00000000000${n}`)
const nobody = OrderId.make("00000000-0000-4000-8000-999999999999")
const cents = (amount: number) => Cents.make(amount)

const seeds: ReadonlyArray<FlexFactorSimulator.OrderSeed> = [
  { id: id(1), amount: cents(5000), placedAt: "2026-01-01T00:00:00Z", extra: { total: 50, nested: { a: [1, null] } } },
  { id: id(2), amount: cents(1999), placedAt: "2026-01-02T00:00:00Z", status: "Capturerequired", firstName: "Ada" },
  {
    id: id(3),
    externalId: ExternalOrderId.make("#1003"),
    amount: cents(100),
    placedAt: "2026-01-03T00:00:00.123Z",
    status: "Processing"
  },
  { id: id(4), amount: cents(4000), placedAt: "2026-01-04T00:00:00Z", status: "Cancelled", mid: "m-2" },
  { id: id(5), amount: cents(3000), placedAt: "2026-01-05T00:00:00Z", status: "Chargeback" }
]

/** What both clients can do, in the same words. */
interface Client {
  readonly list: (query: ListQuery) => Effect.Effect<unknown, unknown>
  readonly get: (id: OrderId) => Effect.Effect<unknown, unknown>
  readonly refund: (id: OrderId, amount: Cents, message?: string) => Effect.Effect<unknown, unknown>
  readonly cancel: (id: OrderId, idempotencyKey?: string) => Effect.Effect<unknown, unknown>
  readonly externalCancel: (id: ExternalOrderId, idempotencyKey?: string) => Effect.Effect<unknown, unknown>
}

/** The facts of a failure that both clients know. */
const refused = (error: RefundError | CancelError) =>
  "detail" in error
    ? { status: "status" in error ? error.status : undefined, title: error.detail, traceId: error.traceId }
    : { tag: error._tag }

const handWritten = Effect.gen(function*() {
  const orders = yield* FlexFactor.make({ environment: "sandbox", appKey, appSecret: Redacted.make(appSecret) })
  const client: Client = {
    list: (query) => orders.list(query),
    get: (id) => Effect.mapError(orders.get(id), refused),
    refund: (id, amount, message) =>
      orders.refund(id, { amount, message }).pipe(
        Effect.map(({ responseMessage, transactionId }) => ({ success: true, transactionId, responseMessage })),
        Effect.catchTag("RefundRejected", ({ code, reason }) => Effect.succeed({ success: false, code, reason })),
        Effect.mapError(refused)
      ),
    cancel: (id, idempotencyKey) => Effect.mapError(orders.cancel(id, { idempotencyKey }), refused),
    externalCancel: (id, idempotencyKey) => Effect.mapError(orders.cancelByExternalId(id, { idempotencyKey }), refused)
  }
  return client
})

const problem = ({ status, title, traceId }: { readonly status: number; readonly title: string; traceId: string }) => ({
  status,
  title,
  traceId
})

const isProblem = Schema.is(Schema.Union([FlexFactorApi.BadRequest, FlexFactorApi.NotFound]))

const told = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.mapError(effect, (error) => isProblem(error) ? problem(error) : error)

const baseUrl = "https://api-sandbox.flexfactor.io"

const derived = Effect.gen(function*() {
  const http = yield* HttpClient.HttpClient
  const anonymous = yield* HttpApiClient.makeWith(FlexFactorApi.FlexFactorApi, { httpClient: http, baseUrl })
  const { accessToken } = yield* anonymous.token.token({ payload: { AppKey: appKey, AppSecret: appSecret } })
  const { orders } = yield* HttpApiClient.makeWith(FlexFactorApi.FlexFactorApi, {
    httpClient: HttpClient.mapRequest(http, HttpClientRequest.bearerToken(accessToken)),
    baseUrl
  })
  const utc = (time: DateTime.DateTime.Input) => DateTime.toUtc(DateTime.makeUnsafe(time))
  const keyed = (idempotencyKey: string | undefined) => idempotencyKey === undefined ? {} : { idempotencyKey }
  const client: Client = {
    list: ({ from, status, to, ...query }) =>
      orders.list({
        query: {
          ...query,
          ...(from === undefined ? {} : { from: utc(from) }),
          ...(to === undefined ? {} : { to: utc(to) }),
          ...(status === undefined ? {} : { status: [status].flat() })
        } as typeof FlexFactorApi.ListParameters.Type
      }),
    get: (id) => told(orders.get({ params: { id } })),
    refund: (id, amount, message) =>
      told(orders.refund({
        params: { id },
        payload: { amountToRefund: amount, ...(message === undefined ? {} : { refundMessage: message }) }
      })).pipe(Effect.map((answer) =>
        answer.success
          ? { success: true, transactionId: answer.transactionId, responseMessage: answer.responseMessage }
          : { success: false, code: answer.responseCode, reason: answer.responseMessage }
      )),
    cancel: (id, key) => Effect.asVoid(told(orders.cancel({ params: { id }, payload: keyed(key) }))),
    externalCancel: (externalId, key) =>
      Effect.asVoid(told(orders.externalCancel({ params: { externalId }, payload: keyed(key) })))
  }
  return client
})

/** Plays a scenario through a client, and shows what came of it. */
const play = <E>(
  makeClient: Effect.Effect<Client, E, HttpClient.HttpClient>,
  scenario: (client: Client) => ReadonlyArray<Effect.Effect<unknown, unknown>>,
  options: FlexFactorSimulator.SimulatorOptions = {}
) =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const results = yield* Effect.forEach(scenario(yield* makeClient), (step) => Effect.result(step))
    return {
      results,
      ledger: yield* simulator.ledger,
      orders: yield* simulator.orders,
      requests: yield* simulator.requests
    }
  }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient({ orders: seeds, ...options })))

const playBoth = Effect.fnUntraced(function*(
  scenario: (client: Client) => ReadonlyArray<Effect.Effect<unknown, unknown>>,
  options?: FlexFactorSimulator.SimulatorOptions
) {
  return { hand: yield* play(handWritten, scenario, options), contract: yield* play(derived, scenario, options) }
})

interface Scenario {
  readonly name: string
  readonly steps: (client: Client) => ReadonlyArray<Effect.Effect<unknown, unknown>>
  readonly succeeds: ReadonlyArray<boolean>
  readonly options?: FlexFactorSimulator.SimulatorOptions
}

const scenarios: ReadonlyArray<Scenario> = [
  { name: "lists all orders", steps: (client) => [client.list({})], succeeds: [true] },
  {
    name: "lists one status, and several",
    steps: (client) => [client.list({ status: 7 }), client.list({ status: [2, 4, 5] }), client.list({ status: 3 })],
    succeeds: [true, true, true]
  },
  {
    name: "lists by text, merchant and range of time",
    steps: (client) => [
      client.list({ query: "ada" }),
      client.list({ query: "a b&c=d+e%" }),
      client.list({ mid: "m-2" }),
      client.list({ from: "2026-01-02T00:00:00Z", to: "2026-01-03T00:00:00.123Z" })
    ],
    succeeds: [true, true, true, true]
  },
  {
    name: "lists in order, page by page",
    steps: (client) =>
      [1, 2, 3, 4].map((pageNumber) => client.list({ orderBy: "amount", sort: "desc", pageSize: 2, pageNumber })),
    succeeds: [true, true, true, true]
  },
  {
    name: "reads orders",
    steps: (client) => [1, 2, 3, 4, 5].map((n) => client.get(id(n))),
    succeeds: Array(5).fill(true)
  },
  {
    name: "refunds partly, and then too much",
    steps: (client) => [
      client.refund(id(1), cents(1999), "late delivery"),
      client.refund(id(1), cents(3002)),
      client.refund(id(1), cents(3001)),
      client.get(id(1))
    ],
    succeeds: [true, true, true, true]
  },
  {
    name: "refunds what cannot be refunded",
    steps: (client) => [client.refund(id(2), cents(100)), client.refund(id(4), cents(100))],
    succeeds: [true, true]
  },
  {
    name: "repeats a refund that moves nothing",
    steps: (client) => [client.refund(id(1), cents(100)), client.refund(id(1), cents(100))],
    succeeds: [true, true],
    options: { repeatedRefunds: "once per order" }
  },
  {
    name: "cancels, and cancels again",
    steps: (client) => [
      client.cancel(id(2)),
      client.cancel(id(2), "00000000-0000-4000-8000-00000000000a"),
      client.get(id(2))
    ],
    succeeds: [true, true, true]
  },
  {
    name: "cancels by the merchant's id",
    steps: (client) => [
      client.externalCancel(ExternalOrderId.make("#1003")),
      client.externalCancel(ExternalOrderId.make("#1003"), "00000000-0000-4000-8000-00000000000a"),
      client.get(id(3))
    ],
    succeeds: [true, true, true]
  },
  {
    name: "cancels what cannot be cancelled",
    steps: (client) => [client.cancel(id(1)), client.externalCancel(ExternalOrderId.make("order-1"))],
    succeeds: [false, false]
  },
  {
    name: "asks for orders that do not exist",
    steps: (client) => [
      client.get(nobody),
      client.refund(nobody, cents(100)),
      client.cancel(nobody),
      client.externalCancel(ExternalOrderId.make("nobody"))
    ],
    succeeds: [false, false, false, false]
  }
]

describe("both clients", () => {
  it.effect.each(scenarios)("agree on a program that $name", ({ options, steps, succeeds }) =>
    Effect.gen(function*() {
      const { contract, hand } = yield* playBoth(steps, options)
      assert.deepStrictEqual(hand.results.map(Result.isSuccess), succeeds)
      assert.deepStrictEqual(hand.results, contract.results)
      assert.deepStrictEqual(hand.ledger, contract.ledger)
      assert.deepStrictEqual(hand.orders, contract.orders)
    }))

  it.effect.each(scenarios)(
    "send the same requests for a program that $name",
    ({ options, steps }) =>
      Effect.gen(function*() {
        const { contract, hand } = yield* playBoth(steps, options)
        const sent = ({ requests }: { readonly requests: ReadonlyArray<FlexFactorSimulator.LoggedRequest> }) =>
          requests.map(({ appKey, body, method, operation, path, query }) => ({
            operation,
            method,
            path,
            // The order of parameters means nothing.
            query: [...query].sort(([a], [b]) => a.localeCompare(b)),
            body,
            appKey
          }))
        // The derived client asks for its token before the first call, the hand-written one with it: the same order.
        assert.deepStrictEqual(sent(hand), sent(contract))
      })
  )

  it.effect("send the same headers for a refund, but for those that only one of them knows", () =>
    Effect.gen(function*() {
      const { contract, hand } = yield* playBoth((client) => [client.refund(id(1), cents(1000), "x")])
      const headers = ({ requests }: typeof hand) =>
        requests.filter((request) => request.operation === "Orders.refund").map((request) => request.headers)
      const [own, theirs] = [headers(hand)[0], headers(contract)[0]]
      // The derived client passes trace headers on; the hand-written one does not, as they would go to a third party.
      assert.deepStrictEqual(own, {
        accept: "application/json",
        authorization: "<redacted>",
        "content-type": "application/json",
        "content-length": String(JSON.stringify({ amountToRefund: 10, refundMessage: "x" }).length)
      })
      assert.strictEqual(theirs?.["content-type"], own?.["content-type"])
      assert.strictEqual(theirs?.["authorization"], own?.["authorization"])
    }))
})

describe("the contract", () => {
  it("describes all six requests in OpenAPI", () => {
    const { paths } = OpenApi.fromApi(FlexFactorApi.FlexFactorApi)
    const described = Object.entries(paths).map(([path, methods]) => [path, Object.keys(methods)] as const)
    assert.deepStrictEqual(Object.fromEntries(described), {
      "/v1/orders": ["get"],
      "/v1/orders/{id}": ["get"],
      "/v1/orders/{id}/refund": ["post"],
      "/v1/orders/{id}/cancel": ["post"],
      "/v1/orders/{externalId}/external-cancel": ["post"],
      "/v1/oauth2/token": ["post"]
    })
  })

  it("describes the nine parameters of the list", () => {
    const parameters = OpenApi.fromApi(FlexFactorApi.FlexFactorApi).paths["/v1/orders"]?.get?.parameters ?? []
    assert.sameMembers(
      parameters.map((parameter) => "name" in parameter ? parameter.name : ""),
      ["query", "status", "from", "to", "mid", "orderBy", "sort", "pageSize", "pageNumber"]
    )
  })

  it("asks for a bearer token on every request but the one for a token", () => {
    const { paths } = OpenApi.fromApi(FlexFactorApi.FlexFactorApi)
    for (const [path, methods] of Object.entries(paths)) {
      for (const operation of [methods.get, methods.post]) {
        if (operation === undefined) continue
        assert.deepStrictEqual(operation.security, path === "/v1/oauth2/token" ? [] : [{ bearer: [] }])
      }
    }
  })

  it("is an OpenAPI document that JSON holds", () => {
    const document = OpenApi.fromApi(FlexFactorApi.FlexFactorApi)
    assert.deepStrictEqual<unknown>(JSON.parse(JSON.stringify(document)), document)
    assert.strictEqual(document.info.title, "FlexFactor Orders API")
  })

  it.effect("writes a page so that the client reads it back", () =>
    Effect.gen(function*() {
      const { hand } = yield* playBoth((client) => [client.list({})])
      const page = Result.getOrThrow(hand.results[0] ?? Result.fail("no page"))
      const wire = yield* Schema.encodeUnknownEffect(OrderPage)(page)
      const text: unknown = JSON.parse(JSON.stringify(wire))
      assert.deepStrictEqual<unknown>(yield* Schema.decodeUnknownEffect(OrderPage)(text), page)
    }))
})
