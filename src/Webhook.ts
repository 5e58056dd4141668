/**
 * Receives what FlexFactor reports by webhook: verifies that FlexFactor sent it, just now and to this program, refuses
 * what came before, and reads the event.
 *
 * The signature covers the nonce, the date, the host and the body (observed). It does not cover the path, so the host is
 * what tells two endpoints apart, besides the key.
 */
import * as Config from "effect/Config"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { decodeEvent } from "./internal/webhook/decodeEvent.ts"
import { hostConfig, keyConfig } from "./internal/webhook/endpointConfig.ts"
import { makeWebhookSettings } from "./internal/webhook/settings.ts"
import { verify as verifyDelivery } from "./internal/webhook/verify.ts"
import {
  type WebhookError,
  type WebhookInboxError,
  type WebhookMalformed,
  WebhookReplayed,
  type WebhookVerifyError
} from "./WebhookError.ts"
import type { WebhookEvent } from "./WebhookEvent.ts"
import { type Kept, WebhookInbox } from "./WebhookInbox.ts"
import { WebhookNonces } from "./WebhookNonces.ts"

export {
  amountOf,
  type AmountOptions,
  deliveryKey,
  isAboutChallenge,
  isAboutChargeback,
  isAboutPayout,
  isAboutRefund
} from "./WebhookEvent.ts"

/**
 * The headers of a request, whatever their case: a WHATWG `Headers`, Effect's `Headers`, the `headers` of a Node
 * request, or pairs of a name and a value.
 *
 * A header that comes twice with different values is refused.
 */
export type Headers =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

/** A request as it came: its headers, and the raw bytes of its body, before anything parsed them. */
export interface Delivery {
  readonly headers: Headers
  readonly body: Uint8Array
}

/**
 * What a delivery is verified with.
 *
 * - `key`: the key of the endpoint, in base64 as FlexFactor's portal shows it (observed); or several, any of which will
 *   do: the old one and the new one, while it is changed at FlexFactor.
 * - `host`: the host of the address that was registered, such as `"shop.example"`, in small letters (assumed), with the
 *   port if it has one (assumed); or several, any of which will do. It is not taken from the request, whose `Host` header
 *   a proxy may have changed, or an attacker.
 * - `tolerance`: how far the date of a delivery may be from now, before or after; 5 minutes. At most 365 days.
 */
export interface Options {
  readonly key: Redacted.Redacted<string> | ReadonlyArray<Redacted.Redacted<string>>
  readonly host: string | ReadonlyArray<string>
  readonly tolerance?: Duration.Input | undefined
}

/**
 * Reads what deliveries are verified with from the environment: `FLEXFACTOR_WEBHOOK_KEY` is the key of the endpoint, and
 * `FLEXFACTOR_WEBHOOK_HOST` the host that was registered. Each may be several, with commas between them. It is made anew at
 * each call, because it is slow to make. `WebhookRoute.layerConfig` reads the same. A variable that is missing is a
 * `ConfigError`; what is in them is checked by `make`.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { Webhook } from "effect-flexfactor"
 *
 * const verifier = Effect.flatMap(Webhook.optionsConfig(), Webhook.make)
 * ```
 */
export const optionsConfig = (): Config.Config<Pick<Options, "key" | "host">> =>
  Config.all({ key: keyConfig(), host: hostConfig() })

/** A delivery that FlexFactor signed: its nonce, when it was sent (to the second), and a copy of its body. */
export interface VerifiedDelivery {
  readonly nonce: string
  readonly sentAt: DateTime.Utc
  readonly body: Uint8Array
}

