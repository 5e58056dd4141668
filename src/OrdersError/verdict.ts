/**
 * What FlexFactor decided about money: the failures of a refund and of a cancel that are not failures of the call.
 */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Cents } from "../Money.ts"
import { ExternalOrderId, OrderId } from "../OrderId.ts"
import { answerFields, type CodeParts, sentence, splitCode } from "./answer.ts"
import { Operation } from "./operation.ts"

/**
 * FlexFactor said no to a refund: no money moved. `code` is its reason as a code (`2001`: more than can be refunded,
 * observed) and `reason` its reason in words. The words are never part of a log line or a rendering.
 */
export class RefundRejected extends Schema.TaggedError<RefundRejected>()("RefundRejected", {
  operation: Schema.tag("Orders.refund"),
  orderId: OrderId,
  amount: Cents,
  status: Schema.Int,
  ...answerFields
}) {
  /** FlexFactor's reason in its own words. */
  get reason(): string | undefined {
    return Redacted.value(this.written).detail
  }
  /** The parts of a six-digit `code`. */
  get codeParts(): CodeParts | undefined {
    return splitCode(this.code)
  }
  override get message(): string {
    return sentence(`${this.operation}: FlexFactor rejected the refund of order ${this.orderId}`, this)
  }
}

/**
 * Money may have moved: the refund was sent and no answer tells what became of it. Do not send it again on a guess;
 * read the order, ask FlexFactor, or wait for its webhook.
 *
 * `doubt` says why:
 * - `"timeout"`: the deadline passed after sending;
 * - `"connection lost"`: the connection broke after sending;
 * - `"server error"`: a status 5xx, or any other that does not prove a refusal;
 * - `"conflict"`: status 409, an equal request is still in progress (documented);
 * - `"unreadable answer"`: a success whose body gives no verdict;
 * - `"contradiction"`: an answer that says yes and no.
 */
export class RefundOutcomeUnknown extends Schema.TaggedError<RefundOutcomeUnknown>()("RefundOutcomeUnknown", {
  operation: Schema.tag("Orders.refund"),
  orderId: OrderId,
  amount: Cents,
  doubt: Schema.Literals([
    "timeout",
    "connection lost",
    "server error",
    "conflict",
    "unreadable answer",
    "contradiction"
  ]),
  status: Schema.optionalKey(Schema.Int),
  ...answerFields
}) {
  /** FlexFactor's own words, where an answer came. */
  get detail(): string | undefined {
    return Redacted.value(this.written).detail
  }
  /** The beginning of the body as it came, where an answer came. */
  get body(): string {
    return Redacted.value(this.written).body
  }
  override get message(): string {
    const status = this.status === undefined ? "" : `, status ${this.status}`
    return sentence(
      `${this.operation}: it is not known whether order ${this.orderId} was refunded: ${this.doubt}${status}`,
      this
    )
  }
}

/**
 * FlexFactor said no to a cancel: the order stays as it is. No source shows how FlexFactor refuses a cancel; this is an
 * answer whose envelope says `success: false` and `status: FAILED` (assumed, as for a refund).
 */
export class CancelRejected extends Schema.TaggedError<CancelRejected>()("CancelRejected", {
  operation: Operation,
  orderId: Schema.Union([OrderId, ExternalOrderId]),
  status: Schema.Int,
  ...answerFields
}) {
  /** FlexFactor's reason in its own words. Never part of a log line or a rendering. */
  get reason(): string | undefined {
    return Redacted.value(this.written).detail
  }
  override get message(): string {
    return sentence(`${this.operation}: FlexFactor rejected the cancel of order ${this.orderId}`, this)
  }
}
