/**
 * With 421 a server says that a request was not for it. The standard of `fetch` has the request sent again then.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { type AddressInfo, createServer } from "node:net"
import { connect, heldToken, orderId, refunded, refundRequest, transports } from "./client.ts"
import { answer, serve } from "./server.ts"

/** A server that reads one request, answers it with 421 and is gone. */
const serveOnce = Effect.acquireRelease(
  Effect.callback<{ readonly url: string; readonly close: () => void }>((resume) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined)
      socket.once("data", () => {
        server.close()
        socket.end("HTTP/1.1 421 Misdirected Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
      })
    })
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      resume(Effect.succeed({ url: `http://127.0.0.1:${port}`, close: () => server.close() }))
    })
  }),
  ({ close }) => Effect.sync(close)
)

describe.each(transports)("A refund that a server calls misdirected, over %s", (_, transport) => {
  it.live("is sent once, with its length, and is in doubt", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        orders: (_, nth) => nth === 0 ? answer(421, "") : answer(200, refunded)
      })
      const orders = yield* connect(transport, server, { credentials: heldToken })
      const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
      if (error._tag !== "RefundOutcomeUnknown") return assert.fail(error._tag)
      assert.deepStrictEqual([error.doubt, error.status], ["unexpected status", 421])
      const [refund, ...others] = server.refunds()
      assert.lengthOf(others, 0)
      assert.strictEqual(refund?.headers["content-length"], String(refund?.body.length))
      assert.isUndefined(refund?.headers["transfer-encoding"])
    }))

  it.live("is not called unsent where the server is gone", () =>
    Effect.gen(function*() {
      const { url } = yield* serveOnce
      const orders = yield* connect(transport, { url }, { credentials: heldToken, retry: Schedule.recurs(2) })
      const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
      if (error._tag !== "RefundOutcomeUnknown") return assert.fail(error._tag)
      assert.deepStrictEqual([error.doubt, error.status], ["unexpected status", 421])
    }))
})
