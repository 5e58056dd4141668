/**
 * Deliveries as FlexFactor signs them, for the tests of a program that receives them.
 */
import type * as Config from "effect/Config"
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { makeHosts, makeKey } from "../internal/webhook/settings.ts"
import type { WebhookEvent } from "../WebhookEvent.ts"
import { bodyOf, signDelivery } from "./simulator/signDelivery.ts"

/**
 * An event to deliver. What is left out is as in the delivery that was recorded: it happens at the date of the delivery,
 * in test mode, and is delivered for the first time.
 */
export interface EventToSign extends Partial<Omit<WebhookEvent, "event">> {
  readonly event: WebhookEvent["event"]
}

/**
 * What is signed, and with what.
 *
 * - `key`: in base64, as a verifier takes it.
 * - `host`: the host that the sender signs.
 * - `event`: what is reported; or the bytes of a body, to see what a program does with others.
 * - `date`: when it is sent; now, if not given. Only whole seconds reach the wire.
 * - `nonce`: 32 random hexadecimal digits, if not given.
 */
export interface SignWebhookOptions {
  readonly key: Redacted.Redacted<string>
  readonly host: string
  readonly event: EventToSign | Uint8Array
  readonly date?: DateTime.DateTime | undefined
  readonly nonce?: string | undefined
}

/** A delivery with the headers that FlexFactor sends (observed). */
export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

const isBytes = (event: EventToSign | Uint8Array): event is Uint8Array => ArrayBuffer.isView(event)

/**
 * Signs a delivery as FlexFactor does, so that a program's tests can send it to themselves. With `date` and `nonce`
 * given it is the same each time. A key or a host that breaks a rule fails with a `ConfigError`.
 *
 * @example
 * ```ts
 * import { Effect, Redacted } from "effect"
 * import { OrderId, Webhook } from "effect-flexfactor"
 * import { signWebhook } from "effect-flexfactor/testing"
 *
 * const endpoint = { key: Redacted.make("a2V5IG9mIGEgdGVzdA=="), host: "shop.example" }
 *
 * const test = Effect.gen(function*() {
 *   const event = { event: "order.refunded", orderId: OrderId.make("order-1") }
 *   const { body } = yield* Webhook.verify(yield* signWebhook({ ...endpoint, event }), endpoint)
 *   return (yield* Webhook.decode(body)).orderId // "order-1"
 * })
 * ```
 */
export const signWebhook = Effect.fnUntraced(function*(
  options: SignWebhookOptions
): Effect.fn.Return<SignedWebhook, Config.ConfigError> {
  const signing = yield* makeKey(options.key)
  const [host = ""] = yield* makeHosts(options.host)
  const crypto = yield* WebCrypto.WebCrypto
  const date = options.date ?? (yield* DateTime.now)
  return yield* signDelivery(signing, {
    host,
    date,
    nonce: options.nonce ?? crypto.randomUUID().replaceAll("-", ""),
    body: isBytes(options.event) ? new Uint8Array(options.event) : bodyOf(options.event, date)
  })
})