/** Verifies the deliveries of one endpoint. */
export interface Verifier {
  /**
   * Verifies that a delivery is signed with the key for the host, and that it was sent within the tolerance. It does not
   * notice that a delivery came before: `receive` does.
   */
  readonly verify: (delivery: Delivery) => Effect.Effect<VerifiedDelivery, WebhookVerifyError>
  /**
   * Verifies a delivery, reads its event, and refuses it if it came before. A delivery that fails in any way does not use
   * up its nonce, but one whose event the program fails to handle does: use `WebhookNonces.layerSql` within a
   * transaction to have both or neither.
   *
   * FlexFactor may report one event in several deliveries, each with a nonce of its own (assumed): `deliveryKey` of the
   * event recognises those.
   */
  readonly receive: (delivery: Delivery) => Effect.Effect<WebhookEvent, WebhookError, WebhookNonces>
  /**
   * Verifies a delivery, reads its event, and keeps it in the inbox, from where it is handled. Answer with success
   * whatever became of it: one that was replayed or delivered again was kept before.
   */
  readonly keep: (delivery: Delivery) => Effect.Effect<Kept, WebhookVerifyError | WebhookInboxError, WebhookInbox>
}

/**
 * Reads the event in the body of a delivery: JSON in UTF-8, whatever the content type says (FlexFactor documents that it
 * is not `application/json`, and has sent it as that). Verify the delivery first.
 */
export const decode = (body: Uint8Array): Effect.Effect<WebhookEvent, WebhookMalformed> =>
  Effect.suspend(() => Effect.fromResult(decodeEvent(body)))

/**
 * Makes a verifier. Options that break a rule fail with a `ConfigError` that names the option and the rule.
 *
 * @example
 * ```ts
 * import { Effect, Redacted } from "effect"
 * import { Webhook } from "effect-flexfactor"
 *
 * const receive = Effect.gen(function*() {
 *   const verifier = yield* Webhook.make({ key: Redacted.make("a2V5IGZyb20gdGhlIHBvcnRhbA=="), host: "shop.example" })
 *   return Effect.fn("receive")(function*(request: Request) {
 *     const body = new Uint8Array(yield* Effect.promise(() => request.arrayBuffer()))
 *     return yield* verifier.receive({ headers: request.headers, body })
 *   })
 * })
 * ```
 */
export const make = Effect.fnUntraced(function*(options: Options): Effect.fn.Return<Verifier, Config.ConfigError> {
  const settings = yield* makeWebhookSettings(options)
  const keptFor = Duration.times(settings.tolerance, 2)
  return {
    verify: Effect.fn("Webhook.verify")((delivery: Delivery) => verifyDelivery(settings, delivery)),
    receive: Effect.fn("Webhook.receive")(function*(
      delivery: Delivery
    ): Effect.fn.Return<WebhookEvent, WebhookError, WebhookNonces> {
      const { body, nonce, sentAt } = yield* verifyDelivery(settings, delivery)
      const event = yield* decode(body)
      const nonces = yield* WebhookNonces
      // A delivery from as far ahead as is tolerated is right for twice the tolerance from now.
      const isNew = yield* nonces.isNew(nonce, DateTime.addDuration(yield* DateTime.now, keptFor))
      return isNew ? event : yield* new WebhookReplayed({ sentAt })
    }),
    keep: Effect.fn("Webhook.keep")(function*(
      delivery: Delivery
    ): Effect.fn.Return<Kept, WebhookVerifyError | WebhookInboxError, WebhookInbox> {
      const { body, nonce } = yield* verifyDelivery(settings, delivery)
      const event = yield* decode(body)
      const inbox = yield* WebhookInbox
      return yield* inbox.keep({ event, nonce, expiresAt: DateTime.addDuration(yield* DateTime.now, keptFor) })
    })
  }
})

/**
 * Verifies one delivery: `make` and `verify` in one. A program that receives many makes a verifier once.
 *
 * @example
 * ```ts
 * import { Effect, Redacted } from "effect"
 * import { Webhook } from "effect-flexfactor"
 *
 * const endpoint = { key: Redacted.make("a2V5IGZyb20gdGhlIHBvcnRhbA=="), host: "shop.example" }
 *
 * const isGenuine = Effect.fn("isGenuine")((delivery: Webhook.Delivery) =>
 *   Effect.isSuccess(Webhook.verify(delivery, endpoint))
 * )
 * ```
 */
export const verify = (
  delivery: Delivery,
  options: Options
): Effect.Effect<VerifiedDelivery, WebhookVerifyError | Config.ConfigError> =>
  Effect.flatMap(make(options), (verifier) => verifier.verify(delivery))
