/**
 * How a durable refund fails, as the engine keeps it: all that the error says, without the words that FlexFactor wrote.
 * They can quote a customer's data, and the engine's tables are no place for that.
 */

import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Struct from "effect/Struct"
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
import { isJsonObject } from "../jsonObject.ts"

const failures = Schema.Union([
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

const isFields = (json: Schema.Json): json is Schema.JsonObject => isJsonObject(json)

/** How a durable refund fails. */
export const RefundFailure = Schema.Json.pipe(
  Schema.decodeTo(
    Schema.toCodecJson(failures),
    SchemaTransformation.transform({
      decode: (kept): Schema.Json => isFields(kept) ? { written: { body: "" }, ...kept } : kept,
      encode: (failure): Schema.Json => isFields(failure) ? Struct.omit(failure, ["written"]) : failure
    })
  )
)

/** How a durable refund fails. */
export type RefundFailure = typeof RefundFailure.Type
