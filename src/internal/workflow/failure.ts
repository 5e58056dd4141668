/**
 * How a durable refund fails, as the engine keeps it: all that the error says, without the words that FlexFactor wrote.
 */
import * as Schema from "effect/Schema"
import {
  byStatus,
  FlexFactorInvalidRequest,
  FlexFactorInvalidResponse,
  FlexFactorTimeout,
  FlexFactorUnexpectedStatus,
  FlexFactorUnreachable,
  RefundOutcomeUnknown,
  RefundRejected,
  SandboxDataRefused
} from "../../OrdersError.ts"
import {
  OrderNotRefundable,
  RefundBalanceUnknown,
  RefundBlocked,
  RefundExceedsBalance,
  RefundJournalError,
  RefundKeyReused,
  RefundNotApplied,
  RefundNothingLeft
} from "../../RefundsError.ts"

/** How a durable refund fails. */
export const RefundFailure = Schema.Union([
  ...Object.values(byStatus),
  FlexFactorUnexpectedStatus,
  FlexFactorInvalidRequest,
  FlexFactorInvalidResponse,
  FlexFactorTimeout,
  FlexFactorUnreachable,
  SandboxDataRefused,
  RefundRejected,
  RefundOutcomeUnknown,
  OrderNotRefundable,
  RefundBalanceUnknown,
  RefundBlocked,
  RefundExceedsBalance,
  RefundJournalError,
  RefundKeyReused,
  RefundNotApplied,
  RefundNothingLeft
])

/** How a durable refund fails. */
export type RefundFailure = typeof RefundFailure.Type
