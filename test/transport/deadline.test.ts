import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { connect, heldToken, order, orderId, refundRequest, transports, underDeadline, warmUp } from "./client.ts"
import {
  answer,
  bytes,
  chunk,
  drip,
  eventually,
  forever,
  grantToken,
  head,
  pause,
  sequence,
  serve,
  silence,
  type Step
} from "./server.ts"

const body = JSON.stringify(order)
const json = { "content-type": "application/json" }
const announced = head(200, { ...json, "content-length": Buffer.byteLength(body) })
const chunked = head(200, { ...json, "transfer-encoding": "chunked" })

/** Answers that do not end, each at another stage. */
const endless: ReadonlyArray<readonly [stage: string, answer: Step]> = [
  ["waiting for the status line", silence],
  ["in the headers", bytes(announced.slice(0, 30))],
  ["in the headers, one byte every 50 ms", drip(announced, 50)],
  [
    "in the headers, one header every 20 ms",
    sequence(bytes("HTTP/1.1 200 OK\r\n"), forever(sequence(bytes("a: b\r\n"), pause(20))))
  ],
  ["in interim answers", forever(sequence(bytes("HTTP/1.1 103 Early Hints\r\n\r\n"), pause(20)))],
  ["before a body of a known length", bytes(announced)],
  ["in a body of a known length", bytes(announced + body.slice(0, 10))],
  ["in a body of a known length, one byte every 50 ms", sequence(bytes(announced), drip(body, 50))],
  ["before the first chunk", bytes(chunked)],
  ["in a chunk", bytes(`${chunked}ff\r\n{"id"`)],
  ["in chunks of one byte every 50 ms", sequence(bytes(chunked), forever(sequence(bytes(chunk(" ")), pause(50))))],
  ["in a body that only the end of the connection ends", bytes(head(200, json) + body)]
]

warmUp()

describe.concurrent.each(transports)(
  "One deadline covers the whole answer and closes the socket, over %s",
  (_, transport) => {
    for (const [stage, script] of endless) {
      it.live(`it passes ${stage}`, () =>
        underDeadline(Effect.fnUntraced(function*(timeout) {
          const server = yield* serve({ orders: () => script })
          const orders = yield* connect(transport, server, { credentials: heldToken, timeout })
          const error = yield* Effect.flip(orders.get(orderId))
          assert.strictEqual(error._tag, "FlexFactorTimeout")
          assert.isTrue(yield* eventually(() => server.connections().open === 0))
          assert.isAtMost(server.requests.length, 1)
          return server.requests.length === 1
        })))
    }

    it.live("it covers the token: a refund that waits for one was not sent", () =>
      Effect.gen(function*() {
        const server = yield* serve({ token: () => bytes(announced), orders: () => silence })
        const orders = yield* connect(transport, server, { timeout: "200 millis" })
        const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
        if (error._tag !== "FlexFactorTimeout") return assert.fail(error._tag)
        assert.strictEqual(error.sent, "no")
        assert.lengthOf(server.requests, 0)
        assert.isTrue(yield* eventually(() => server.connections().open === 0))
      }))

    it.live("it covers the token and the call together", () =>
      Effect.gen(function*() {
        const server = yield* serve({
          token: (request, nth) => sequence(pause(400), grantToken(request, nth)),
          orders: (_, nth) => sequence(pause(400), answer(200, { ...order, firstName: `${nth}` }))
        })
        const orders = yield* connect(transport, server, { timeout: "600 millis" })
        const error = yield* Effect.flip(orders.get(orderId))
        assert.strictEqual(error._tag, "FlexFactorTimeout")
      }))

    it.live("it covers a TLS handshake that never ends", () =>
      Effect.gen(function*() {
        const server = yield* serve({ orders: () => silence })
        const url = server.url.replace("http:", "https:")
        const orders = yield* connect(transport, { url }, { credentials: heldToken, timeout: "200 millis" })
        const error = yield* Effect.flip(orders.get(orderId))
        assert.strictEqual(error._tag, "FlexFactorTimeout")
      }))
  }
)

/** Where an interruption can meet a call. */
const stages: ReadonlyArray<readonly [stage: string, answer: Step]> = [
  ["waiting for the headers", silence],
  ["reading the headers", bytes(announced.slice(0, 30))],
  ["reading a body of a known length", bytes(announced + body.slice(0, 10))],
  ["reading a body in chunks", sequence(bytes(chunked), forever(sequence(bytes(chunk(" ")), pause(5))))]
]

describe.concurrent.each(transports)("Interrupting the caller closes the socket, over %s", (_, transport) => {
  for (const [stage, script] of stages) {
    it.live(`while ${stage}`, () =>
      Effect.gen(function*() {
        const server = yield* serve({ orders: () => script })
        const orders = yield* connect(transport, server, { credentials: heldToken })
        for (const call of [orders.get(orderId), orders.refund(orderId, refundRequest)]) {
          const before = server.requests.length
          const fiber = yield* Effect.forkChild(call)
          assert.isTrue(yield* eventually(() => server.requests.length === before + 1))
          yield* Effect.sleep("60 millis")
          assert.strictEqual(server.connections().open, 1)
          yield* Fiber.interrupt(fiber)
          assert.isTrue(yield* eventually(() => server.connections().open === 0))
          assert.lengthOf(server.requests, before + 1)
        }
      }))
  }

  it.live("while a token is fetched that nobody else waits for", () =>
    Effect.gen(function*() {
      const server = yield* serve({ token: () => silence, orders: () => silence })
      const orders = yield* connect(transport, server)
      const fiber = yield* Effect.forkChild(orders.get(orderId))
      assert.isTrue(yield* eventually(() => server.tokenRequests.length === 1))
      yield* Fiber.interrupt(fiber)
      assert.isTrue(yield* eventually(() => server.connections().open === 0))
      assert.lengthOf(server.requests, 0)
    }))

  it.live("but not the token request that others wait for", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        token: (request, nth) => sequence(pause(150), grantToken(request, nth)),
        orders: () => answer(200, order)
      })
      const orders = yield* connect(transport, server)
      const first = yield* Effect.forkChild(orders.get(orderId))
      assert.isTrue(yield* eventually(() => server.tokenRequests.length === 1))
      const second = yield* Effect.forkChild(orders.get(orderId))
      yield* Effect.sleep("20 millis")
      yield* Fiber.interrupt(first)
      assert.strictEqual((yield* Fiber.join(second)).id, orderId)
      assert.lengthOf(server.tokenRequests, 1)
    }))
})
