/**
 * What FlexFactor reports by webhook. Its documentation names the events; of their fields, one recorded delivery and
 * FlexFactor's own sample tell.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { readAmount } from "./internal/amount.ts"
import { isShallow, JsonObject, ownFields } from "./internal/jsonObject.ts"
import { eventFromWire, eventToWire } from "./internal/webhook/eventWire.ts"
import type { Cents } from "./Money.ts"
import { ExternalOrderId, OrderId } from "./OrderId.ts"

/** An event that FlexFactor documents. */
export type KnownWebhookEventName =
  | "order.refunded"
  | "order.completed"
  | "order.cancelled"
  | "order.expired"
  | "order.capturerequired"
  | "payment.chargeback.received"
  | "payment.chargeback.reversed"
  | "payment.early_warning.received"
  | "chargeback.received"
  | "challenge.presented"
  | "challenge.attempted"
  | "challenge.passed"
  | "challenge.failed"
  | "payout.created"
  | "payout.updated"

/** The name of an event: one of the documented ones, or any other text that FlexFactor sends. */
export type WebhookEventName = KnownWebhookEventName | (string & {})

/** Several times what the longest documented one has. A database cannot keep a key of any length. */
const longestName = 256

/** The schema of `WebhookEventName`: any text of 1 to 256 characters. */
export const WebhookEventName = Schema.String.check(
  Schema.makeFilter((name: string) => name !== "" || "must not be empty"),
  Schema.makeFilter((name: string) => name.length <= longestName || `must be at most ${longestName} characters`)
).pipe(
  // oxlint-disable-next-line no-unsafe-type-assertion -- only adds completions: every text is a name
  (schema) => schema as unknown as Schema.Codec<WebhookEventName, string>
)

/** Whether a time, taken to UTC, is still of a year with four digits, as it has to be written. */
const hasYear = (text: string): boolean => {
  const time = DateTime.make(text)
  return Option.isNone(time) || /^\d{4}-/.test(DateTime.formatIso(time.value))
}

/** ISO 8601. `DateTime` would take more, such as `1` for a year. */
const isDateTime = Schema.makeFilter((text: string) =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?$/.test(text) && hasYear(text)
  || "must be a date and time in ISO 8601"
)

const EventFields = Schema.Struct({
  event: WebhookEventName,
  at: Schema.String.check(isDateTime).pipe(Schema.decodeTo(Schema.DateTimeUtcFromString)),
  orderId: Schema.optionalKey(OrderId),
  externalOrderId: Schema.optionalKey(ExternalOrderId),
  confirmationId: Schema.optionalKey(Schema.String),
  isTestMode: Schema.optionalKey(Schema.Boolean),
  isResent: Schema.optionalKey(Schema.Boolean),
  data: Schema.optionalKey(JsonObject),
  extra: JsonObject
})

/**
 * An event that FlexFactor reports. Only `event` and `at` are always there; `null` counts as absent.
 *
 * - `event`: a documented name, or whatever else FlexFactor sends (documented; observed for `order.completed`), of at most
 *   256 characters.
 * - `at`: when it happened, `TimeStamp` on the wire (observed). Of its microseconds, milliseconds are kept.
 * - `orderId`: FlexFactor's id of the order (observed). An event that is not about an order has none (assumed).
 * - `externalOrderId`: the merchant's own id of the order (observed).
 * - `confirmationId`: eight hexadecimal digits (observed).
 * - `isTestMode`: whether the order is a test (observed); do not take such an event for money.
 * - `isResent`: whether it was delivered before (observed; that it says so is assumed).
 * - `data`: `EventData` on the wire, `null` in the one recorded delivery. No source shows what is in it.
 * - `extra`: every field that is not listed here, as sent; and an `externalOrderId`, `confirmationId` or `data` that is
 *   not as listed here, because an event should not be lost for it.
 *
 * Names on the wire begin with a capital (observed) or without one (FlexFactor's sample); both are read.
 */
export const WebhookEvent: Schema.Codec<WebhookEvent, JsonObject> = JsonObject.pipe(Schema.decodeTo(
  EventFields,
  SchemaTransformation.transformEffect<typeof EventFields.Encoded, JsonObject>({
    decode: (wire, options) =>
      isShallow(wire)
        ? Effect.succeed(eventFromWire(wire))
        : Effect.fail(new SchemaIssue.InvalidValue({ expected: "an event that nests less deeply" }, wire, options)),
    encode: (event) => Effect.succeed(eventToWire(event))
  })
)).annotate({ identifier: "WebhookEvent" })

/** An event that FlexFactor reports. */
export interface WebhookEvent extends Schema.Schema.Type<typeof EventFields> {}

/** @internal */
export type WebhookEventEncoded = typeof EventFields.Encoded

/** Whether the event says that an order was refunded, in whole or in part. */
export const isAboutRefund = (event: WebhookEvent): boolean => event.event === "order.refunded"

/** Whether the event says that a chargeback was received or reversed, under its present or its former name. */
export const isAboutChargeback = (event: WebhookEvent): boolean => /^(?:payment\.)?chargeback\./.test(event.event)

/** Whether the event is about a payout to the merchant. */
export const isAboutPayout = (event: WebhookEvent): boolean => event.event.startsWith("payout.")

/** Whether the event is about a challenge that a customer was asked to pass. */
export const isAboutChallenge = (event: WebhookEvent): boolean => event.event.startsWith("challenge.")

/**
 * A text that is the same for every delivery of the same event, and another for others: its time, order and name, and a
 * digest of its `data`; of its `extra` too where it names no order.
 *
 * (assumed) No source says what an event keeps when it is delivered again. Two events of one name about one order within
 * the same millisecond that hold the same would have the same key.
 */
export const deliveryKey = (event: WebhookEvent): string => {
  const { data, externalOrderId, extra, orderId } = ownFields(event)
  const order = orderId ?? externalOrderId
  const held = order === undefined ? [data, extra] : data
  const digest = held === undefined ? "" : ` ${Hash.string(JSON.stringify(held)).toString(36)}`
  return `${DateTime.formatIso(event.at)} ${order ?? ""} ${event.event}${digest}`
}

/**
 * Where an event shows an amount. No source names such a field, so there is no default. Look at an event of your own,
 * then name what you see.
 *
 * - `amount`: the name of a field in `data`, or a function of the event that yields cents.
 * - `unit`: whether that field is decimal dollars or whole cents; `"dollars"` if not given.
 */
export interface AmountOptions {
  readonly amount: string | ((event: WebhookEvent) => Cents | undefined)
  readonly unit?: "dollars" | "cents" | undefined
}

/**
 * The amount that an event shows, in cents; `undefined` if it is missing or cannot be read exactly.
 *
 * @example
 * ```ts
 * import { Webhook, type WebhookEvent } from "effect-flexfactor"
 *
 * // The name in the events that you get, and its unit.
 * const refundedCents = (event: WebhookEvent) => Webhook.amountOf(event, { amount: "amount", unit: "dollars" })
 * ```
 */
export const amountOf = (event: WebhookEvent, options: AmountOptions): Cents | undefined =>
  readAmount(event, ownFields(event).data, { field: options.amount, unit: options.unit })
