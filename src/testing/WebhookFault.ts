/**
 * Ways in which a webhook of FlexFactor goes wrong, as values to hand to the simulator. A duration that makes no sense
 * throws an error that names it.
 *
 * One fault is for one event. What matters is whether the program hears of the event, when, and how often, so every
 * fault says it.
 */
import type * as Duration from "effect/Duration"
import { timeOf } from "./rules.ts"

/** One way in which a webhook goes wrong. Make it with the functions of this module. */
export type WebhookFault =
  | { readonly _tag: "Lost" }
  | { readonly _tag: "Delayed"; readonly duration: Duration.Duration }
  | { readonly _tag: "Duplicated"; readonly after: Duration.Duration }
  | { readonly _tag: "Redelivered"; readonly after: Duration.Duration; readonly newTimeStamp: boolean }
  | { readonly _tag: "Altered" }
  | { readonly _tag: "Aged"; readonly by: Duration.Duration }
  | { readonly _tag: "DatedLater"; readonly by: Duration.Duration }

/**
 * How an event is delivered again: how much later, at once if left out; and whether its `TimeStamp` is later by as much,
 * or the same.
 */
export interface RedeliveredOptions {
  readonly after?: Duration.Input | undefined
  readonly newTimeStamp?: boolean | undefined
}

/** The event is never delivered. */
export const lost: WebhookFault = { _tag: "Lost" }

/**
 * The event is delivered later, so that a later one comes before it. It is signed when it is sent, so its date is right.
 *
 * @example
 * ```ts
 * import { WebhookFault } from "effect-flexfactor/testing"
 *
 * const late = WebhookFault.delayed("20 minutes")
 * ```
 */
export const delayed = (duration: Duration.Input): WebhookFault => ({
  _tag: "Delayed",
  duration: timeOf("WebhookFault.delayed: duration", duration)
})

/** The same request comes twice, with the same nonce: a replay, at once or after a while. */
export const duplicated = (after: Duration.Input = 0): WebhookFault => ({
  _tag: "Duplicated",
  after: timeOf("WebhookFault.duplicated: after", after)
})

/**
 * The event is delivered, and then again: with `IsResent` set, another nonce, and the same `TimeStamp` (assumed). With
 * `newTimeStamp` the second has a later one, so that `Webhook.deliveryKey` does not recognise it.
 *
 * @example
 * ```ts
 * import { WebhookFault } from "effect-flexfactor/testing"
 *
 * const again = WebhookFault.redelivered({ after: "1 hour" })
 * ```
 */
export const redelivered = ({ after = 0, newTimeStamp = false }: RedeliveredOptions = {}): WebhookFault => ({
  _tag: "Redelivered",
  after: timeOf("WebhookFault.redelivered: after", after),
  newTimeStamp
})

/** One byte of the body is changed after it was signed. */
export const altered: WebhookFault = { _tag: "Altered" }

/** The event is delivered with a date of long ago, which is signed: older than a verifier should tolerate. */
export const aged = (by: Duration.Input = "1 day"): WebhookFault => ({
  _tag: "Aged",
  by: timeOf("WebhookFault.aged: by", by)
})

/** The event says, by its `TimeStamp`, that it happened later than it did, and is delivered then. */
export const datedLater = (by: Duration.Input): WebhookFault => ({
  _tag: "DatedLater",
  by: timeOf("WebhookFault.datedLater: by", by)
})
