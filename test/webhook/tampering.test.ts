import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import type { SignedWebhook } from "../../src/testing/signWebhook.ts"
import * as Webhook from "../../src/Webhook.ts"
import { bytes, host, itIsNow, key, now, options, refused, sign, withHeaders } from "./deliveries.ts"

const signedNames = ["x-fc-authorization", "x-fc-content-sha512", "x-fc-date", "x-fc-nonce"]

/** Every text that differs from a text in the lowest bit of one character. */
const flips = (text: string): ReadonlyArray<string> =>
  Array.from(
    text,
    (character, index) =>
      text.slice(0, index) + String.fromCharCode(character.charCodeAt(0) ^ 1) + text.slice(index + 1)
  )

const verifier = Webhook.make(options)

describe("a signed delivery", () => {
  it.effect("is refused with any bit of its body changed", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const { verify } = yield* verifier
      const signed = yield* sign({ event: { event: "order.refunded", isTestMode: false } })
      yield* verify(signed)
      for (let bit = 0; bit < signed.body.length * 8; bit++) {
        const body = signed.body.map((byte, index) => index === bit >> 3 ? byte ^ 1 << (bit & 7) : byte)
        const error = yield* Effect.flip(verify({ ...signed, body }))
        assert.strictEqual(error._tag, "WebhookSignatureInvalid", `bit ${bit}`)
      }
    }))

  for (const name of signedNames) {
    it.effect(`is refused with any character of ${name} changed`, () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const { verify } = yield* verifier
        const signed = yield* sign()
        yield* verify(signed)
        for (const value of flips(signed.headers[name] ?? "")) {
          const error = yield* Effect.flip(verify(withHeaders(signed, { [name]: value })))
          assert.include(["WebhookSignatureInvalid", "WebhookMalformed"], error._tag, value)
        }
      }))
  }

  it.effect("is refused with a signature that ignores the last bits of its base64", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const signed = yield* sign()
      const value = signed.headers["x-fc-authorization"] ?? ""
      const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
      const index = last.indexOf(value.at(-3) ?? "")
      const twin = `${value.slice(0, -3)}${last[index ^ 1] ?? ""}==`
      const decoded = (text: string) =>
        Buffer.from(text.slice(text.indexOf("Signature=") + 10), "base64").toString("hex")
      assert.strictEqual(decoded(twin), decoded(value))
      assert.strictEqual((yield* refused(withHeaders(signed, { "x-fc-authorization": twin })))._tag, "WebhookMalformed")
    }))

  it.effect("is refused with a byte more or less", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const signed = yield* sign()
      for (const body of [signed.body.slice(1), signed.body.slice(0, -1), new Uint8Array([...signed.body, 0x20])]) {
        assert.strictEqual((yield* refused({ ...signed, body }))._tag, "WebhookSignatureInvalid")
      }
    }))

  it.effect("is refused with the body and the hash of another", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const signed = yield* sign()
      const other = yield* sign({ event: { event: "order.completed" } })
      const name = "x-fc-content-sha512"
      const hash = other.headers[name]
      assert.strictEqual((yield* refused({ ...signed, body: other.body }))._tag, "WebhookSignatureInvalid")
      assert.strictEqual((yield* refused(withHeaders(signed, { [name]: hash })))._tag, "WebhookSignatureInvalid")
      const both = { ...withHeaders(signed, { [name]: hash }), body: other.body }
      assert.strictEqual((yield* refused(both))._tag, "WebhookSignatureInvalid")
    }))

  it.effect("is refused with another key, and with the bytes of the key's text for a key", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const signed = yield* sign()
      const asText = Buffer.from(Redacted.value(key)).toString("base64")
      for (const other of ["AAEC", `${Redacted.value(key).slice(0, -4)}fw==`, asText]) {
        const error = yield* refused(signed, { key: Redacted.make(other) })
        assert.strictEqual(error._tag, "WebhookSignatureInvalid")
      }
    }))

  it.effect("is refused for another host, also if the request names it", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const signed = yield* sign({ host: "other.example" })
      assert.strictEqual((yield* refused(signed))._tag, "WebhookSignatureInvalid")
      const error = yield* refused(withHeaders(signed, { host: "other.example" }))
      assert.strictEqual(error._tag, "WebhookSignatureInvalid")
      assert.strictEqual((yield* refused(yield* sign({ host: `${host}:443` })))._tag, "WebhookSignatureInvalid")
    }))

  it.effect("is verified for any of several hosts, whichever the request names", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const hosts = ["a.example", host, "c.example"]
      for (const one of hosts) {
        const signed = yield* sign({ host: one })
        yield* Webhook.verify(withHeaders(signed, { host: "evil.example" }), { key, host: hosts })
      }
      assert.strictEqual(
        (yield* refused(yield* sign({ host: "d.example" }), { host: hosts }))._tag,
        "WebhookSignatureInvalid"
      )
    }))

  it.effect("is refused with the border between nonce and date moved", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const signed = yield* sign()
      const both = `${signed.headers["x-fc-nonce"]};${signed.headers["x-fc-date"]}`
      for (const index of [1, 20, both.length - 1]) {
        const moved = { "x-fc-nonce": both.slice(0, index), "x-fc-date": both.slice(index) }
        assert.notStrictEqual((yield* refused(withHeaders(signed, moved)))._tag, "WebhookExpired")
      }
      const error = yield* refused(withHeaders(signed, { "x-fc-nonce": both, "x-fc-date": host }))
      assert.strictEqual(error._tag, "WebhookMalformed")
    }))

  it.effect("keeps the body that was verified, whatever becomes of the caller's buffer", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const signed = yield* sign()
      const buffer = Buffer.from(signed.body)
      const { verify } = yield* verifier
      const verifying = yield* Effect.forkChild(verify({ ...signed, body: buffer }), { startImmediately: true })
      buffer.fill(0)
      const { body } = yield* Fiber.join(verifying)
      assert.deepStrictEqual([...body], [...signed.body])
    }))
})

