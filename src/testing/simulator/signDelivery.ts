/**
 * Writes an event as FlexFactor does, and signs its delivery.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import { headerNames, scheme, signedHeaders, type Signing, toSign } from "../../internal/webhook/signing.ts"
import { withDefined } from "../../internal/withDefined.ts"
import type { EventToSign, SignedWebhook } from "../signWebhook.ts"

/** The body of a delivery. What is left out of the event is as in the delivery that was recorded. */
export const bodyOf = (event: EventToSign, date: DateTime.DateTime): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify({
    ...withDefined({
      Event: event.event,
      TimeStamp: DateTime.formatIso(event.at ?? date),
      EventData: event.data ?? null,
      ExternalOrderId: event.externalOrderId,
      OrderId: event.orderId,
      ConfirmationId: event.confirmationId,
      IsTestMode: event.isTestMode ?? true,
      IsResent: event.isResent ?? false
    }),
    ...event.extra
  }))

/** What is signed. Of the date, whole seconds reach the wire. */
export interface Unsigned {
  readonly host: string
  readonly date: DateTime.DateTime
  readonly nonce: string
  readonly body: Uint8Array<ArrayBuffer>
}

/** A delivery with the headers that FlexFactor sends. */
export const signDelivery = Effect.fnUntraced(function*(
  signing: Signing,
  { body, date: sentAt, host, nonce }: Unsigned
): Effect.fn.Return<SignedWebhook> {
  const date = DateTime.toDateUtc(sentAt).toUTCString()
  const contentHash = yield* signing.hash(body)
  const signature = Base64.encode(yield* signing.sign(toSign({ nonce, date, host, contentHash })))
  return {
    headers: {
      host,
      "content-type": "application/json",
      "content-length": String(body.length),
      [headerNames.authorization]: `${scheme} SignedHeaders=${signedHeaders}&Signature=${signature}`,
      [headerNames.contentHash]: contentHash,
      [headerNames.date]: date,
      [headerNames.nonce]: nonce,
      [headerNames.signature]: Base64.encode(yield* signing.sign(body))
    },
    body
  }
})
