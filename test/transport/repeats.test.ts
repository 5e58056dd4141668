/**
 * undici sends some requests again by itself. Over NodeTransport it does not.
 */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schedule, Stream } from "effect"
import { HttpBody, HttpClient, HttpClientRequest } from "effect/http"
import { createSecureServer, type ServerHttp2Stream } from "node:http2"
import type { AddressInfo, Socket } from "node:net"
import * as NodeTransport from "../../src/NodeTransport.ts"
import { type Certificate, selfSigned } from "./certificate.ts"
import { connect, heldToken, orderId, quietly, refunded, refundRequest } from "./client.ts"
import { answer, bytes, chunk, eventually, forever, head, sequence, serve, silence } from "./server.ts"

const refusedStream = 7

/** A server that speaks HTTP/2 and reads every request to its end before it does something with it. */
const serveHttp2 = Effect.fnUntraced(function*(
  { cert, key }: Certificate,
  react: (stream: ServerHttp2Stream, nth: number, stop: () => void) => void
) {
  const state = { requests: 0 }
  const sockets = new Set<Socket>()
  const server = createSecureServer({ key, cert })
  const stop = () => {
    server.close()
    setTimeout(() => sockets.forEach((socket) => socket.destroy()), 0)
  }
  server.on("secureConnection", (socket) => sockets.add(socket))
  server.on("sessionError", () => undefined)
  server.on("stream", (stream) => {
    stream.on("error", () => undefined)
    stream.on("end", () => {
      state.requests += 1
      react(stream, state.requests, stop)
    })
    stream.resume()
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () => Effect.sync(stop)
  )
  const { port } = server.address() as AddressInfo
  return { url: `https://127.0.0.1:${port}`, state }
})

const overHttp2 = (ca: string) =>
  NodeTransport.layerNoDispatcher.pipe(
    Layer.provide(NodeHttpClient.layerDispatcherOptions({ allowH2: true, connect: { ca } }))
  )

const confirm = (stream: ServerHttp2Stream): void => {
  stream.respond({ ":status": 200, "content-type": "application/json" })
  stream.end(JSON.stringify(refunded))
}

type React = (stream: ServerHttp2Stream, nth: number, stop: () => void) => void

const refusals: ReadonlyArray<readonly [name: string, react: React]> = [
  ["whose stream is refused", (stream, nth) => nth === 1 ? stream.close(refusedStream) : confirm(stream)],
  ["whose stream is refused by a server that goes away", (stream, _, stop) => {
    stop()
    stream.close(refusedStream)
    stream.session?.goaway(0)
  }]
]

describe.concurrent("A refund over HTTP/2 (needs openssl)", () => {
  it.live.each(refusals)("%s is sent once, and is in doubt", ([, react]) =>
    Effect.gen(function*() {
      if (selfSigned === undefined) return
      const { state, url } = yield* serveHttp2(selfSigned, react)
      const orders = yield* connect(overHttp2(selfSigned.cert), { url }, {
        credentials: heldToken,
        retry: Schedule.recurs(3)
      })
      const error = yield* Effect.flip(quietly(orders.refund(orderId, refundRequest)))
      assert.strictEqual(error._tag, "RefundOutcomeUnknown")
      assert.strictEqual(state.requests, 1)
    }))

  it.live("that is answered is confirmed", () =>
    Effect.gen(function*() {
      if (selfSigned === undefined) return
      const { url } = yield* serveHttp2(selfSigned, confirm)
      const orders = yield* connect(overHttp2(selfSigned.cert), { url }, { credentials: heldToken })
      assert.strictEqual((yield* orders.refund(orderId, refundRequest)).transactionId, "t-1")
    }))
})

describe("In a pipeline", () => {
  it.live("a POST is not sent again when a request behind it is given up", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        orders: ({ method }) => method === "POST" ? bytes(`${head(200, { "content-length": 10 })}abc`) : silence
      })
      const pipelined = NodeTransport.layerNoDispatcher.pipe(
        Layer.provide(NodeHttpClient.layerDispatcherOptions({ pipelining: 4, connections: 1 }))
      )
      yield* Effect.gen(function*() {
        const client = yield* HttpClient.HttpClient
        const url = `${server.url}/v1/orders`
        const post = HttpClientRequest.post(url, { body: HttpBody.text("{}", "application/json") })
        yield* Effect.forkChild(Effect.flatMap(client.execute(post), ({ text }) => text))
        assert.isTrue(yield* eventually(() => server.requests.length === 1))
        const get = yield* Effect.forkChild(client.get(url))
        assert.isTrue(yield* eventually(() => server.requests.length === 2))
        yield* Fiber.interrupt(get)
        yield* Effect.sleep("200 millis")
        assert.deepStrictEqual(server.requests.map(({ method }) => method), ["POST", "GET"])
      }).pipe(Effect.provide(pipelined))
    }))
})

describe("An answer in a stream", () => {
  it.live("is read on while other calls are made for each part of it", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        orders: ({ target }) =>
          target.endsWith("long")
            ? sequence(
              bytes(head(200, { "transfer-encoding": "chunked" })),
              forever(bytes(chunk(Buffer.alloc(65_536))))
            )
            : answer(200, "short")
      })
      const read = HttpClient.HttpClient.use((client) =>
        Effect.flatMap(client.get(`${server.url}/v1/orders/long`), ({ stream }) =>
          stream.pipe(
            Stream.mapEffect(() =>
              Effect.flatMap(client.get(`${server.url}/v1/orders/short`), ({ arrayBuffer }) => arrayBuffer)
            ),
            Stream.take(40),
            Stream.runCount
          ))
      )
      assert.strictEqual(yield* Effect.provide(read, NodeTransport.layer), 40)
      assert.isTrue(yield* eventually(() => server.connections().open === 0))
    }))
})
