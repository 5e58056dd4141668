/**
 * What FlexFactor decided about money: the failures of a refund and of a cancel that are not failures of the call.
 */
import * as Schema from "effect/Schema"
import { Cents } from "../Money.ts"
import { OrderId } from "../OrderId.ts"
import { RefundKey } from "../RefundKey.ts"
import { RefundReading } from "../RefundReading.ts"
import { sentence, WrittenError } from "./answer.ts"
import { RefundDoubt } from "./doubt.ts"

/**
 * FlexFactor said no to a refund: no money moved. `code` is its reason as a code (`2001`: more than can be refunded,
 * observed) and `reason` its reason in words. The words are never part of a log line or a rendering.
 */
export class RefundRejected extends WrittenError.extend<RefundRejected>("RefundRejected")({
  _tag: Schema.tag("RefundRejected"),
  operation: Schema.tag("Orders.refund"),
  orderId: OrderId,
  amount: Cents,
  status: Schema.Int
}) {
  /** FlexFactor's reason in its own words: the same as `detail`. */
  get reason(): string | undefined {
    return this.detail
  }
  override get message(): string {
    return sentence(this, `FlexFactor rejected the refund of order ${this.orderId}`)
  }
}

/**
 * Money may have moved: the refund was sent, or may yet be, and nothing shows what became of it. Do not send it again on a
 * guess: look into FlexFactor's portal, ask FlexFactor, or leave it to `Refunds`. Reading the order proves little:
 * `Returned` may come from an earlier refund, and after a partial refund the status may be unchanged.
 *
 * `doubt` says why. From `Refunds` it has `key`, under which the journal keeps it, and what evidence was seen: `before`
 * is what the order showed before the refund was sent, `latest` what it showed last. A durable refund that is not begun
 * yet has neither, and an `amount` of 0 where it is to be all that is left.
 */
export class RefundOutcomeUnknown extends WrittenError.extend<RefundOutcomeUnknown>("RefundOutcomeUnknown")({
  _tag: Schema.tag("RefundOutcomeUnknown"),
  operation: Schema.tag("Orders.refund"),
  orderId: OrderId,
  amount: Cents,
  doubt: RefundDoubt,
  status: Schema.optionalKey(Schema.Int),
  key: Schema.optionalKey(RefundKey),
  before: Schema.optionalKey(RefundReading),
  latest: Schema.optionalKey(RefundReading)
}) {
  override get message(): string {
    const key = this.key === undefined ? "" : ` by ${this.key}`
    const status = this.status === undefined ? "" : `, status ${this.status}`
    return sentence(this, `it is not known whether order ${this.orderId} was refunded${key}: ${this.doubt}${status}`)
  }
}

/**
 * FlexFactor said no to a cancel: the order stays as it is. No source shows how FlexFactor refuses a cancel; this is an
 * answer whose envelope says `success: false` and `status: FAILED` (assumed, as for a refund). It may also refuse
 * with a bare 400 or 422, which are `FlexFactorBadRequest` and `FlexFactorUnprocessableEntity`.
 *
 * `orderId` is there for `Orders.cancel` only: the merchant's own id can be anything, even a customer's address.
 */
export class CancelRejected extends WrittenError.extend<CancelRejected>("CancelRejected")({
  _tag: Schema.tag("CancelRejected"),
  operation: Schema.Literals(["Orders.cancel", "Orders.cancelByExternalId"]),
  orderId: Schema.optionalKey(OrderId),
  status: Schema.Int
}) {
  /** FlexFactor's reason in its own words: the same as `detail`. */
  get reason(): string | undefined {
    return this.detail
  }
  override get message(): string {
    const order = this.orderId === undefined ? "the order" : `order ${this.orderId}`
    return sentence(this, `FlexFactor rejected the cancel of ${order}`)
  }
}
