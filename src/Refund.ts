/**
 * A refund: what is asked for, and what proves that it happened.
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
 * The proof that a refund was carried out: `amount` cents of the order went back.
 *
 * - `confirmedBy`: what says so. `"answer"` is FlexFactor's answer to the refund itself.
 * - `confirmedAt`: when it was said.
 * - `transactionId`, `responseCode`, `responseMessage`: as FlexFactor sent them (observed). The message is a note, not
 *   the verdict: the sandbox wrote DECLINED there on refunds that succeeded.
 * - `traceId`, `requestId`: what to quote to FlexFactor.
 */
export const RefundReceipt = Schema.Struct({
  orderId: OrderId,
  amount: Cents,
  confirmedBy: Schema.Literals(["answer"]),
  confirmedAt: Schema.DateTimeUtc,
  transactionId: Schema.optionalKey(Schema.String),
  responseCode: Schema.optionalKey(Schema.String),
  responseMessage: Schema.optionalKey(Schema.String),
  traceId: Schema.optionalKey(Schema.String),
  requestId: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "RefundReceipt" })

/** The proof that a refund was carried out. */
export interface RefundReceipt extends Schema.Schema.Type<typeof RefundReceipt> {}
