/**
 * Signatures that the library did not make.
 *
 * ```sh
 * KEYHEX=$(for i in $(seq 0 63); do printf '%02x' $i; done)
 * sign() { openssl dgst -sha512 -mac HMAC -macopt "hexkey:$KEYHEX" -binary | openssl base64 -A; }
 * HASH=$(openssl dgst -sha512 -binary < body | openssl base64 -A)
 * printf 'POST\n%s;%s;%s;%s' "$NONCE" "$DATE" "$HOST" "$HASH" | sign   # signature
 * sign < body                                                         # bodySignature
 * ```
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { readFileSync } from "node:fs"
import { signWebhook } from "../../src/testing/signWebhook.ts"
import * as Webhook from "../../src/Webhook.ts"
import { bytes, key, refused } from "./deliveries.ts"

/** The file ends with a line break, and the body that was sent does not. */
const recorded = readFileSync(new URL("../wire/webhook-order-completed.json", import.meta.url)).subarray(0, 255)

/** The key of the recorded delivery: FlexFactor published it with its sample client, as a test vector. */
const publishedKey = Redacted.make(
  "XRmKBxG5uvt1qWzqvp+T6CAbTo0MB89GTxXZD5cHA56RP7Mj4NbnHQOR1Y8uorUU9YQz8ujaVRUdm9vTSkPZSw=="
)

/** The headers of the recorded delivery. */
const recordedHeaders = {
  "Content-Type": "application/json",
  "Host": "fctestwebhook.free.beeceptor.com",
  "x-fc-authorization": "HMAC-SHA512 SignedHeaders=x-fc-nonce;x-fc-date;host;x-fc-content-sha512&Signature="
    + "+HXN8ZewgINLk+uC/UI92HSWmLK7gZOECPxOGEM91ATyfyzScMF/+osEK5B0UjO7OFqahDvesSo8jmUWMZtQnA==",
  "x-fc-content-sha512": "pLs0Op5VWqQM3ZIumqC2NP6MDqcnwFN1znp/oCuw9LcYd8PtvLC8ProyPg8ZDadsRc36NskT3QGKn/PkNqwWfg==",
  "x-fc-date": "Mon, 20 Mar 2023 17:16:40 GMT",
  "x-fc-nonce": "5f1c2de28a76457c9cb79d1740f2260a",
  "x-fc-signature": "SbzcEwAKsViWqrB8+suZMjOdadswbUjLHtIKjDQJYle31xbB8Vr0pVTDaNP28/y+NDynpyFyKKnXmWZy8uJVig==",
  "content-length": "255"
}

const vectors = [
  {
    name: "the recorded body",
    body: recorded,
    nonce: recordedHeaders["x-fc-nonce"],
    date: recordedHeaders["x-fc-date"],
    host: recordedHeaders["Host"],
    hash: recordedHeaders["x-fc-content-sha512"],
    signature: "mfN3VN7TWEZfd/Dcurw7K0hCWMJgV20AaJ1I6LTeIxnH6MwsMj7MFLMIw6IhzVMTSDmGlZcMU/sVNb5JjhmRCQ==",
    bodySignature: "pumL1Zd5LLHL5dOBXAy/0+oNKKhai8FhVXjgE+wHddXEfqRO08cAO0WTB2NUdk53iyUcrSiROEe+523kXFxOIw=="
  },
  {
    name: "an empty body",
    body: bytes(""),
    nonce: "00000000000000000000000000000000",
    date: "Thu, 01 Jan 1970 00:00:00 GMT",
    host: "shop.example",
    hash: "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
    signature: "jDOpTI2Pqz/p0vMdDYR25jN4VlaeZiPtI6Gdfuug7XZuQljjN09U1mZxjBQv1N1mMBE97pVzVjP4NK7+KpYIsA==",
    bodySignature: "0pueP4eAlobzQQn7xxjWq7sJwnjPBaIGrfIUY+EXA2ISLlgnKjFnlyCyVMvWOnxtaWv5KD+caJfn15JIO7A4jA=="
  },
  {
    name: "bytes that are no text, and a host with a port",
    body: new Uint8Array([0x00, 0xff, 0xfe, ...bytes("{\"a\":\"é\"}")]),
    nonce: "NONCE.~1",
    date: "Tue, 29 Feb 2028 23:59:59 GMT",
    host: "shop.example:8443",
    hash: "KY3RYTnISdYZpIcRj2n8CKztBiXPja4bXNBbsGQF9HkMS7O2X+nGMwvfbm8XqyM/P26IYG0fHkjs5+umAWdLgg==",
    signature: "U8vPX+5rNs4U+5MCDPTQGSghQ6syYIUA4SKGJ3aWp20gATCwn9drm2gMSwjjR7erl5gDXVP2ChD+2zpdqSqsyA==",
    bodySignature: "4hkxuuWqqAgg3o5kOQgV8StKzYA+QJCV7gPYRe1S0bGLI/mqucfFd9HuyHdzV9vqFF57t/WlQlylkvh0In4UNA=="
  }
]

