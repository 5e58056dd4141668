/**
 * What a route answers to a delivery, in every server, and what it keeps of it.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { readFileSync } from "node:fs"
import { type OrderId, Webhook } from "../../src/index.ts"
import { bytes, host, itIsNow, key, now, sign } from "./deliveries.ts"
import { makeInbox } from "./routeInbox.ts"
import { type Answered, type Sent, servers, withoutHeader } from "./routeServers.ts"

const assertEmpty = (answered: Answered, status: number): void => {
  assert.strictEqual(answered.status, status)
  assert.strictEqual(answered.body, "")
  assert.notProperty(answered.headers, "content-type")
}

const text = "{\"Event\":\"order.refunded\",\"TimeStamp\":\"2026-03-01T12:00:00Z\",\"Note\":\"...\"}"

const odd = new Map<string, Uint8Array>([
  ["with spaces and line breaks", bytes(`\r\n  ${text.replaceAll(",", "\t,\n ")}  \n`)],
  ["with letters beyond ASCII", bytes(text.replace("...", "é 漢字 🎈 \u2028"))],
  ["with a byte order mark", new Uint8Array([0xef, 0xbb, 0xbf, ...bytes(text)])],
  ["with form data in it", bytes(text.replace("...", "a=b&c=%20+d"))],
  ["of 1 MiB", bytes(text.replace("...", "x".repeat(2 ** 20 - text.length + 3)))]
])

const contentTypes = [
  undefined,
  "application/json; charset=utf-8",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/plain; charset=utf-16",
  "nonsense"
]

const withContentType = (sent: Sent, type: string | undefined): Sent => {
  const { body, headers } = withoutHeader(sent, "content-type")
  return { body, headers: type === undefined ? headers : { ...headers, "content-type": type } }
}

/** A delivery with a body that was not signed. */
const withBody = (sent: Sent, body: Sent["body"]): Sent => ({ ...withoutHeader(sent, "content-length"), body })

const refusals: ReadonlyArray<readonly [name: string, status: number, sent: () => Effect.Effect<Sent, unknown>]> = [
  ["a body that was changed", 401, () => Effect.map(sign(), (one) => withBody(one, new Uint8Array(bytes(text))))],
  ["another host", 401, () => sign({ host: "evil.example" })],
  ["no signature", 400, () => Effect.map(sign(), (one) => withoutHeader(one, "x-fc-authorization"))],
  ["no nonce", 400, () => Effect.map(sign(), (one) => withoutHeader(one, "x-fc-nonce"))],
  ["no body", 401, () => Effect.map(sign(), (one) => withBody(one, undefined))],
  ["no headers", 400, () => Effect.succeed({ headers: {}, body: new Uint8Array(bytes(text)) })],
  ["a body that is no JSON", 400, () => sign({ event: bytes("no JSON") })],
  ["a body that is no text", 400, () => sign({ event: new Uint8Array([0xff, 0xfe, 0x7b]) })],
  ["an event without a name", 400, () => sign({ event: bytes("{\"TimeStamp\":\"2026-03-01T12:00:00Z\"}") })],
  ["a delivery of 5 minutes and a second ago", 400, () => sign({ date: DateTime.subtract(now, { seconds: 301 }) })],
  ["a delivery of 5 minutes and a second ahead", 400, () => sign({ date: DateTime.add(now, { seconds: 301 }) })],
  ["a body of 1 MiB and a byte", 413, () => sign({ event: new Uint8Array(2 ** 20 + 1) })]
]

