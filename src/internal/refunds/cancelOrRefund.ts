/**
 * Gives a whole order back: by a cancel while it is pending, by a refund once it is captured. What to do is decided from
 * a fresh read, and again whenever the order turns out to have moved on meanwhile.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { OrderId } from "../../OrderId.ts"
import type { CancelError, GetError } from "../../OrdersError.ts"
import { isPending, type OrderStatus } from "../../OrderStatus.ts"
import type { RefundKey } from "../../RefundKey.ts"
import type { OrderNotRefundable, RefundJournalError } from "../../RefundsError.ts"
import type { Workplace } from "./workplace.ts"

/** How often the order may move on before it is left to the caller. Each move is a change of its status. */
const maximumMoves = 5

/** Refusals after which the order is read again: it may not be pending any more. */
const isRefusal = (error: CancelError): boolean =>
  error._tag === "CancelRejected" || error._tag === "FlexFactorBadRequest"
  || error._tag === "FlexFactorUnprocessableEntity" || error._tag === "FlexFactorConflict"

export const cancelOrRefund = (place: Workplace) => {
  const statusOf = (orderId: OrderId) => Effect.map(place.orders.get(orderId), (order) => order.status)

  /** Cancels, and says whether the order moved on instead: `undefined`, or the status that it has now. */
  const cancel = Effect.fnUntraced(function*(
    orderId: OrderId,
    status: OrderStatus
  ): Effect.fn.Return<OrderStatus | undefined, CancelError | GetError> {
    const refusal = yield* place.takeTurns(orderId)(place.orders.cancel(orderId)).pipe(
      Effect.as(undefined),
      Effect.catchIf(isRefusal, (error) => Effect.succeed(error))
    )
    const now = yield* statusOf(orderId)
    if (refusal !== undefined && now === status) return yield* refusal
    return now === "Cancelled" || (refusal === undefined && isPending(now) === true) ? undefined : now
  })

  return Effect.fnUntraced(function*<A, E>(
    key: RefundKey,
    orderId: OrderId,
    refund: Effect.Effect<A, E | OrderNotRefundable>
  ): Effect.fn.Return<A | "cancelled", E | OrderNotRefundable | CancelError | GetError | RefundJournalError> {
    const begun = Option.getOrUndefined(yield* place.journal.find(key))
    if (begun !== undefined && begun.state !== "not sent") return yield* refund
    let status = yield* statusOf(orderId)
    for (let moves = 0; moves < maximumMoves; moves++) {
      if (status === "Cancelled") return "cancelled"
      if (isPending(status) !== true) break
      const next = yield* cancel(orderId, status)
      if (next === undefined) return "cancelled"
      status = next
    }
    return yield* refund
  })
}
