import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schedule } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { connect, order, orderId, refunded, refundRequest, type Transport, transports, warmUp } from "./client.ts"
import { answer, closedPort, grantToken, type Received, type Script, serve } from "./server.ts"

const statuses = [301, 302, 303, 307, 308]

const following = Layer.succeed(FetchHttpClient.RequestInit, { redirect: "follow" })

const cases: ReadonlyArray<readonly [name: string, transport: Transport]> = [
  ...transports,
  ["fetch, although the program tells fetch to follow", Layer.provide(FetchHttpClient.layer, following)]
]

/** A server that everything is redirected to, and that would grant and confirm all of it. */
const target = serve({
  token: () => answer(200, { accessToken: "foreign" }),
  orders: ({ method }) => answer(200, method === "GET" ? order : refunded)
})

const to = (status: number, location: string): Script => () => answer(status, "", { location })

const isElsewhere = ({ target }: Received): boolean => target.includes("elsewhere")

warmUp()

describe.each(cases)("A redirect is not followed, over %s", (_, transport) => {
  it.live.each(statuses)("%i to another server: not a byte reaches it", (status) =>
    Effect.gen(function*() {
      const other = yield* target
      const server = yield* serve({ orders: (request) => to(status, `${other.url}${request.target}`)(request, 0) })
      const orders = yield* connect(transport, server)

      const read = yield* Effect.flip(orders.get(orderId))
      if (read._tag !== "FlexFactorUnexpectedStatus") return assert.fail(read._tag)
      assert.strictEqual(read.status, status)

      const refund = yield* Effect.flip(orders.refund(orderId, refundRequest))
      if (refund._tag !== "RefundOutcomeUnknown") return assert.fail(refund._tag)
      assert.strictEqual(refund.status, status)

      const cancel = yield* Effect.flip(orders.cancel(orderId))
      assert.strictEqual(cancel._tag, "FlexFactorUnexpectedStatus")

      assert.lengthOf(server.requests, 3)
      assert.strictEqual(other.connections().made, 0)
    }))

  it.live.each(statuses)("%i to another path of the same server", (status) =>
    Effect.gen(function*() {
      const server = yield* serve({
        orders: (request, nth) =>
          isElsewhere(request) ? answer(200, refunded) : to(status, "/v1/elsewhere")(request, nth)
      })
      const orders = yield* connect(transport, server)
      const read = yield* Effect.flip(orders.get(orderId))
      assert.strictEqual(read._tag, "FlexFactorUnexpectedStatus")
      const refund = yield* Effect.flip(orders.refund(orderId, refundRequest))
      assert.strictEqual(refund._tag, "RefundOutcomeUnknown")
      assert.lengthOf(server.requests, 2)
      assert.isFalse(server.requests.some(isElsewhere))
    }))

  it.live.each(statuses)(
    "%i of the token request: no secret reaches the other server, and nothing is refunded",
    (status) =>
      Effect.gen(function*() {
        const other = yield* target
        const server = yield* serve({
          token: to(status, `${other.url}/v1/oauth2/token`),
          orders: () => answer(200, refunded)
        })
        const orders = yield* connect(transport, server)
        const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
        if (error._tag !== "FlexFactorUnexpectedStatus") return assert.fail(error._tag)
        assert.strictEqual(error.operation, "FlexFactor.token")
        assert.strictEqual(error.status, status)
        assert.lengthOf(server.requests, 0)
        assert.strictEqual(other.connections().made, 0)
      })
  )
})

/** A transport of the program's own that follows redirects whatever it is told. */
const stubborn = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(HttpClient.HttpClient, HttpClient.followRedirects(3))
)

