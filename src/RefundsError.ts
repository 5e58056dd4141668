/**
 * How the refunds of `Refunds` can fail. As with `Orders.refund`, only `RefundOutcomeUnknown` leaves open whether the
 * call moved money for the refund that it asks for; with every other error it did not. This says nothing about earlier
 * calls with the same key, which the journal records, nor about another open refund of the order, which this call may
 * have resumed and resent where that is safe.
 */
import * as Schema from "effect/Schema"
import { Cents } from "./Money.ts"
import { OrderId } from "./OrderId.ts"
import type {
  CancelError,
  FlexFactorInvalidRequest,
  GetError,
  RefundError,
  RefundOutcomeUnknown,
  RefundRejected
} from "./OrdersError.ts"
import { OrderStatus } from "./OrderStatus.ts"
import { ConfirmedBy } from "./Refund.ts"
import { RefundState } from "./RefundEntry.ts"
import { RefundKey } from "./RefundKey.ts"

/** The key was used for another refund: `field` is what differs. This refund was not sent. */
export class RefundKeyReused extends Schema.TaggedError<RefundKeyReused>()("RefundKeyReused", {
  key: RefundKey,
  field: Schema.Literals(["orderId", "amount", "message"])
}) {
  override get message(): string {
    return `Refunds: key ${this.key} belongs to a refund with another ${this.field}. This refund was not sent`
  }
}

/** More is asked for than is left to refund: `amount` and `balance` are in cents. This refund was not sent. */
export class RefundExceedsBalance extends Schema.TaggedError<RefundExceedsBalance>()("RefundExceedsBalance", {
  key: RefundKey,
  orderId: OrderId,
  amount: Cents,
  balance: Cents
}) {
  override get message(): string {
    return `Refunds: key ${this.key} asks for ${Cents.toDollars(this.amount)} of order ${this.orderId}, of which `
      + `${Cents.toDollars(this.balance)} are left to refund. This refund was not sent`
  }
}

/** What is left to refund of the order is not known: no source shows it. Pass an amount. This refund was not sent. */
export class RefundBalanceUnknown extends Schema.TaggedError<RefundBalanceUnknown>()("RefundBalanceUnknown", {
  key: RefundKey,
  orderId: OrderId
}) {
  override get message(): string {
    return `Refunds: key ${this.key} asks for what is left of order ${this.orderId}, which no source shows. `
      + "Pass an amount, or name refundable, or refunded and charged, in RefundEvidence.fromOrder. "
      + "This refund was not sent"
  }
}

/** Nothing is left to refund of the order. This refund was not sent. */
export class RefundNothingLeft extends Schema.TaggedError<RefundNothingLeft>()("RefundNothingLeft", {
  key: RefundKey,
  orderId: OrderId
}) {
  override get message(): string {
    return `Refunds: key ${this.key} asks for what is left of order ${this.orderId}, and nothing is. `
      + "This refund was not sent"
  }
}

/**
 * The order cannot be refunded in its status, for example because it is not captured yet. This refund was not sent.
 */
export class OrderNotRefundable extends Schema.TaggedError<OrderNotRefundable>()("OrderNotRefundable", {
  key: RefundKey,
  orderId: OrderId,
  status: OrderStatus
}) {
  override get message(): string {
    return `Refunds: key ${this.key} asks for a refund of order ${this.orderId}, which cannot be refunded while it is `
      + `${this.status}. This refund was not sent`
  }
}

/**
 * Another refund of the order is open: on its way, or in doubt. `blockedBy` is its key, or this refund's own key where
 * another worker may be about to send this very refund. This call did not send this refund. Once the other is settled,
 * ask again.
 */
