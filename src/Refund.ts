/**
 * A refund: what is asked for, and the receipt of one that was carried out.
 */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { withheld } from "./internal/withheld.ts"
import { Cents } from "./Money.ts"
import { OrderId } from "./OrderId.ts"
import { RefundKey } from "./RefundKey.ts"
import { RefundReading } from "./RefundReading.ts"

/** The longest `message` of a refund, in characters. Assumed: FlexFactor documents no limit. */
export const maximumMessageLength = 500

/** What says that a refund was carried out, or that it was not: FlexFactor's answer, what is read later, or a person. */
export const ConfirmedBy = Schema.Literals(["answer", "evidence", "webhook", "person"])

/** What says that a refund was carried out, or that it was not. */
export type ConfirmedBy = typeof ConfirmedBy.Type

/**
 * What `Orders.refund` asks for: `amount` in cents, more than zero, at most what is left to refund; `message` is a
 * note of at most 500 characters for FlexFactor's records (`refundMessage`, documented).
 */
export interface RefundRequest {
  readonly amount: Cents
  readonly message?: string | undefined
}

/**
 * A refund that was carried out: `amount` cents of the order go back.
 *
 * - `confirmedBy`: what says so. `"answer"` is FlexFactor's answer to the refund itself: a word, not a proof, because
 *   its documentation leaves open whether a second refund of one order can be confirmed without moving money
 *   (docs/wire.md, idempotency). `"evidence"` is the order, read after the refund; `"webhook"` a report of FlexFactor;
 *   `"person"` somebody who looked. `Orders.refund` knows only the answer; the others come from `Refunds`.
 * - `confirmedAt`: when it said so.
 * - `transactionId`, `responseCode`: as FlexFactor sent them (observed).
 * - `responseMessage`: a note of FlexFactor, not the verdict: the sandbox wrote DECLINED there, or in `title`, in answers
 *   that ActiveMerchant's tests took for successes (observed). It is free text, so it is `Redacted`: no log shows it.
 * - `traceId`, `requestId`: what to quote to FlexFactor.
 * - `key`, `before`, `latest`: from `Refunds` only: the key, and what the order showed before and after the refund.
 */
export const RefundReceipt = Schema.Struct({
  orderId: OrderId,
  amount: Cents,
  confirmedBy: ConfirmedBy,
  confirmedAt: Schema.DateTimeUtc,
  transactionId: Schema.optionalKey(Schema.String),
  responseCode: Schema.optionalKey(Schema.String),
  responseMessage: Schema.optionalKey(withheld(Schema.String, (placeholder) => Redacted.make(placeholder))),
  traceId: Schema.optionalKey(Schema.String),
  requestId: Schema.optionalKey(Schema.String),
  key: Schema.optionalKey(RefundKey),
  before: Schema.optionalKey(RefundReading),
  latest: Schema.optionalKey(RefundReading)
}).annotate({ identifier: "RefundReceipt" })

/** A refund that was carried out. */
export interface RefundReceipt extends Schema.Schema.Type<typeof RefundReceipt> {}