describe.each(transports)("A transport that follows redirects anyway is not believed, over %s", (_, transport) => {
  const follower = Layer.provide(stubborn, transport)

  it.live.each(statuses)("%i to another server", (status) =>
    Effect.gen(function*() {
      const other = yield* serve({
        orders: ({ target }) => answer(200, target.endsWith("/refund") ? refunded : order)
      })
      const server = yield* serve({ orders: (request) => to(status, `${other.url}${request.target}`)(request, 0) })
      const orders = yield* connect(follower, server)
      const read = yield* Effect.flip(orders.get(orderId))
      assert.strictEqual(read._tag, "FlexFactorInvalidResponse")
      const refund = yield* Effect.flip(orders.refund(orderId, refundRequest))
      assert.strictEqual(refund._tag, "RefundOutcomeUnknown")
      assert.isAbove(other.requests.length, 0)
    }))

  it.live.each([302, 307])(
    "%i to a server that is away: the refund was sent, once",
    (status) =>
      Effect.gen(function*() {
        const away = `http://127.0.0.1:${yield* closedPort}`
        const server = yield* serve({ orders: (request) => to(status, `${away}${request.target}`)(request, 0) })
        const orders = yield* connect(follower, server, { retry: Schedule.recurs(3) })
        const refund = yield* Effect.flip(orders.refund(orderId, refundRequest))
        assert.strictEqual(refund._tag, "RefundOutcomeUnknown")
        assert.lengthOf(server.requests, 1)
      })
  )

  it.live.each(statuses)("%i to another path of the same server", (status) =>
    Effect.gen(function*() {
      const server = yield* serve({
        orders: (request, nth) =>
          isElsewhere(request) ? answer(200, refunded) : to(status, "/v1/elsewhere")(request, nth)
      })
      const orders = yield* connect(follower, server)
      const refund = yield* Effect.flip(orders.refund(orderId, refundRequest))
      assert.strictEqual(refund._tag, "RefundOutcomeUnknown")
      assert.isTrue(server.requests.some(isElsewhere))
    }))

  it.live.each([400, 401, 403, 404, 422, 429])(
    "a refund that ends at a %i of another path was sent once",
    (refusal) =>
      Effect.gen(function*() {
        const server = yield* serve({
          orders: (request, nth) => isElsewhere(request) ? answer(refusal) : to(302, "/v1/elsewhere")(request, nth)
        })
        const orders = yield* connect(follower, server)
        const refund = yield* Effect.flip(orders.refund(orderId, refundRequest))
        assert.lengthOf(server.refunds(), 1)
        assert.strictEqual(refund._tag, "RefundOutcomeUnknown")
      })
  )

  it.live.each(statuses)(
    "%i of the token request to another server: its token is not used",
    (status) =>
      Effect.gen(function*() {
        const other = yield* target
        const server = yield* serve({
          token: to(status, `${other.url}/v1/oauth2/token`),
          orders: () => answer(200, order)
        })
        const orders = yield* connect(follower, server)
        const error = yield* Effect.flip(orders.get(orderId))
        assert.strictEqual(error._tag, "FlexFactorInvalidResponse")
        assert.lengthOf(server.requests, 0)
      })
  )
})

describe("Fetch options of the program", () => {
  it.live("around the call: redirects stay off, and the rest is kept", () =>
    Effect.gen(function*() {
      const other = yield* target
      const server = yield* serve({ token: grantToken, orders: to(307, `${other.url}/v1/orders`) })
      const orders = yield* connect(FetchHttpClient.layer, server)
      const options = { redirect: "follow", headers: { "x-proxy": "kept" } } as const
      const error = yield* orders.refund(orderId, refundRequest).pipe(
        Effect.flip,
        Effect.provideService(FetchHttpClient.RequestInit, options)
      )
      assert.strictEqual(error._tag, "RefundOutcomeUnknown")
      assert.strictEqual(server.requests[0]?.headers["x-proxy"], "kept")
      assert.lengthOf(server.requests, 1)
      assert.strictEqual(other.connections().made, 0)
    }))

  it.live("around the client: redirects stay off, and the rest is kept", () =>
    Effect.gen(function*() {
      const other = yield* target
      const server = yield* serve({ orders: to(307, `${other.url}/v1/orders`) })
      const options = { redirect: "follow", headers: { "x-proxy": "kept" } } as const
      const orders = yield* connect(FetchHttpClient.layer, server).pipe(
        Effect.provideService(FetchHttpClient.RequestInit, options)
      )
      const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
      assert.strictEqual(error._tag, "RefundOutcomeUnknown")
      assert.strictEqual(server.requests[0]?.headers["x-proxy"], "kept")
      assert.strictEqual(other.connections().made, 0)
    }))
})