for (const [name, serve] of servers) {
  describe(`a route in ${name}`, () => {
    it.effect("keeps the recorded delivery", () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(DateTime.toEpochMillis(DateTime.makeUnsafe("2023-03-20T17:16:41Z")))
        const inbox = makeInbox()
        const send = yield* serve(inbox.layer, { key, host: "fctestwebhook.free.beeceptor.com" })
        const recorded = readFileSync(new URL("../wire/webhook-order-completed.json", import.meta.url)).subarray(0, 255)
        // The signature is openssl's, with the key of these tests: see vectors.test.ts.
        const headers = {
          "Content-Type": "application/json",
          "Host": "fctestwebhook.free.beeceptor.com",
          "x-fc-authorization": "HMAC-SHA512 SignedHeaders=x-fc-nonce;x-fc-date;host;x-fc-content-sha512&Signature="
            + "mfN3VN7TWEZfd/Dcurw7K0hCWMJgV20AaJ1I6LTeIxnH6MwsMj7MFLMIw6IhzVMTSDmGlZcMU/sVNb5JjhmRCQ==",
          "x-fc-content-sha512":
            "pLs0Op5VWqQM3ZIumqC2NP6MDqcnwFN1znp/oCuw9LcYd8PtvLC8ProyPg8ZDadsRc36NskT3QGKn/PkNqwWfg==",
          "x-fc-date": "Mon, 20 Mar 2023 17:16:40 GMT",
          "x-fc-nonce": "5f1c2de28a76457c9cb79d1740f2260a",
          "content-length": "255"
        }
        assertEmpty(yield* send({ headers, body: new Uint8Array(recorded) }), 200)
        assert.deepStrictEqual(inbox.events, [yield* Webhook.decode(recorded)])
      }))

    it.effect("keeps an event once, and answers its replays and redeliveries with success", () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const inbox = makeInbox()
        const send = yield* serve(inbox.layer)
        const first = yield* sign()
        const again = yield* sign({ nonce: "another", event: { event: "order.refunded", isResent: true } })
        for (const delivery of [first, first, again, again, first]) assertEmpty(yield* send(delivery), 200)
        assert.deepStrictEqual(inbox.answers, ["new", "replayed", "redelivered", "replayed", "replayed"])
        assert.lengthOf(inbox.events, 1)
      }))

    it.effect("keeps one of many deliveries of an event at the same moment", () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const inbox = makeInbox()
        const send = yield* serve(inbox.layer)
        const deliveries = yield* Effect.forEach(Array.from({ length: 20 }), (_, index) =>
          sign({ nonce: `${index % 4}` }))
        const answers = yield* Effect.forEach(deliveries, send, { concurrency: "unbounded" })
        assert.deepStrictEqual(
          answers.map(({ status }) =>
            status
          ),
          Array.from({ length: 20 }, () => 200)
        )
        assert.lengthOf(inbox.events, 1)
      }))

    it.effect("keeps deliveries that come in another order than they were sent", () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const inbox = makeInbox()
        const send = yield* serve(inbox.layer)
        const deliveries = yield* Effect.forEach([-200, 0, -299, -1, 299], (seconds) => {
          const date = DateTime.add(now, { seconds })
          const orderId = `order${seconds}` as OrderId // as read from the wire
          return sign({ date, nonce: `n${seconds}`, event: { event: "order.refunded", at: date, orderId } })
        })
        for (const delivery of deliveries) assertEmpty(yield* send(delivery), 200)
        const orders = ["order-200", "order0", "order-299", "order-1", "order299"]
        assert.deepStrictEqual(inbox.events.map(({ orderId }) => String(orderId)), orders)
      }))

    for (const [what, body] of odd) {
      it.effect(`takes the bytes of a body ${what} as they came`, () =>
        Effect.gen(function*() {
          yield* itIsNow()
          const inbox = makeInbox()
          const send = yield* serve(inbox.layer)
          for (const type of contentTypes) {
            assertEmpty(yield* send(withContentType(yield* sign({ event: body, nonce: `${type?.length}` }), type)), 200)
          }
          assert.deepStrictEqual(inbox.events, [yield* Webhook.decode(body)])
          assert.lengthOf(inbox.answers, contentTypes.length)
        }))
    }

    it.effect("does not mind a proxy that changes the host, or an address with a query", () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const inbox = makeInbox()
        const send = yield* serve(inbox.layer)
        const { body, headers } = yield* sign()
        const forwarded = { ...headers, "host": "10.0.0.7:3000", "x-forwarded-host": "evil.example" }
        assertEmpty(yield* send({ headers: forwarded, body, path: "/webhooks/flexfactor?a=b" }), 200)
        assert.lengthOf(inbox.events, 1)
      }))

    for (const [what, status, sent] of refusals) {
      it.effect(`answers ${what} with ${status}, and keeps nothing`, () =>
        Effect.gen(function*() {
          yield* itIsNow()
          const inbox = makeInbox()
          const send = yield* serve(inbox.layer, { key, host })
          assertEmpty(yield* send(yield* sent()), status)
          assert.deepStrictEqual(inbox.answers, [])
          // It was the delivery, not the route.
          assertEmpty(yield* send(yield* sign()), 200)
        }))
    }
  })
}
