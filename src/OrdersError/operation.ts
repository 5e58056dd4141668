/**
 * The names of the requests that can fail.
 */
import * as Schema from "effect/Schema"

/** The request that failed: one of the operations, or the request for an access token that came before it. */
export const Operation = Schema.Literals([
  "Orders.list",
  "Orders.get",
  "Orders.refund",
  "Orders.cancel",
  "Orders.cancelByExternalId",
  "FlexFactor.token"
])

/** The request that failed. */
export type Operation = typeof Operation.Type
