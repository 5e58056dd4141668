/**
 * Verifies a delivery: its form, then its signature, and only then its date. Before the signature is right, no failure
 * tells more than what anybody can see in the headers.
 */
import * as Mac from "effect/crypto/Mac"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Delivery, VerifiedDelivery } from "../../Webhook.ts"
import {
  WebhookExpired,
  WebhookMalformed,
  WebhookSignatureInvalid,
  type WebhookVerifyError
} from "../../WebhookError.ts"
import { bytesOf } from "./bytes.ts"
import { readHeaders, type SignedHeaders } from "./headers.ts"
import type { WebhookSettings } from "./settings.ts"
import { headerNames, toSign } from "./signing.ts"

/** Every key is tried with every host, also after one that fits, and every signature is compared in constant time. */
const isSigned = Effect.fnUntraced(function*(
  { hosts, signings }: WebhookSettings,
  { contentHash: statedHash, date, nonce, signature }: SignedHeaders,
  body: Uint8Array<ArrayBuffer>
) {
  // No key takes part in the hash.
  const contentHash = yield* signings[0].hash(body)
  const texts = hosts.map((host) => toSign({ nonce, date, host, contentHash }))
  const fits = yield* Effect.forEach(
    signings.flatMap(({ sign }) => texts.map(sign)),
    Effect.map((expected) => Mac.timingSafeEqual(expected, signature))
  )
  return fits.includes(true) && (statedHash === undefined || statedHash === contentHash)
})

/** A date as HTTP writes it, such as `Mon, 20 Mar 2023 17:16:40 GMT`: in the one form that is still in use. */
const readDate = (text: string): Effect.Effect<DateTime.Utc, WebhookMalformed> => {
  const date = new Date(text)
  return Number.isFinite(date.getTime()) && date.toUTCString() === text
    ? Effect.succeed(DateTime.fromDateUnsafe(date))
    : Effect.fail(new WebhookMalformed({ field: headerNames.date, rule: "must be an HTTP date" }))
}

export const verify = Effect.fnUntraced(function*(
  settings: WebhookSettings,
  delivery: Delivery
): Effect.fn.Return<VerifiedDelivery, WebhookVerifyError> {
  const body = yield* Effect.fromResult(bytesOf(delivery.body))
  const headers = yield* Effect.fromResult(readHeaders(delivery.headers))
  if (!(yield* isSigned(settings, headers, body))) return yield* new WebhookSignatureInvalid()
  const sentAt = yield* readDate(headers.date)
  const away = Math.abs(DateTime.toEpochMillis(yield* DateTime.now) - DateTime.toEpochMillis(sentAt))
  if (away > Duration.toMillis(settings.tolerance)) {
    return yield* new WebhookExpired({ sentAt, tolerance: settings.tolerance })
  }
  return { nonce: headers.nonce, sentAt, body }
})