const authorization = (signature: string): string =>
  `HMAC-SHA512 SignedHeaders=x-fc-nonce;x-fc-date;host;x-fc-content-sha512&Signature=${signature}`

describe("a signature made by openssl", () => {
  for (const { body, bodySignature, date, hash, host, name, nonce, signature } of vectors) {
    const sentAt = DateTime.makeUnsafe(date)

    it.effect(`of ${name} is verified`, () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(DateTime.toEpochMillis(sentAt))
        const headers = {
          "X-FC-Authorization": authorization(signature),
          "X-FC-Content-SHA512": hash,
          "X-FC-Date": date,
          "X-FC-Nonce": nonce
        }
        const verified = yield* Webhook.verify({ headers, body }, { key, host })
        assert.strictEqual(verified.nonce, nonce)
        assert.strictEqual(DateTime.toEpochMillis(verified.sentAt), DateTime.toEpochMillis(sentAt))
        assert.deepStrictEqual([...verified.body], [...body])
      }))

    it.effect(`of ${name} is the one that signWebhook makes`, () =>
      Effect.gen(function*() {
        const signed = yield* signWebhook({ key, host, nonce, date: sentAt, event: body })
        assert.deepStrictEqual(signed.headers, {
          host,
          "content-type": "application/json",
          "content-length": String(body.length),
          "x-fc-authorization": authorization(signature),
          "x-fc-content-sha512": hash,
          "x-fc-date": date,
          "x-fc-nonce": nonce,
          "x-fc-signature": bodySignature
        })
      }))
  }
})

describe("the recorded delivery", () => {
  it.effect("has the form that is read, and is not signed with another key", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(DateTime.makeUnsafe(recordedHeaders["x-fc-date"])))
      const error = yield* refused({ headers: recordedHeaders, body: recorded }, { host: recordedHeaders["Host"] })
      assert.strictEqual(error._tag, "WebhookSignatureInvalid")
    }))

  const recordedOptions = { key: publishedKey, host: recordedHeaders["Host"] }
  const itIsThen = TestClock.setTime(DateTime.toEpochMillis(DateTime.makeUnsafe(recordedHeaders["x-fc-date"])))

  it.effect("is verified with the key that FlexFactor published", () =>
    Effect.gen(function*() {
      yield* itIsThen
      const verified = yield* Webhook.verify({ headers: recordedHeaders, body: recorded }, recordedOptions)
      assert.strictEqual(verified.nonce, recordedHeaders["x-fc-nonce"])
    }))

  it.effect("is refused with any byte of its body changed", () =>
    Effect.gen(function*() {
      yield* itIsThen
      for (let index = 0; index < recorded.length; index++) {
        const body = Uint8Array.from(recorded)
        body[index] = (body[index] ?? 0) ^ 1
        const error = yield* refused({ headers: recordedHeaders, body }, recordedOptions)
        assert.strictEqual(error._tag, "WebhookSignatureInvalid", `byte ${index}`)
      }
    }))

  it.effect("is refused once it is old", () =>
    Effect.gen(function*() {
      yield* itIsThen
      yield* TestClock.adjust("6 minutes")
      const error = yield* refused({ headers: recordedHeaders, body: recorded }, recordedOptions)
      assert.strictEqual(error._tag, "WebhookExpired")
    }))

  it.effect("is what signWebhook makes of it", () =>
    Effect.gen(function*() {
      const { headers } = yield* signWebhook({
        ...recordedOptions,
        nonce: recordedHeaders["x-fc-nonce"],
        date: DateTime.makeUnsafe(recordedHeaders["x-fc-date"]),
        event: recorded
      })
      const sent = Object.entries(recordedHeaders).map(([name, value]) => [name.toLowerCase(), value])
      assert.deepStrictEqual({ ...headers }, Object.fromEntries(sent))
    }))

  it.effect("has an event, with all that it says", () =>
    Effect.gen(function*() {
      const event = yield* Webhook.decode(recorded)
      assert.deepStrictEqual({ ...event, at: DateTime.formatIso(event.at) }, {
        event: "order.completed",
        at: "2023-03-20T17:16:40.898Z",
        orderId: "ac9674ed-cbfe-49aa-bc8b-eb1d2b74c429",
        externalOrderId: "a9735210-1349-49bf-bfde-b737dd07872a",
        confirmationId: "22ACD1D9",
        isTestMode: true,
        isResent: false,
        extra: {}
      } as never)
    }))
})
