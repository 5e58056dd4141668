/**
 * A `fetch` of the program, and the options of one, over the transports that use it.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import * as FetchTransport from "../../src/FetchTransport.ts"
import { Orders } from "../../src/index.ts"
import { clientLayer, heldToken, orderId, refunded, refundRequest } from "./client.ts"
import { answer, serve } from "./server.ts"

const transports = [["fetch", FetchHttpClient.layer], ["FetchTransport", FetchTransport.layer]] as const

const refund = Effect.flatMap(Orders, (orders) => orders.refund(orderId, refundRequest))

describe.each(transports)("A refund over %s", (_, transport) => {
  it.live("goes through a `fetch` that is provided to the layer of the transport alone", () =>
    Effect.gen(function*() {
      const sent: Array<unknown> = []
      const own = Layer.succeed(FetchHttpClient.Fetch, async (url, init) => {
        const request = new Request(url, init)
        sent.push([request.method, request.url, await request.json()])
        return Response.json(refunded)
      })
      const client = clientLayer({ url: "https://api.test" }, { credentials: heldToken })
      const receipt = yield* Effect.provide(refund, Layer.provide(client, Layer.provide(transport, own)))
      assert.strictEqual(receipt.transactionId, "t-1")
      assert.deepStrictEqual(sent, [["POST", `https://api.test/v1/orders/${orderId}/refund`, {
        amountToRefund: 19.99
      }]])
    }))

  it.live("is sent whatever the options of `fetch` say that do nothing on Node", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(200, refunded) })
      const options: Array<ReadonlyArray<unknown>> = []
      const fetch: typeof globalThis.fetch = (url, init) => {
        options.push([init?.keepalive, init?.credentials])
        return globalThis.fetch(url, init)
      }
      const receipt = yield* Effect.provide(
        refund,
        Layer.provide(clientLayer(server, { credentials: heldToken }), transport)
      )
        .pipe(
          Effect.provideService(FetchHttpClient.RequestInit, { keepalive: true, credentials: "include" }),
          Effect.provideService(FetchHttpClient.Fetch, fetch)
        )
      assert.strictEqual(receipt.transactionId, "t-1")
      // With credentials, `fetch` of Node 24.14 fails where a stream is answered with 401.
      assert.deepStrictEqual(options, [[false, "omit"]])
    }))
})
