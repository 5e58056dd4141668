import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cents, ExternalOrderId, OrderId } from "../../src/index.ts"
import { connect, order, orderId, refunded, refundRequest, transports, warmUp } from "./client.ts"
import { answer, type Received, type Script, serve } from "./server.ts"

const page = { orders: [order], pagination: { pageNumber: 1, pageSize: 10, totalCount: 1, hasNextPage: false } }

const script: Script = ({ method, target }) =>
  answer(200, method === "POST" ? refunded : target.includes(orderId) ? order : page)

const headerLines = ({ head }: Received): ReadonlyArray<string> => head.split("\r\n").slice(1)

const has = (request: Received, line: RegExp): boolean => headerLines(request).some((header) => line.test(header))

warmUp()

describe.each(transports)("What goes over the wire, over %s", (_, transport) => {
  it.live("every business call carries the token, and only those with a body a content type", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: script })
      const orders = yield* connect(transport, server)
      yield* orders.get(orderId)
      yield* Effect.exit(orders.list({ status: "Completed" }))
      yield* orders.refund(orderId, refundRequest)
      yield* orders.cancel(orderId)
      yield* orders.cancelByExternalId(ExternalOrderId.make("#1001"))

      assert.lengthOf(server.requests, 5)
      for (const request of server.requests) {
        const tokens = headerLines(request).filter((line) => /^authorization:/i.test(line))
        assert.lengthOf(tokens, 1)
        assert.match(tokens[0] ?? "", /^authorization: Bearer merchant\/1$/i)
        assert.isTrue(has(request, /^accept: application\/json$/i))
        const types = headerLines(request).filter((line) => /^content-type:/i.test(line))
        assert.lengthOf(types, request.method === "POST" ? 1 : 0)
        for (const type of types) assert.match(type, /^content-type: application\/json/i)
        assert.strictEqual(request.body === "", request.method === "GET")
      }
    }))

  it.live("a token request carries the key pair in its body and no token", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: script })
      const orders = yield* connect(transport, server)
      yield* orders.get(orderId)
      assert.lengthOf(server.tokenRequests, 1)
      const [request] = server.tokenRequests
      if (request === undefined) return
      assert.strictEqual(request.head.split("\r\n")[0], "POST /v1/oauth2/token HTTP/1.1")
      assert.isFalse(has(request, /^authorization:/i))
      assert.isTrue(has(request, /^content-type: application\/json/i))
      assert.deepStrictEqual(JSON.parse(request.body), { AppKey: "merchant", AppSecret: "secret of merchant" })
      assert.notInclude(request.head, "secret")
    }))

  it.live("no trace header goes out, also within a span of the program", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: script })
      const orders = yield* connect(transport, server)
      yield* Effect.withSpan(Effect.andThen(orders.get(orderId), orders.refund(orderId, refundRequest)), "program")
      for (const request of [...server.tokenRequests, ...server.requests]) {
        assert.isFalse(has(request, /^(traceparent|tracestate|b3|x-b3-\w+|baggage|cookie):/i), request.head)
      }
    }))

  it.live("a refund goes out as documented, with its text in UTF-8", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: script })
      const orders = yield* connect(transport, server)
      yield* orders.refund(orderId, { amount: Cents.make(10), message: "返金 \"now\"" })
      const [request] = server.requests
      assert.strictEqual(request?.head.split("\r\n")[0], `POST /v1/orders/${orderId}/refund HTTP/1.1`)
      assert.strictEqual(request?.body, "{\"amountToRefund\":0.1,\"refundMessage\":\"返金 \\\"now\\\"\"}")
      assert.strictEqual(request?.headers["content-length"], `${Buffer.byteLength(request?.body ?? "")}`)
    }))

  const bases: ReadonlyArray<readonly [suffix: string, apiVersion: string | undefined, path: string]> = [
    ["", undefined, "/v1"],
    ["/", undefined, "/v1"],
    ["/v1", undefined, "/v1"],
    ["/v2/", undefined, "/v2"],
    ["", "v3", "/v3"],
    ["/gateway//", undefined, "/gateway/v1"]
  ]

  for (const [suffix, apiVersion, path] of bases) {
    it.live(`a base URL ending in "${suffix}" with version ${apiVersion} leads to ${path}`, () =>
      Effect.gen(function*() {
        const server = yield* serve({ orders: script })
        const orders = yield* connect(transport, { url: `${server.url}${suffix}` }, { apiVersion })
        yield* orders.get(orderId)
        assert.strictEqual(server.tokenRequests[0]?.target, `${path}/oauth2/token`)
        assert.strictEqual(server.requests[0]?.target, `${path}/orders/${orderId}`)
      }))
  }

  it.live("an odd id stays in its place in the path", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: script })
      const orders = yield* connect(transport, server)
      const ids = ["a", "...", ".a", "-", "~", "a:b@c", "!$&'()*+,;=", "v1", "refund", "x".repeat(128)].map((id) =>
        OrderId.make(id)
      )
      for (const id of ids) {
        const before = server.requests.length
        yield* orders.refund(id, refundRequest)
        yield* orders.cancel(id)
        yield* Effect.exit(orders.get(id))
        const paths = server.requests.slice(before).map(({ target }) => target.split("/"))
        assert.deepStrictEqual(paths.map((path) => path.length), [5, 5, 4])
        for (const [, version, orders, segment, action] of paths) {
          assert.strictEqual(version, "v1")
          assert.strictEqual(orders, "orders")
          assert.strictEqual(decodeURIComponent(segment ?? ""), id)
          assert.include([undefined, "refund", "cancel"], action)
        }
      }
    }))

  it.live("an odd external id stays in its place in the path", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: script })
      const orders = yield* connect(transport, server)
      const ids = ["#1001", "a b", "日本", "?x=1", "a&b=c", ";", "...", "😀", "a@b:c", "'\"<>", "{}|^`[]"].map((id) =>
        ExternalOrderId.make(id)
      )
      for (const id of ids) {
        yield* orders.cancelByExternalId(id)
        const [, version, orders_, segment, action, ...rest] = server.requests.at(-1)?.target.split("/") ?? []
        assert.deepStrictEqual([version, orders_, action, rest.length], ["v1", "orders", "external-cancel", 0])
        assert.strictEqual(decodeURIComponent(segment ?? ""), id)
      }
      assert.lengthOf(server.requests, ids.length)
    }))

  it.live("an id that could lead elsewhere is refused, and not a byte goes out", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: script })
      const orders = yield* connect(transport, server)
      const ids = [
        "",
        ".",
        "..",
        "../refund",
        "%2e%2e",
        "%2E.",
        "a/b",
        "a\\b",
        "a?b",
        "a#b",
        "a b",
        "a\r\nHost: evil",
        "a\0",
        "\uD800",
        "x".repeat(129),
        " ",
        "日本"
      ]
      for (const id of ids.map((text) => text as OrderId)) {
        for (const call of [orders.get(id), orders.refund(id, refundRequest), orders.cancel(id)]) {
          assert.strictEqual(
            (yield* Effect.flip(call as Effect.Effect<unknown, { _tag: string }>))._tag,
            "FlexFactorInvalidRequest"
          )
        }
      }
      assert.strictEqual(server.connections().made, 0)
    }))
})
