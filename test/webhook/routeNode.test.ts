/**
 * Deliveries as they are written on a socket, to a server of Node.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as WebhookRoute from "../../src/WebhookRoute.ts"
import { itIsNow, options, sign } from "./deliveries.ts"
import { makeInbox } from "./routeInbox.ts"
import { inNode, sendToPort, withoutHeader } from "./routeServers.ts"
import { chunked, connected, toHead } from "./routeSockets.ts"

const serve = Effect.gen(function*() {
  yield* itIsNow()
  const inbox = makeInbox()
  const port = yield* inNode(Layer.provide(WebhookRoute.layer(options), inbox.layer))
  return { inbox, port, delivery: yield* sign() }
})

/** The answer has a status, and a body of no length. */
const assertAnswered = (answer: string, status: number): void => {
  assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
  const [head = "", ...body] = answer.split(/(?<=\r\n\r\n)/)
  assert.deepStrictEqual(body, /^transfer-encoding: chunked\r$/im.test(head) ? ["0\r\n\r\n"] : [])
}

const mebibyte = 2 ** 20

describe("a route in a server of Node", () => {
  for (
    const [name, spell] of [
      ["in capitals", (header: string) => header.toUpperCase()],
      ["as FlexFactor writes them", (header: string) => header.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())],
      ["in small letters", (header: string) => header]
    ] as const
  ) {
    it.effect(`reads headers ${name}`, () =>
      Effect.gen(function*() {
        const { delivery: { body, headers }, inbox, port } = yield* serve
        const { received, socket } = yield* connected(port)
        socket.write(toHead(Object.fromEntries(Object.entries(headers).map(([key, value]) => [spell(key), value]))))
        socket.write(body)
        assertAnswered(yield* received(), 200)
        assert.deepStrictEqual(inbox.answers, ["new"])
      }))
  }

  it.effect("reads a body in chunks, and one that comes byte by byte", () =>
    Effect.gen(function*() {
      const { delivery, inbox, port } = yield* serve
      const { received, socket } = yield* connected(port)
      socket.setNoDelay(true)
      socket.write(toHead({ ...withoutHeader(delivery, "content-length").headers, "transfer-encoding": "chunked" }))
      for (const byte of chunked(delivery.body, 3)) {
        socket.write(new Uint8Array([byte]))
        yield* Effect.promise(() => new Promise(setImmediate))
      }
      assertAnswered(yield* received(), 200)
      assert.deepStrictEqual(inbox.answers, ["new"])
    }))

  it.effect("lets a sender ask before it sends the body", () =>
    Effect.gen(function*() {
      const { delivery: { body, headers }, port } = yield* serve
      const { received, socket } = yield* connected(port)
      socket.write(toHead({ ...headers, expect: "100-continue" }))
      const first = yield* received("\r\n\r\n")
      assert.strictEqual(first, "HTTP/1.1 100 Continue\r\n\r\n")
      socket.write(body)
      assertAnswered((yield* received()).slice(first.length), 200)
    }))

  it.effect("answers before it reads where the sender says that the body is too long", () =>
    Effect.gen(function*() {
      const { delivery: { headers }, inbox, port } = yield* serve
      const { received, socket } = yield* connected(port)
      socket.write(toHead({ ...headers, "content-length": String(mebibyte + 1) }))
      assertAnswered(yield* received(), 413)
      assert.deepStrictEqual(inbox.answers, [])
    }))

  it.effect("does not let a sender begin that asks whether it may send too much", () =>
    Effect.gen(function*() {
      const { delivery: { headers }, port } = yield* serve
      const { received, socket } = yield* connected(port)
      socket.write(toHead({ ...headers, "content-length": "9".repeat(15), "expect": "100-continue" }))
      assertAnswered(yield* received(), 413)
    }))

  it.effect("does not read on where the body turns out to be too long", () =>
    Effect.gen(function*() {
      const { delivery, inbox, port } = yield* serve
      const { received, socket } = yield* connected(port)
      socket.write(toHead({ ...withoutHeader(delivery, "content-length").headers, "transfer-encoding": "chunked" }))
      // It never ends, and it is not written faster than it is read.
      const chunk = chunked(new Uint8Array(64 * 1024), 64 * 1024).subarray(0, -5)
      const write = (): void => void socket.write(chunk, (error) => error ?? write())
      write()
      assertAnswered(yield* received(), 413)
      assert.isBelow(socket.bytesWritten, 32 * mebibyte)
      assert.deepStrictEqual(inbox.answers, [])
      // The server goes on.
      assert.strictEqual((yield* sendToPort(port)(yield* sign())).status, 200)
    }))

  it.effect("keeps nothing of a body that breaks off", () =>
    Effect.gen(function*() {
      const { delivery: { body, headers }, inbox, port } = yield* serve
      for (const size of [0, 1, body.length - 1]) {
        const { received, socket } = yield* connected(port)
        socket.write(toHead({ ...headers }))
        socket.end(body.subarray(0, size))
        assert.notInclude(yield* received(), " 200 ")
      }
      assert.deepStrictEqual(inbox.answers, [])
      assert.strictEqual((yield* sendToPort(port)(yield* sign())).status, 200)
    }))

  it.effect("refuses a header that comes twice with different values", () =>
    Effect.gen(function*() {
      const { delivery: { body, headers }, inbox, port } = yield* serve
      const statuses = { "x-fc-authorization": 400, "x-fc-nonce": 400, "x-fc-date": 401, "x-fc-content-sha512": 401 }
      for (const [name, status] of Object.entries(statuses)) {
        const { received, socket } = yield* connected(port)
        socket.write(toHead({ [name.toUpperCase()]: "another", ...headers }))
        socket.write(body)
        assertAnswered(yield* received(), status)
      }
      assert.deepStrictEqual(inbox.answers, [])
    }))
})
