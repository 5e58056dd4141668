import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect } from "effect"
import { createHmac } from "node:crypto"
import * as Webhook from "../../src/Webhook.ts"
import { assertMalformed, itIsNow, key, now, options, refused, sign, withHeaders } from "./deliveries.ts"

const minute = 60_000

describe("a signed date", () => {
  const tolerances: ReadonlyArray<readonly [("30 seconds" | "1 day" | number) | undefined, number]> = [
    [undefined, 5 * minute],
    ["30 seconds", 30_000],
    [1, 1],
    ["1 day", 24 * 60 * minute]
  ]
  for (const [tolerance, millis] of tolerances) {
    for (const sense of [1, -1]) {
      const when = sense === 1 ? "ago" : "ahead"
      it.effect(`counts up to ${tolerance ?? "5 minutes, by default,"} ${when}, and no millisecond longer`, () =>
        Effect.gen(function*() {
          const signed = yield* sign()
          for (const inside of [0, millis - 1, millis]) {
            yield* itIsNow(sense * inside)
            yield* Webhook.verify(signed, { ...options, tolerance })
          }
          for (const outside of [millis + 1, millis + 1000, 400 * 24 * 60 * minute]) {
            yield* itIsNow(sense * outside)
            const error = yield* refused(signed, { tolerance })
            if (error._tag !== "WebhookExpired") return assert.strictEqual<string>(error._tag, "WebhookExpired")
            assert.deepStrictEqual(error.sentAt, now)
            assert.strictEqual(Duration.toMillis(error.tolerance), millis)
            assert.include(error.message, "2026-03-01T12:00:00.000Z")
          }
        }))
    }
  }

  it.effect("is not looked at before the signature is right", () =>
    Effect.gen(function*() {
      yield* itIsNow(60 * minute)
      const signed = yield* sign({ host: "other.example" })
      assert.strictEqual((yield* refused(signed))._tag, "WebhookSignatureInvalid")
      const noDate = withHeaders(signed, { "x-fc-date": "no date" })
      assert.strictEqual((yield* refused(noDate))._tag, "WebhookSignatureInvalid")
    }))

  const dates = [
    "2026-03-01T12:00:00Z",
    "Sun, 1 Mar 2026 12:00:00 GMT",
    "Mon, 01 Mar 2026 12:00:00 GMT",
    "Sun, 01 Mar 2026 12:00:00",
    "Sun, 01 Mar 2026 12:00:00 UTC",
    "Sun, 01 Mar 2026 14:00:00 +0200",
    "Sunday, 01-Mar-26 12:00:00 GMT",
    "Sun Mar  1 12:00:00 2026",
    "Sun, 29 Feb 2026 12:00:00 GMT",
    "Sun, 01 Mar 2026 12:00:00 GMT, Sun, 01 Mar 2026 12:00:00 GMT",
    "1772366400",
    ""
  ]
  for (const date of dates) {
    it.effect(`is malformed if it is ${JSON.stringify(date)}`, () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const signed = yield* signDate(date)
        assertMalformed(yield* refused(signed), "x-fc-date", "must be an HTTP date")
      }))
  }
})

/** Signs a text for a date with Node's own crypto. */
const signDate = Effect.fnUntraced(function*(date: string) {
  const signed = yield* sign({ key, date: DateTime.makeUnsafe(0) })
  const { "x-fc-content-sha512": hash, "x-fc-nonce": nonce } = signed.headers
  const signature = createHmac("sha512", Uint8Array.from({ length: 64 }, (_, index) => index))
    .update(`POST\n${nonce};${date};shop.example;${hash}`)
    .digest("base64")
  const before = "HMAC-SHA512 SignedHeaders=x-fc-nonce;x-fc-date;host;x-fc-content-sha512&Signature="
  return withHeaders(signed, { "x-fc-date": date, "x-fc-authorization": before + signature })
})
