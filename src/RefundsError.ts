/**
 * How the refunds of `Refunds` can fail. As with `Orders.refund`, only `RefundOutcomeUnknown` leaves open whether money
 * moved; every other one proves that it did not.
 */
import * as Schema from "effect/Schema"
import { Cents } from "./Money.ts"
import { OrderId } from "./OrderId.ts"
import { OrderStatus } from "./OrderStatus.ts"
import { RefundKey } from "./RefundKey.ts"

/** The key was used for another refund: `field` is what differs. Nothing was sent. */
export class RefundKeyReused extends Schema.TaggedError<RefundKeyReused>()("RefundKeyReused", {
  key: RefundKey,
  field: Schema.Literals(["orderId", "amount", "message", "charged"])
}) {
  override get message(): string {
    return `Refunds: key ${this.key} belongs to a refund with another ${this.field}. Nothing was sent`
  }
}

/** More is asked for than is left to refund: `balance` cents are. Nothing was sent. */
export class RefundExceedsBalance extends Schema.TaggedError<RefundExceedsBalance>()("RefundExceedsBalance", {
  key: RefundKey,
  orderId: OrderId,
  amount: Cents,
  balance: Cents
}) {
  override get message(): string {
    return `Refunds: key ${this.key} asks for ${Cents.toDollars(this.amount)} of order ${this.orderId}, of which `
      + `${Cents.toDollars(this.balance)} are left to refund. Nothing was sent`
  }
}

/** What is left to refund of the order is not known: no source shows it. Say the amount. Nothing was sent. */
export class RefundBalanceUnknown extends Schema.TaggedError<RefundBalanceUnknown>()("RefundBalanceUnknown", {
  key: RefundKey,
  orderId: OrderId
}) {
  override get message(): string {
    return `Refunds: it is not known what is left to refund of order ${this.orderId}. Nothing was sent`
  }
}

/** Nothing is left to refund of the order. Nothing was sent. */
export class RefundNothingLeft extends Schema.TaggedError<RefundNothingLeft>()("RefundNothingLeft", {
  key: RefundKey,
  orderId: OrderId
}) {
  override get message(): string {
    return `Refunds: nothing is left to refund of order ${this.orderId}. Nothing was sent`
  }
}

/** The order is in a status in which it cannot be refunded, such as one that is not captured yet. Nothing was sent. */
export class OrderNotRefundable extends Schema.TaggedError<OrderNotRefundable>()("OrderNotRefundable", {
  key: RefundKey,
  orderId: OrderId,
  status: OrderStatus
}) {
  override get message(): string {
    return `Refunds: order ${this.orderId} cannot be refunded while it is ${this.status}. Nothing was sent`
  }
}

/**
 * Another refund of the order is open: on its way, or in doubt. `blockedBy` is its key. Nothing was sent. Once the other
 * is settled, ask again.
 */
export class RefundBlocked extends Schema.TaggedError<RefundBlocked>()("RefundBlocked", {
  key: RefundKey,
  orderId: OrderId,
  blockedBy: RefundKey
}) {
  override get message(): string {
    return `Refunds: key ${this.key} waits for refund ${this.blockedBy} of order ${this.orderId}, which is not settled. `
      + "Nothing was sent"
  }
}

/** FlexFactor said that it refunded, and the order shows that no money moved, for as long as it may take. */
export class RefundNotApplied extends Schema.TaggedError<RefundNotApplied>()("RefundNotApplied", {
  key: RefundKey,
  orderId: OrderId,
  amount: Cents
}) {
  override get message(): string {
    return `Refunds: FlexFactor confirmed refund ${this.key} of order ${this.orderId}, and no money moved`
  }
}

/** No refund has this key. */
export class RefundKeyUnknown extends Schema.TaggedError<RefundKeyUnknown>()("RefundKeyUnknown", {
  key: RefundKey
}) {
  override get message(): string {
    return `Refunds: no refund has the key ${this.key}`
  }
}

/** The journal cannot be read or written, so nothing was sent. `reason` says why, as far as it can be shown. */
export class RefundJournalError extends Schema.TaggedError<RefundJournalError>()("RefundJournalError", {
  operation: Schema.Literals(["find", "ofOrder", "write", "open"]),
  reason: Schema.String
}) {
  override get message(): string {
    return `RefundJournal.${this.operation}: ${this.reason}`
  }
}
