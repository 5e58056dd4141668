import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Result } from "effect"
import { gzipSync } from "node:zlib"
import { isAmbiguous, type OrdersError } from "../../src/index.ts"
import { connect, heldToken, order, orderId, refunded, refundRequest, transports, warmUp } from "./client.ts"
import {
  answer,
  bytes,
  chunk,
  eventually,
  finish,
  forever,
  head,
  lastChunk,
  pause,
  sequence,
  serve,
  silence,
  type Step
} from "./server.ts"

const json = { "content-type": "application/json" }
const megabyte = 1024 * 1024
const block = Buffer.alloc(64 * 1024, " ")

/** Bodies that never fit; the gzip one is small on the wire for those who unpack it. */
const tooLong: ReadonlyArray<readonly [name: string, answer: Step]> = [
  [
    "an endless body in chunks",
    sequence(bytes(head(200, { ...json, "transfer-encoding": "chunked" })), forever(bytes(chunk(block))))
  ],
  [
    "a body that announces 10 GB",
    sequence(bytes(head(200, { ...json, "content-length": 10 * 1024 ** 3 })), forever(bytes(block)))
  ],
  ["a body that announces no length and does not end", sequence(bytes(head(200, json)), forever(bytes(block)))],
  [
    "an endless gzip bomb",
    sequence(
      bytes(head(200, { ...json, "content-encoding": "gzip", "transfer-encoding": "chunked" })),
      forever(bytes(chunk(gzipSync(Buffer.alloc(4 * megabyte, " ")))))
    )
  ]
]

warmUp()

describe.each(transports)("A body longer than maxResponseBytes is not read on, over %s", (_, transport) => {
  const options = { credentials: heldToken, maxResponseBytes: 64 * 1024 }

  for (const [name, script] of tooLong) {
    it.live(name, () =>
      Effect.gen(function*() {
        const server = yield* serve({ orders: () => script })
        const orders = yield* connect(transport, server, options)

        const read = yield* Effect.flip(orders.get(orderId))
        if (read._tag !== "FlexFactorInvalidResponse") return assert.fail(read._tag)
        assert.strictEqual(read.issue, "the body is longer than maxResponseBytes")
        assert.isTrue(yield* eventually(() => server.connections().open === 0))

        const refund = yield* Effect.flip(orders.refund(orderId, refundRequest))
        if (refund._tag !== "RefundOutcomeUnknown") return assert.fail(refund._tag)
        assert.strictEqual(refund.doubt, "no verdict")
        assert.isTrue(yield* eventually(() => server.connections().open === 0))

        assert.lengthOf(server.requests, 2)
        assert.isBelow(server.bytesSent(), 64 * megabyte)
      }))
  }

  it.live("a whole gzip bomb", () =>
    Effect.gen(function*() {
      const bomb = gzipSync(Buffer.alloc(32 * megabyte, " "))
      const server = yield* serve({
        orders: () =>
          sequence(
            bytes(head(200, { ...json, "content-encoding": "gzip", "content-length": bomb.length })),
            bytes(bomb)
          )
      })
      const orders = yield* connect(transport, server, options)
      const read = yield* Effect.flip(orders.get(orderId))
      assert.strictEqual(read._tag, "FlexFactorInvalidResponse")
      const refund = yield* Effect.flip(orders.refund(orderId, refundRequest))
      assert.strictEqual(refund._tag, "RefundOutcomeUnknown")
      assert.lengthOf(server.requests, 2)
    }))

  it.live("the long body of an error does not hide its status", () =>
    Effect.gen(function*() {
      const page = Buffer.alloc(10 * megabyte, "x")
      const server = yield* serve({
        orders: () =>
          sequence(bytes(head(400, { "content-type": "text/html", "content-length": page.length })), bytes(page))
      })
      const orders = yield* connect(transport, server, { ...options, maxResponseBytes: megabyte })
      const calls: ReadonlyArray<Effect.Effect<unknown, OrdersError.OrdersError>> = [
        orders.get(orderId),
        orders.cancel(orderId)
      ]
      for (const call of calls) {
        const error = yield* Effect.flip(call)
        if (error._tag !== "FlexFactorBadRequest") return assert.fail(error._tag)
        assert.lengthOf(error.body, 2048)
        assert.isTrue(yield* eventually(() => server.connections().open === 0))
      }
      // A yes may stand in what was not read.
      const refund = yield* Effect.flip(orders.refund(orderId, refundRequest))
      assert.deepInclude(refund, { _tag: "RefundOutcomeUnknown", doubt: "no verdict", status: 400 })
    }))

  it.live("a body of exactly the limit is read, and one more byte is not", () =>
    Effect.gen(function*() {
      const body = JSON.stringify(order)
      const limit = Buffer.byteLength(body)
      const inChunks = head(200, { ...json, "transfer-encoding": "chunked" })
      const server = yield* serve({
        orders: (_, nth) =>
          nth === 0
            ? answer(200, order)
            : bytes(
              Buffer.concat([Buffer.from(inChunks), chunk(nth === 1 ? body : `${body} `), Buffer.from(lastChunk)])
            )
      })
      const orders = yield* connect(transport, server, { ...options, maxResponseBytes: limit })
      assert.strictEqual((yield* orders.get(orderId)).id, orderId)
      assert.strictEqual((yield* orders.get(orderId)).id, orderId)
      assert.strictEqual((yield* Effect.flip(orders.get(orderId)))._tag, "FlexFactorInvalidResponse")
    }))
})

