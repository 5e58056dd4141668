/**
 * Turns what is due into the request that is sent: signed when it is sent, and the same once more when it is replayed.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import type { Signing } from "../../internal/webhook/signing.ts"
import type { SignedWebhook } from "../signWebhook.ts"
import type { Letter } from "./sendings.ts"
import { bodyOf, signDelivery } from "./signDelivery.ts"
import type { WebhookSettings } from "./webhookSettings.ts"

/**
 * A nonce as FlexFactor's look, 32 hexadecimal digits (observed), of what makes the request: the same in every run under
 * a test clock, and another at any other time, so that a simulator that starts anew does not seem to replay.
 */
const nonceOf = Effect.fnUntraced(function*(signing: Signing, number: number, sentAt: DateTime.Utc, body: Uint8Array) {
  const about = new TextEncoder().encode(`${number} ${DateTime.formatIso(sentAt)} `)
  const hash = yield* signing.hash(new Uint8Array([...about, ...body]))
  return Hex.encode(Result.getOrThrow(Base64.decode(hash)).subarray(0, 16))
})

/** One bit, in the middle. */
const alter = ({ body, headers }: SignedWebhook): SignedWebhook => ({
  headers,
  body: body.map((byte, index) => index === Math.floor(body.length / 2) ? byte ^ 1 : byte)
})

interface Sent {
  readonly at: DateTime.Utc
  readonly number: number
}

/** Makes what signs the letters of one simulator. */
export const makeLetterSigner = ({ clockOffset, host, signing }: WebhookSettings) => {
  const sent = new WeakMap<Letter, Sent>()
  let count = 0

  const send = (letter: Letter, now: DateTime.Utc): Sent => {
    const before = sent.get(letter)
    if (before !== undefined) return before
    count += 1
    const first = { at: now, number: count }
    sent.set(letter, first)
    return first
  }

  return Effect.fnUntraced(function*(letter: Letter, now: DateTime.Utc): Effect.fn.Return<SignedWebhook> {
    const { at, number } = send(letter, now)
    const serverTime = DateTime.addDuration(at, clockOffset)
    const body = bodyOf(letter.event, serverTime)
    const signed = yield* signDelivery(signing, {
      host,
      date: DateTime.subtractDuration(serverTime, letter.aged),
      nonce: yield* nonceOf(signing, number, at, body),
      body
    })
    return letter.isAltered ? alter(signed) : signed
  })
}
