import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Headers as EffectHeaders } from "effect/http"
import * as Webhook from "../../src/Webhook.ts"
import { assertMalformed, itIsNow, options, refused, sign, withHeaders } from "./deliveries.ts"

const authorization = "x-fc-authorization"
const required = [authorization, "x-fc-date", "x-fc-nonce"]

describe("the headers", () => {
  it.effect("may be a record, WHATWG Headers, Effect's Headers, or pairs, in any case", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const { body, headers } = yield* sign()
      const entries = Object.entries(headers)
      const ways: ReadonlyArray<Webhook.Headers> = [
        headers,
        Object.fromEntries(entries.map(([name, value]) => [name.toUpperCase(), value])),
        Object.fromEntries(entries.map(([name, value]) => [name, [value]])),
        new Headers(headers),
        EffectHeaders.fromInput(headers),
        new Map(entries),
        [...entries, ...entries],
        { ...headers, "X-FC-Nonce": headers["x-fc-nonce"], "x-other": undefined }
      ]
      for (const headers of ways) yield* Webhook.verify({ headers, body }, options)
    }))

  it.effect("need no hash of the body", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      yield* Webhook.verify(withHeaders(yield* sign(), { "x-fc-content-sha512": undefined }), options)
    }))

  for (const name of required) {
    it.effect(`need ${name}, and are not taken from a prototype`, () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const signed = yield* sign()
        const missing = withHeaders(signed, { [name]: undefined })
        assertMalformed(yield* refused(missing), name, "must be there")
        const { [name]: _, ...rest } = signed.headers
        const inherited = Object.assign(Object.create({ [name]: signed.headers[name] }), rest)
        assertMalformed(yield* refused({ headers: inherited, body: signed.body }), name, "must be there")
      }))
  }

  for (const name of [...required, "x-fc-content-sha512"]) {
    it.effect(`must not have ${name} twice with different values`, () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const { body, headers } = yield* sign()
        const second = `${headers[name]}x`
        const ways: ReadonlyArray<Webhook.Headers> = [
          { ...headers, [name.toUpperCase()]: second },
          { ...headers, [name]: [headers[name] ?? "", second] },
          [...Object.entries(headers), [name, second]],
          [[name, second], ...Object.entries(headers)]
        ]
        for (const headers of ways) assertMalformed(yield* refused({ headers, body }), name, "several values")
        const joined = new Headers(headers)
        joined.append(name, headers[name] ?? "")
        const error = yield* refused({ headers: joined, body })
        assert.include(["WebhookMalformed", "WebhookSignatureInvalid"], error._tag)
      }))
  }

  it.effect("must be text", () =>
    Effect.gen(function*() {
      const signed = yield* sign()
      for (const name of required) {
        const headers = { ...signed.headers, [name]: 5 } as never
        assertMalformed(yield* refused({ headers, body: signed.body }), name, "must be text")
      }
    }))

  const names = "x-fc-nonce;x-fc-date;host;x-fc-content-sha512"
  const wrong: ReadonlyArray<readonly [name: string, change: (value: string) => string, rule: string]> = [
    ["nothing", () => "", "must begin with HMAC-SHA512"],
    ["another scheme", (value) => value.replace("SHA512", "SHA256"), "must begin with HMAC-SHA512"],
    [
      "a scheme in small letters",
      (value) => value.replace("HMAC-SHA512", "hmac-sha512"),
      "must begin with HMAC-SHA512"
    ],
    ["a space before the scheme", (value) => ` ${value}`, "must begin with HMAC-SHA512"],
    ["two spaces after the scheme", (value) => value.replace(" ", "  "), "must have SignedHeaders"],
    ["no signed headers", (value) => value.replace(/SignedHeaders=.*&/, ""), "must have SignedHeaders"],
    ["fewer signed headers", (value) => value.replace("host;", ""), "must have SignedHeaders"],
    ["no host among them", (value) => value.replace(";host", ""), "must have SignedHeaders"],
    ["none of them", (value) => value.replace(names, ""), "must have SignedHeaders"],
    [
      "them in another order",
      (value) => value.replace("x-fc-nonce;x-fc-date", "x-fc-date;x-fc-nonce"),
      "SignedHeaders"
    ],
    ["more of them", (value) => value.replace("&", ";x-other&"), "must have SignedHeaders"],
    ["no signature", (value) => value.slice(0, value.indexOf("&")), "must have SignedHeaders"],
    ["an empty signature", (value) => value.slice(0, value.indexOf("&Signature=") + 11), "64 bytes in base64"],
    ["a shorter signature", (value) => `${value.slice(0, -8)}==`, "64 bytes in base64"],
    ["a signature without padding", (value) => value.slice(0, -2), "64 bytes in base64"],
    ["a signature and a line break", (value) => `${value}\n`, "64 bytes in base64"],
    ["a signature with a space in it", (value) => `${value.slice(0, -10)} ${value.slice(-10)}`, "64 bytes in base64"],
    ["two signatures", (value) => `${value}&Signature=AAAA`, "64 bytes in base64"]
  ]
  for (const [name, change, rule] of wrong) {
    it.effect(`must not have ${name} in x-fc-authorization`, () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const signed = yield* sign()
        const value = change(signed.headers[authorization] ?? "")
        assertMalformed(yield* refused(withHeaders(signed, { [authorization]: value })), authorization, rule)
      }))
  }

  for (const nonce of ["", "a;b", "a,b", "a b", "a\n", "é", "x".repeat(129)]) {
    it.effect(`must not have the nonce ${JSON.stringify(nonce.slice(0, 8))}, also if it is signed`, () =>
      Effect.gen(function*() {
        yield* itIsNow()
        assertMalformed(yield* refused(yield* sign({ nonce })), "x-fc-nonce", "1 to 128 visible characters")
      }))
  }
})

describe("the body", () => {
  it.effect("must be bytes", () =>
    Effect.gen(function*() {
      const { headers } = yield* sign()
      for (const body of ["{}", {}, null, undefined, new ArrayBuffer(2), new Uint16Array(2)]) {
        assertMalformed(yield* refused({ headers, body: body as never }), "body", "must be the raw bytes")
      }
    }))
})
