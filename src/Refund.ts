/**
 * A refund: what is asked for, and FlexFactor's word that it was carried out.
 */
import * as Schema from "effect/Schema"
import { Cents } from "./Money.ts"
import { OrderId } from "./OrderId.ts"

/** The longest `message` of a refund, in characters. Assumed: FlexFactor documents no limit. */
export const maximumMessageLength = 500

/**
 * What `Orders.refund` asks for: `amount` in cents, more than zero, at most what is left to refund; `message` is a
 * note of at most 500 characters for FlexFactor's records (`refundMessage`, documented).
 */
export interface RefundRequest {
  readonly amount: Cents
  readonly message?: string | undefined
}

/**
 * FlexFactor's word that a refund was carried out: `amount` cents of the order go back.
 *
 * It is a word, not a proof: FlexFactor's documentation leaves open whether a second refund of one order can be
 * confirmed without moving money (docs/wire.md, idempotency).
 *
 * - `confirmedBy`: what says so. `"answer"` is FlexFactor's answer to the refund itself.
 * - `confirmedAt`: when it was said.
 * - `transactionId`, `responseCode`: as FlexFactor sent them (observed).
 * - `responseMessage`: a note of FlexFactor, not the verdict: the sandbox wrote DECLINED there on refunds that
 *   succeeded (observed). It is free text, so it is `Redacted`: no log shows it.
 * - `traceId`, `requestId`: what to quote to FlexFactor.
 */
export const RefundReceipt = Schema.Struct({
  orderId: OrderId,
  amount: Cents,
  confirmedBy: Schema.Literals(["answer"]),
  confirmedAt: Schema.DateTimeUtc,
  transactionId: Schema.optionalKey(Schema.String),
  responseCode: Schema.optionalKey(Schema.String),
  responseMessage: Schema.optionalKey(Schema.Redacted(Schema.String)),
  traceId: Schema.optionalKey(Schema.String),
  requestId: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "RefundReceipt" })

/** FlexFactor's word that a refund was carried out. */
export interface RefundReceipt extends Schema.Schema.Type<typeof RefundReceipt> {}
