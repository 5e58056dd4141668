import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schedule } from "effect"
import { ofAnotherHost, selfSigned } from "./certificate.ts"
import {
  connect,
  heldToken,
  order,
  orderId,
  quietly,
  refunded,
  refundRequest,
  type Transport,
  transports,
  warmUp
} from "./client.ts"
import { answer, bytes, closedPort, eventually, finish, reset, sequence, serve } from "./server.ts"

warmUp()

describe.concurrent.each(transports)("A refund that was provably not sent is unreachable, over %s", (_, transport) => {
  const refusals: ReadonlyArray<readonly [name: string, url: (port: number) => string, codes: ReadonlyArray<string>]> =
    [
      ["a closed port", (port) => `http://127.0.0.1:${port}`, ["ECONNREFUSED"]],
      // Node gives an address 250 ms where there is another one, and a busy machine may not notice the refusal in time.
      ["a closed port of a host with two addresses", (port) => `http://localhost:${port}`, [
        "ECONNREFUSED",
        "ETIMEDOUT"
      ]],
      // Too long a name to be looked up in a network, which may not answer in time.
      ["a host name that nobody has", () => `https://${"nothing".repeat(10)}.invalid`, ["ENOTFOUND", "EAI_AGAIN"]]
    ]

  for (const [name, url, codes] of refusals) {
    it.live(name, () =>
      Effect.gen(function*() {
        const orders = yield* connect(transport, { url: url(yield* closedPort) }, { credentials: heldToken })
        const error = yield* Effect.flip(quietly(orders.refund(orderId, refundRequest)))
        if (error._tag !== "FlexFactorUnreachable") return assert.fail(error._tag)
        assert.strictEqual(error.operation, "Orders.refund")
        assert.strictEqual(error.sent, "no")
        assert.include(codes, error.code)
      }))

    it.live(`${name}, while getting a token`, () =>
      Effect.gen(function*() {
        const orders = yield* connect(transport, { url: url(yield* closedPort) })
        const error = yield* Effect.flip(quietly(orders.refund(orderId, refundRequest)))
        if (error._tag !== "FlexFactorUnreachable") return assert.fail(error._tag)
        assert.strictEqual(error.operation, "FlexFactor.token")
        assert.strictEqual(error.sent, "no")
      }))
  }

  for (const credentials of [undefined, heldToken]) {
    it.live(
      `it is repeated until the port opens, and then sent once, with a ${
        credentials === undefined ? "key pair" : "held token"
      }`,
      () =>
        Effect.gen(function*() {
          const port = yield* closedPort
          const orders = yield* connect(transport, { url: `http://127.0.0.1:${port}` }, {
            ...(credentials === undefined ? {} : { credentials }),
            retry: Schedule.spaced("20 millis")
          })
          const refund = yield* Effect.forkChild(quietly(orders.refund(orderId, refundRequest)))
          yield* Effect.sleep("100 millis")
          const server = yield* serve({ port, orders: () => answer(200, refunded) })
          const receipt = yield* Fiber.join(refund)
          assert.strictEqual(receipt.transactionId, "t-1")
          assert.lengthOf(server.requests, 1)
        })
    )
  }

  it.live("a token endpoint whose answers are cut is asked again, and the refund is sent once", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        token: (_, nth) =>
          nth < 2 ? sequence(bytes("HTTP/1.1 200"), finish) : answer(200, { accessToken: "late", expires: 0 }),
        orders: () => answer(200, refunded)
      })
      const orders = yield* connect(transport, server, { retry: Schedule.recurs(5) })
      const receipt = yield* quietly(orders.refund(orderId, refundRequest))
      assert.strictEqual(receipt.confirmedBy, "answer")
      assert.lengthOf(server.tokenRequests, 3)
      assert.lengthOf(server.requests, 1)
    }))

  it.live.runIf(selfSigned !== undefined)(
    "a certificate that the client does not trust (needs openssl)",
    () =>
      Effect.gen(function*() {
        if (selfSigned === undefined) return
        const server = yield* serve({ tls: selfSigned, orders: () => answer(200, refunded) })
        const orders = yield* connect(transport, server, { credentials: heldToken, retry: Schedule.recurs(2) })
        const error = yield* Effect.flip(quietly(orders.refund(orderId, refundRequest)))
        if (error._tag !== "FlexFactorUnreachable") return assert.fail(error._tag)
        assert.strictEqual(error.sent, "no")
        assert.strictEqual(error.code, "DEPTH_ZERO_SELF_SIGNED_CERT")
        assert.strictEqual(server.connections().made, 3)
        assert.lengthOf(server.requests, 0)
      })
  )
})