export class RefundBlocked extends Schema.TaggedError<RefundBlocked>()("RefundBlocked", {
  key: RefundKey,
  orderId: OrderId,
  blockedBy: RefundKey
}) {
  override get message(): string {
    return this.blockedBy === this.key
      ? `Refunds: order ${this.orderId} was just reserved, for refund ${this.key} or another one. `
        + "This call did not send it"
      : `Refunds: key ${this.key} waits for refund ${this.blockedBy} of order ${this.orderId}, which is not settled. `
        + "This refund was not sent"
  }
}

/**
 * No money moved: FlexFactor said that it refunded, and the order shows that it did not, even after the settle window;
 * or a person established that a refund in doubt did not happen. `confirmedBy` says which; `amount` is in cents.
 */
export class RefundNotApplied extends Schema.TaggedError<RefundNotApplied>()("RefundNotApplied", {
  key: RefundKey,
  orderId: OrderId,
  amount: Cents,
  confirmedBy: ConfirmedBy
}) {
  override get message(): string {
    return `Refunds: refund ${this.key} of order ${this.orderId} moved no money, as ${
      this.confirmedBy === "person" ? "a person found out" : "the order shows, although FlexFactor confirmed it"
    }`
  }
}

/** The refund of this key is not in doubt, so there is nothing to settle: `state` is where it stands. */
export class RefundNotInDoubt extends Schema.TaggedError<RefundNotInDoubt>()("RefundNotInDoubt", {
  key: RefundKey,
  state: RefundState
}) {
  override get message(): string {
    return `Refunds: refund ${this.key} is not in doubt: it is ${this.state}`
  }
}

/**
 * FlexFactor confirmed a cancel, and the order still shows `status` when patience ends. It may show the cancel later,
 * or be captured after all: ask again with the same key.
 */
export class CancelNotConfirmed extends Schema.TaggedError<CancelNotConfirmed>()("CancelNotConfirmed", {
  key: RefundKey,
  orderId: OrderId,
  status: OrderStatus
}) {
  override get message(): string {
    return `Refunds: FlexFactor confirmed the cancel of order ${this.orderId}, and the order is still ${this.status}`
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

/**
 * The journal cannot be read or written, so this call did not send this refund. `reason` says why, as far as it can be
 * shown.
 */
export class RefundJournalError extends Schema.TaggedError<RefundJournalError>()("RefundJournalError", {
  operation: Schema.Literals(["find", "ofOrder", "write", "open"]),
  reason: Schema.String
}) {
  override get message(): string {
    return `RefundJournal.${this.operation}: ${this.reason}`
  }
}

/**
 * A run of many refunds ended early: FlexFactor stayed busy or unavailable, or refused the credentials, as `reason`
 * says. `key` is the last that was tried. What was settled is in the journal: run the same input again later.
 */
export class RefundsStopped extends Schema.TaggedError<RefundsStopped>()("RefundsStopped", {
  key: RefundKey,
  reason: Schema.String
}) {
  override get message(): string {
    return `Refunds.many: stopped at key ${this.key}, because FlexFactor carries nothing out: ${this.reason}`
  }
}

/** How `Refunds.refund` can fail. */
export type RefundsError =
  | RefundError
  | GetError
  | RefundKeyReused
  | RefundExceedsBalance
  | OrderNotRefundable
  | RefundBlocked
  | RefundNotApplied
  | RefundJournalError

/** How `Refunds.refundRemaining` can fail. */
export type RefundRemainingError = RefundsError | RefundBalanceUnknown | RefundNothingLeft

/** How `Refunds.refundOrCancel` can fail. */
export type RefundOrCancelError = RefundRemainingError | CancelError | CancelNotConfirmed

/** How `Refunds.resolve` can fail. */
export type ResolveError =
  | RefundRejected
  | RefundNotApplied
  | RefundOutcomeUnknown
  | RefundBlocked
  | RefundKeyUnknown
  | RefundNotInDoubt
  | RefundJournalError
  | FlexFactorInvalidRequest

/** How `Refunds.settle` can fail. */
export type SettleError = FlexFactorInvalidRequest | RefundKeyUnknown | RefundNotInDoubt | RefundJournalError
