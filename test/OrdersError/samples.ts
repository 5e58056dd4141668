/**
 * What FlexFactor answers with, and the errors that the client makes of it.
 */
import { Effect } from "effect"
import { Cents, OrderId, type OrdersError } from "../../src/index.ts"
import { ordersAnsweredWith, type Reply, type Run, tagged } from "../support/script.ts"

export const id = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")
export const refund = { amount: Cents.make(100) }

export const operations: ReadonlyArray<readonly [operation: OrdersError.Operation, run: Run]> = [
  ["Orders.get", (orders) => orders.get(id)],
  ["Orders.list", (orders) => orders.list()],
  ["Orders.cancel", (orders) => orders.cancel(id)]
]

export const statuses = [
  [400, "FlexFactorBadRequest"],
  [401, "FlexFactorUnauthorized"],
  [403, "FlexFactorForbidden"],
  [404, "FlexFactorNotFound"],
  [405, "FlexFactorMethodNotAllowed"],
  [409, "FlexFactorConflict"],
  [422, "FlexFactorUnprocessableEntity"],
  [429, "FlexFactorTooManyRequests"],
  [500, "FlexFactorInternalServerError"],
  [502, "FlexFactorBadGateway"],
  [503, "FlexFactorServiceUnavailable"],
  [504, "FlexFactorGatewayTimeout"],
  [302, "FlexFactorUnexpectedStatus"],
  [418, "FlexFactorUnexpectedStatus"],
  [599, "FlexFactorUnexpectedStatus"]
] as const

/** The error of an answer to one operation; a defect fails the test. */
export const errorOf = (run: Run, reply: Reply): Effect.Effect<OrdersError.OrdersError, unknown> =>
  Effect.flatMap(ordersAnsweredWith(reply), (orders) => Effect.flip(run(orders)))

export const getErrorOf = (reply: Reply) => errorOf((orders) => orders.get(id), reply)

export const badRequestOf = (reply: Reply) =>
  Effect.map(getErrorOf({ status: 400, ...reply }), (error) => tagged(error, "FlexFactorBadRequest"))