const trusting = (ca: string | undefined): ReadonlyArray<readonly [name: string, transport: Transport]> =>
  ca === undefined
    ? []
    : [
      ["undici", NodeHttpClient.layerUndiciOptions({ connect: { ca } })],
      ["node:http", NodeHttpClient.layerNodeHttpOptions({ ca })]
    ]

describe.concurrent.each(trusting(ofAnotherHost?.cert))(
  "A certificate of another host, over %s (needs openssl)",
  (_, transport) => {
    it.live("proves that a refund was not sent", () =>
      Effect.gen(function*() {
        if (ofAnotherHost === undefined) return
        const server = yield* serve({ tls: ofAnotherHost, orders: () => answer(200, refunded) })
        const orders = yield* connect(transport, server, { credentials: heldToken })
        const error = yield* Effect.flip(quietly(orders.refund(orderId, refundRequest)))
        if (error._tag !== "FlexFactorUnreachable") return assert.fail(error._tag)
        assert.strictEqual(error.sent, "no")
        assert.strictEqual(error.code, "ERR_TLS_CERT_ALTNAME_INVALID")
        assert.lengthOf(server.requests, 0)
      }))
  }
)

describe.concurrent.each(trusting(selfSigned?.cert))("Trusted TLS, over %s (needs openssl)", (_, transport) => {
  it.live("carries a refund", () =>
    Effect.gen(function*() {
      if (selfSigned === undefined) return
      const server = yield* serve({ tls: selfSigned, orders: () => answer(200, refunded) })
      const orders = yield* connect(transport, server)
      assert.strictEqual((yield* orders.refund(orderId, refundRequest)).transactionId, "t-1")
      assert.lengthOf(server.requests, 1)
    }))

  it.live("a server that wants a certificate of the client leaves a refund in doubt", () =>
    Effect.gen(function*() {
      if (selfSigned === undefined) return
      const server = yield* serve({
        tls: { ...selfSigned, requestCert: true, rejectUnauthorized: true },
        orders: () => answer(200, refunded)
      })
      const orders = yield* connect(transport, server, { credentials: heldToken, retry: Schedule.recurs(2) })
      const error = yield* Effect.flip(quietly(orders.refund(orderId, refundRequest)))
      assert.strictEqual(error._tag, "RefundOutcomeUnknown")
      assert.strictEqual(server.connections().made, 1)
    }))
})

describe.concurrent.each(transports)("What cannot be proved stays in doubt, over %s", (_, transport) => {
  it.live("a server without TLS behind an https URL: nothing of the refund arrives, and it is sent once", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(200, refunded) })
      const url = server.url.replace("http:", "https:")
      const orders = yield* connect(transport, { url }, {
        credentials: heldToken,
        timeout: "200 millis",
        retry: Schedule.recurs(2)
      })
      const error = yield* Effect.flip(quietly(orders.refund(orderId, refundRequest)))
      assert.strictEqual(error._tag, "RefundOutcomeUnknown")
      assert.lengthOf(server.requests, 0)
    }))

  it.live("a server that answers the TLS handshake in plain text", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(200, order), greeting: answer(400) })
      const url = server.url.replace("http:", "https:")
      const orders = yield* connect(transport, { url }, { credentials: heldToken, retry: Schedule.recurs(2) })
      const error = yield* Effect.flip(quietly(orders.refund(orderId, refundRequest)))
      assert.strictEqual(error._tag, "RefundOutcomeUnknown")
      assert.strictEqual(server.connections().made, 1)
      assert.isTrue(yield* eventually(() => server.connections().open === 0))
    }))

  it.live("a connection that is reset as soon as it is made: nothing of the refund arrives", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(200, refunded), greeting: reset })
      const orders = yield* connect(transport, server, { credentials: heldToken })
      const error = yield* Effect.flip(quietly(orders.refund(orderId, refundRequest)))
      assert.include(["FlexFactorUnreachable", "RefundOutcomeUnknown"], error._tag)
      assert.lengthOf(server.requests, 0)
    }))
})
