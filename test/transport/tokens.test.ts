import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Ref } from "effect"
import { FetchHttpClient } from "effect/http"
import { Orders } from "../../src/index.ts"
import {
  clientLayer,
  connect,
  keyPair,
  order,
  orderId,
  refunded,
  refundRequest,
  transports,
  underDeadline,
  warmUp
} from "./client.ts"
import {
  answer,
  bytes,
  eventually,
  finish,
  grantToken,
  pause,
  type Received,
  type Script,
  sequence,
  serve,
  silence
} from "./server.ts"

const ok: Script = ({ method }) => answer(200, method === "GET" ? order : refunded)

const unauthorized = (body: unknown = { message: "Unauthorized" }) => answer(401, body)

const tokenOf = ({ headers }: Received) => headers["authorization"]

warmUp()

describe.concurrent.each(transports)("A token that FlexFactor refuses, over %s", (_, transport) => {
  it.live("a refund is sent once more with a new token", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: (request, nth) => nth === 0 ? unauthorized() : ok(request, nth) })
      const orders = yield* connect(transport, server)
      const receipt = yield* orders.refund(orderId, refundRequest)
      assert.strictEqual(receipt.transactionId, "t-1")
      assert.lengthOf(server.tokenRequests, 2)
      assert.deepStrictEqual(server.requests.map(tokenOf), ["Bearer merchant/1", "Bearer merchant/2"])
      assert.strictEqual(server.requests[0]?.body, server.requests[1]?.body)
    }))

  it.live("a second refusal surfaces, after two refunds", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => unauthorized() })
      const orders = yield* connect(transport, server)
      const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
      assert.strictEqual(error._tag, "FlexFactorUnauthorized")
      assert.lengthOf(server.requests, 2)
      assert.lengthOf(server.tokenRequests, 2)
    }))

  it.live("a refund is not repeated where no new token comes: it was not carried out", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        token: (request, nth) => nth === 0 ? grantToken(request, nth) : answer(503),
        orders: () => unauthorized()
      })
      const orders = yield* connect(transport, server)
      const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
      if (error._tag !== "FlexFactorServiceUnavailable") return assert.fail(error._tag)
      assert.strictEqual(error.operation, "FlexFactor.token")
      assert.lengthOf(server.requests, 1)
    }))

  it.live("a refund whose second answer is lost is in doubt", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: (_, nth) => nth === 0 ? unauthorized() : finish })
      const orders = yield* connect(transport, server)
      const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
      assert.strictEqual(error._tag, "RefundOutcomeUnknown")
      assert.lengthOf(server.requests, 2)
    }))

  it.live("a deadline that passes while the new token is fetched: the refund was not carried out", () =>
    underDeadline(Effect.fnUntraced(function*(timeout) {
      const server = yield* serve({
        token: (request, nth) => nth === 0 ? grantToken(request, nth) : silence,
        orders: () => unauthorized()
      })
      const orders = yield* connect(transport, server, { timeout })
      const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
      if (server.tokenRequests.length < 2) return false
      if (error._tag !== "FlexFactorTimeout") return assert.fail(error._tag)
      assert.strictEqual(error.sent, "no")
      assert.lengthOf(server.requests, 1)
      return true
    })))

  const confirmations: ReadonlyArray<readonly [name: string, body: unknown, outcome: string]> = [
    ["says that the refund succeeded", refunded, "receipt"],
    ["says success alone", { success: true }, "RefundOutcomeUnknown"],
    ["says yes and no", { success: false, status: "SUCCESS" }, "RefundOutcomeUnknown"]
  ]

  for (const [name, body, outcome] of confirmations) {
    it.live(`a 401 that ${name} is not repeated`, () =>
      Effect.gen(function*() {
        const server = yield* serve({ orders: () => unauthorized(body) })
        const orders = yield* connect(transport, server)
        const actual = yield* Effect.match(orders.refund(orderId, refundRequest), {
          onFailure: (error): string => error._tag,
          onSuccess: () => "receipt"
        })
        assert.strictEqual(actual, outcome)
        assert.lengthOf(server.requests, 1)
        assert.lengthOf(server.tokenRequests, 1)
      }))
  }

  it.live("a 401 whose body is cut is no proof: the refund is in doubt and not repeated", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        orders: () => sequence(bytes("HTTP/1.1 401 Unauthorized\r\ncontent-length: 50\r\n\r\n{\"succ"), finish)
      })
      const orders = yield* connect(transport, server)
      const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
      assert.strictEqual(error._tag, "RefundOutcomeUnknown")
      assert.lengthOf(server.requests, 1)
    }))

  it.live("50 callers that are refused together share one new token, and each is repeated once", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        orders: (request, nth) =>
          sequence(pause(20), tokenOf(request) === "Bearer merchant/1" ? unauthorized() : ok(request, nth))
      })
      const orders = yield* connect(transport, server, { timeout: "30 seconds" })
      const answers = yield* Effect.all(Array.from({ length: 50 }, () => orders.get(orderId)), {
        concurrency: "unbounded"
      })
      assert.lengthOf(answers, 50)
      assert.lengthOf(server.tokenRequests, 2)
      assert.lengthOf(server.requests, 100)
    }))
})