const anyBytes = Arbitrary.schema(Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 })))).pipe(
  Arbitrary.map((values) => new Uint8Array(values))
)

const verifies = Effect.fnUntraced(function*(event: Uint8Array) {
  yield* itIsNow()
  const signed: SignedWebhook = yield* sign({ event })
  const { body } = yield* Webhook.verify(signed, options)
  assert.isTrue(Buffer.from(body).equals(event))
  const longer = Buffer.concat([event, bytes("\n")])
  assert.strictEqual((yield* refused({ ...signed, body: longer }))._tag, "WebhookSignatureInvalid")
})

describe("whatever the body", () => {
  it.effect.prop(
    "it is verified as it was signed, and not with a line break after it",
    { event: anyBytes },
    ({ event }) => verifies(event),
    { arbitrary: { runs: 200 } }
  )

  it.effect("also if it is empty", () => verifies(new Uint8Array()))

  it.effect("also if it has a million bytes", () =>
    verifies(new Uint8Array(1_048_576).map((_, index) => index * 31 % 251)))

  it.effect("also if it is a view of a part of a buffer", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const signed = yield* sign()
      const around = Buffer.concat([bytes("before"), signed.body, bytes("after")])
      const body = around.subarray(6, 6 + signed.body.length)
      yield* Webhook.verify({ ...signed, body }, options)
    }))
})

describe("a delivery of a moment", () => {
  it.effect("is signed the same each time", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sign(), yield* sign())
      const [one, other] = [yield* sign({ nonce: undefined }), yield* sign({ nonce: undefined })]
      assert.notStrictEqual(one.headers["x-fc-nonce"], other.headers["x-fc-nonce"])
      assert.match(one.headers["x-fc-nonce"] ?? "", /^[0-9a-f]{32}$/)
    }))

  it.effect("is signed now, where no date is given", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const { sentAt } = yield* Webhook.verify(yield* sign({ date: undefined }), options)
      assert.deepStrictEqual(sentAt, now)
    }))
})
