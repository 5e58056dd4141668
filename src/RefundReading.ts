/**
 * What an order showed at one moment about the money that went back.
 */
import * as Schema from "effect/Schema"
import { Cents } from "./Money.ts"
import { OrderStatus } from "./OrderStatus.ts"

/**
 * What an order showed at one moment: when it was read, its status, and where the order or another source shows them,
 * `refunded` (the cents that went back so far) and `refundable` (the cents that still can).
 */
export const RefundReading = Schema.Struct({
  at: Schema.DateTimeUtc,
  status: Schema.optionalKey(OrderStatus),
  refunded: Schema.optionalKey(Cents),
  refundable: Schema.optionalKey(Cents)
}).annotate({ identifier: "RefundReading" })

/** What an order showed at one moment. */
export interface RefundReading extends Schema.Schema.Type<typeof RefundReading> {}