describe.concurrent.each(transports)("Tokens of many callers, over %s", (_, transport) => {
  it.live("200 callers at the start make one token request", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        token: (request, nth) => sequence(pause(30), grantToken(request, nth)),
        orders: ok
      })
      const orders = yield* connect(transport, server, { timeout: "30 seconds" })
      const answers = yield* Effect.all(Array.from({ length: 200 }, () => orders.get(orderId)), {
        concurrency: "unbounded"
      })
      assert.lengthOf(answers, 200)
      assert.lengthOf(server.tokenRequests, 1)
      assert.lengthOf(server.requests, 200)
    }))

  it.live("callers that wait for a token fail together, and the next caller asks anew", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        token: (request, nth) => nth === 0 ? sequence(pause(50), answer(503)) : grantToken(request, nth),
        orders: ok
      })
      const orders = yield* connect(transport, server)
      const errors = yield* Effect.all(Array.from({ length: 20 }, () => Effect.flip(orders.get(orderId))), {
        concurrency: "unbounded"
      })
      assert.isTrue(errors.every(({ _tag }) => _tag === "FlexFactorServiceUnavailable"))
      assert.lengthOf(server.tokenRequests, 1)
      assert.strictEqual((yield* orders.get(orderId)).id, orderId)
      assert.lengthOf(server.tokenRequests, 2)
    }))
})

/** The token that a program's `Orders` uses. */
const read = Effect.flatMap(Orders, (orders) => orders.get(orderId))

describe.concurrent.each(transports)("Two merchants of one program never share a token, over %s", (_, transport) => {
  const merchants = (server: { readonly url: string }) => {
    const layerOf = (merchant: string) =>
      Layer.provide(clientLayer(server, { credentials: keyPair(merchant) }), transport)
    return { a: layerOf("a"), b: layerOf("b") }
  }

  it.live("one after the other", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: ok })
      const { a, b } = merchants(server)
      yield* Effect.provide(read, a)
      yield* Effect.provide(read, b)
      yield* Effect.provide(read, a)
      assert.deepStrictEqual(server.requests.map(tokenOf), ["Bearer a/1", "Bearer b/2", "Bearer a/3"])
    }))

  it.live("one within the other", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: ok })
      const { a, b } = merchants(server)
      yield* Effect.gen(function*() {
        yield* read
        yield* Effect.provide(read, b)
        yield* read
        yield* Effect.andThen(read, Effect.provide(read, a)).pipe(Effect.provide(b))
      }).pipe(Effect.provide(a))
      assert.deepStrictEqual(server.requests.map((request) => tokenOf(request)?.slice(0, 8)), [
        "Bearer a",
        "Bearer b",
        "Bearer a",
        "Bearer b",
        "Bearer a"
      ])
    }))

  it.live("both at once, with a refusal in between", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        orders: (request, nth) => sequence(pause(nth % 7), nth % 5 === 0 ? unauthorized() : ok(request, nth))
      })
      const [a, b] = [
        yield* connect(transport, server, { credentials: keyPair("a") }),
        yield* connect(transport, server, { credentials: keyPair("b") })
      ]
      const ask = (merchant: string, orders: Orders["Service"]) =>
        Effect.ignore(orders.cancel(orderId, { idempotencyKey: `00000000-0000-0000-0000-00000000000${merchant}` }))
      yield* Effect.all(Array.from({ length: 20 }, () => [ask("a", a), ask("b", b)]).flat(), {
        concurrency: "unbounded"
      })
      assert.isAtLeast(server.requests.length, 40)
      for (const request of server.requests) {
        const owner = /0([ab])"}$/.exec(request.body)?.[1]
        assert.match(tokenOf(request) ?? "", new RegExp(`^Bearer ${owner}/\\d+$`))
      }
    }))
})

describe("A token that the backend holds", () => {
  it.live("is read for each call, and once more after a refusal", () =>
    Effect.gen(function*() {
      const held = yield* Ref.make(0)
      const accessToken = Effect.map(Ref.updateAndGet(held, (n) => n + 1), (n) => Redacted.make(`held-${n}`))
      const server = yield* serve({
        orders: (request, nth) => tokenOf(request) === "Bearer held-1" ? unauthorized() : ok(request, nth)
      })
      const orders = yield* connect(FetchHttpClient.layer, server, { credentials: { accessToken } })
      yield* orders.refund(orderId, refundRequest)
      assert.deepStrictEqual(server.requests.map(tokenOf), ["Bearer held-1", "Bearer held-2"])
      assert.lengthOf(server.tokenRequests, 0)
    }))

  it.live("is not sent again unchanged", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => unauthorized() })
      const orders = yield* connect(FetchHttpClient.layer, server, {
        credentials: { accessToken: Redacted.make("only") }
      })
      const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
      assert.strictEqual(error._tag, "FlexFactorUnauthorized")
      assert.lengthOf(server.requests, 1)
      assert.isTrue(yield* eventually(() => server.tokenRequests.length === 0))
    }))
})