describe.each(transports)("A body arrives whole however it is cut, over %s", (_, transport) => {
  const body = Buffer.from(JSON.stringify(order))
  const start = body.indexOf("日")
  const cuts = Array.from({ length: Buffer.byteLength("日本") + 1 }, (_, index) => start + index)

  const encodings: ReadonlyArray<
    readonly [name: string, headers: { readonly [name: string]: string | number }, part: typeof chunk, end: Step]
  > = [
    ["in chunks", { "transfer-encoding": "chunked" }, chunk, bytes(lastChunk)],
    ["of a known length", { "content-length": body.length }, (data) => Buffer.from(data), silence],
    ["up to the end of the connection", {}, (data) => Buffer.from(data), finish]
  ]

  for (const [name, headers, part, end] of encodings) {
    it.live(`cut at every byte of two long characters, ${name}`, () =>
      Effect.gen(function*() {
        const server = yield* serve({
          orders: (_, nth) => {
            const cut = cuts[nth] ?? 0
            return sequence(
              bytes(head(200, { ...json, ...headers })),
              bytes(part(body.subarray(0, cut))),
              pause(4),
              bytes(part(body.subarray(cut))),
              end
            )
          }
        })
        const orders = yield* connect(transport, server, { credentials: heldToken })
        for (const cut of cuts) {
          assert.strictEqual((yield* orders.get(orderId)).firstName, "日本", `cut at byte ${cut}`)
        }
        assert.lengthOf(server.requests, cuts.length)
      }))
  }

  it.live("cut at every byte at once", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        orders: () =>
          sequence(
            bytes(head(200, { ...json, "transfer-encoding": "chunked" })),
            ...[...body].map((byte) => bytes(chunk(Uint8Array.of(byte)))),
            bytes(lastChunk)
          )
      })
      const orders = yield* connect(transport, server, { credentials: heldToken })
      assert.strictEqual((yield* orders.get(orderId)).firstName, "日本")
    }))
})

