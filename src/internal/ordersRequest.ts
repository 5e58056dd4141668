/**
 * A request to FlexFactor, before it knows a host or a token.
 */
import type { OrderId } from "../OrderId.ts"
import type { Operation } from "../OrdersError.ts"
import type { JsonObject } from "./jsonObject.ts"

export interface OrdersRequest {
  readonly operation: Operation
  readonly method: "GET" | "POST"
  /** Below the base URL, percent-encoded. */
  readonly path: string
  readonly query?: ReadonlyArray<readonly [name: string, value: string]>
  readonly body?: JsonObject
  /** For the span of the call. */
  readonly orderId?: OrderId
  /** Every text of the caller that goes out with the request, by the name the caller knows it by. */
  readonly texts: ReadonlyArray<readonly [field: string, value: string]>
}

/**
 * How far a call has come. One is made for each call and changed as it goes, so that a deadline that passes in the
 * middle knows whether the request may have arrived.
 */
export interface Progress {
  /** Whether the request may have reached FlexFactor, in any attempt, and not been refused there. */
  sent: "no" | "maybe"
  /** How often the request was handed to the transport. */
  attempts: number
  /** The HTTP status that the last attempt was answered with. */
  status: number | undefined
}

export const makeProgress = (): Progress => ({ sent: "no", attempts: 0, status: undefined })
