/**
 * What FlexFactor decided about money: the failures of a refund and of a cancel that are not failures of the call.
 */
import * as Schema from "effect/Schema"
import { Cents } from "../Money.ts"
import { OrderId } from "../OrderId.ts"
import { sentence, WrittenError } from "./answer.ts"

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
    return sentence(`${this.operation}: FlexFactor rejected the refund of order ${this.orderId}`, this)
  }
}

/**
 * Money may have moved: the refund was sent and no answer tells what became of it. Do not send it again on a guess:
 * look into FlexFactor's portal, ask FlexFactor, or wait for its webhook. Reading the order proves little: `Returned`
 * may come from an earlier refund, and after a partial refund the status may be what it was.
 *
 * `doubt` says why:
 * - `"timeout"`: the deadline passed after sending;
 * - `"connection lost"`: the connection broke after sending; `code` is the system's code, such as `ECONNRESET`;
 * - `"server error"`: a status 5xx;
 * - `"conflict"`: status 409, an equal request is still in progress (documented);
 * - `"unexpected status"`: any other status that is no success and does not prove a refusal, such as a redirect or 408;
 * - `"no verdict"`: a success whose body says neither yes nor no;
 * - `"contradiction"`: an answer of which one part says yes and another does not, or that says yes in other words than
 *   the documented ones.
 */
export class RefundOutcomeUnknown extends WrittenError.extend<RefundOutcomeUnknown>("RefundOutcomeUnknown")({
  _tag: Schema.tag("RefundOutcomeUnknown"),
  operation: Schema.tag("Orders.refund"),
  orderId: OrderId,
  amount: Cents,
  doubt: Schema.Literals([
    "timeout",
    "connection lost",
    "server error",
    "conflict",
    "unexpected status",
    "no verdict",
    "contradiction"
  ]),
  status: Schema.optionalKey(Schema.Int)
}) {
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
 * answer whose envelope says `success: false` and `status: FAILED` (assumed, as for a refund). It may as well refuse
 * with a bare 400 or 422, which are `FlexFactorBadRequest` and `FlexFactorUnprocessableEntity`.
 *
 * `orderId` is there for `Orders.cancel` only: the merchant's own id can be anything, a customer's address among it.
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
    return sentence(`${this.operation}: FlexFactor rejected the cancel of ${order}`, this)
  }
}