describe.each(transports)(
  "An answer that breaks HTTP crashes nothing and proves no refusal, over %s",
  (_, transport) => {
    const body = JSON.stringify(refunded)
    const length = { "content-length": body.length }

    const broken: ReadonlyArray<readonly [name: string, answer: Step]> = [
      ["a status line that is none", bytes("I am not HTTP\r\n\r\n")],
      ["a status line of another protocol", bytes("SSH-2.0-OpenSSH_9.6\r\n")],
      ["a status of two digits", bytes(head("20 OK", length) + body)],
      ["a status of four digits", bytes(head("2000 OK", length) + body)],
      ["a status of 000", bytes(head("000 OK", length) + body)],
      ["a status of 999", bytes(head("999 OK", length) + body)],
      ["a version from the future", bytes(`HTTP/9.9 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)],
      ["a length that is no number", bytes(head(200, { ...json, "content-length": "many" }) + body)],
      ["a negative length", bytes(head(200, { ...json, "content-length": -1 }) + body)],
      ["a length of 30 digits", bytes(head(200, { ...json, "content-length": "9".repeat(30) }) + body)],
      [
        "two lengths that differ",
        bytes(head(200, { ...json, "content-length": 5, "Content-Length": body.length }) + body)
      ],
      ["a length and chunks", bytes(head(200, { ...json, ...length, "transfer-encoding": "chunked" }) + body)],
      ["a chunk size that is no number", bytes(head(200, { ...json, "transfer-encoding": "chunked" }) + "zz\r\n")],
      ["a transfer encoding that nobody knows", bytes(head(200, { ...json, "transfer-encoding": "smoke" }) + body)],
      ["a content encoding that is a lie", bytes(head(200, { ...json, ...length, "content-encoding": "gzip" }) + body)],
      [
        "a header without a name",
        bytes(`HTTP/1.1 200 OK\r\n: nameless\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
      ],
      ["a header with a zero byte", bytes(head(200, { ...json, ...length, odd: "a\0b" }) + body)],
      ["headers without end", sequence(bytes("HTTP/1.1 200 OK\r\n"), forever(bytes(`odd: ${"x".repeat(4096)}\r\n`)))],
      ["an upgrade that nobody asked for", bytes(head(101, { connection: "upgrade", upgrade: "websocket" }))]
    ]

    for (const [name, script] of broken) {
      it.live(name, () =>
        Effect.gen(function*() {
          const server = yield* serve({ orders: () => sequence(script, finish) })
          const orders = yield* connect(transport, server, { credentials: heldToken })
          const read = yield* Effect.exit(orders.get(orderId))
          assert.isTrue(Exit.isFailure(read) && !Cause.hasDies(read.cause), String(read))
          // Some transports hand over a clear yes in spite of what is broken around it.
          const refund = yield* Effect.result(orders.refund(orderId, refundRequest))
          assert.isTrue(Result.isSuccess(refund) || isAmbiguous(refund.failure), String(refund))
          assert.lengthOf(server.refunds(), 1)
        }))
    }

    /** Odd, but every byte of the verdict is there. */
    const odd: ReadonlyArray<readonly [name: string, answer: Step]> = [
      ["the same header many times", bytes(head(200, { ...json, ...length, Odd: 1, odd: 2, ODD: 3 }) + body)],
      [
        "interim answers first",
        sequence(
          bytes("HTTP/1.1 103 Early Hints\r\n\r\n"),
          bytes(head(200, { ...json, ...length }) + body)
        )
      ],
      ["no content type", bytes(head(200, length) + body)],
      ["another content type", bytes(head(200, { ...length, "content-type": "text/html" }) + body)],
      [
        "a charset that nobody knows",
        bytes(head(200, { ...length, "content-type": "application/json; charset=klingon" }) + body)
      ],
      ["a byte order mark", answer(200, `\uFEFF${body}`)],
      ["a status without a reason", bytes(head("200", { ...json, ...length }) + body)],
      ["an answer of HTTP/1.0", bytes(`HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`)],
      ["bytes after the body", bytes(head(200, { ...json, ...length }) + body + "garbage")]
    ]

    for (const [name, script] of odd) {
      it.live(`${name}: the refund is confirmed`, () =>
        Effect.gen(function*() {
          const server = yield* serve({ orders: () => sequence(script, pause(5), finish) })
          const orders = yield* connect(transport, server, { credentials: heldToken })
          assert.strictEqual((yield* orders.refund(orderId, refundRequest)).transactionId, "t-1")
          assert.lengthOf(server.requests, 1)
        }))
    }
  }
)
