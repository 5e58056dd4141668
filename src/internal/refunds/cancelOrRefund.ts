/**
 * Gives a whole order back: by a cancel while it is pending, by a refund once it is captured. What to do is decided from
 * a fresh read, and again whenever the order turns out to have moved on meanwhile.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { OrderId } from "../../OrderId.ts"
import type { CancelError, GetError } from "../../OrdersError.ts"
import { isPending, type OrderStatus } from "../../OrderStatus.ts"
import type { RefundKey } from "../../RefundKey.ts"
import { CancelNotConfirmed, type OrderNotRefundable, type RefundJournalError } from "../../RefundsError.ts"
import { monotonicMillis } from "../monotonic.ts"
import { stageOf } from "./facts.ts"
import type { Workplace } from "./workplace.ts"

/** How often the order may move on before it is left to the caller. Each move is a change of its status. */
const maximumMoves = 5

/** Refusals after which the order is read again: it may not be pending any more. */
const isRefusal = (error: CancelError): boolean =>
  error._tag === "CancelRejected" || error._tag === "FlexFactorBadRequest"
  || error._tag === "FlexFactorUnprocessableEntity" || error._tag === "FlexFactorConflict"

export const cancelOrRefund = (place: Workplace) => {
  const statusOf = (orderId: OrderId) => Effect.map(place.orders.get(orderId), (order) => order.status)

  /** The status of an order that was cancelled, once it shows more than that it is pending. */
  const confirmed = Effect.fnUntraced(function*(key: RefundKey, orderId: OrderId) {
    const until = (yield* monotonicMillis) + place.policy.patience
    for (let wait = 1000;; wait *= 2) {
      const status = yield* statusOf(orderId)
      if (isPending(status) !== true) return status
      const pause = Math.min(wait, place.policy.readingGap)
      if ((yield* monotonicMillis) + pause > until) {
        return yield* new CancelNotConfirmed({ key, orderId, status })
      }
      yield* Effect.sleep(pause)
    }
  })

  /** Cancels, and gives the status that the order has then. It may have moved on instead. */
  const cancel = Effect.fnUntraced(function*(
    key: RefundKey,
    orderId: OrderId,
    status: OrderStatus
  ): Effect.fn.Return<OrderStatus, CancelError | GetError | CancelNotConfirmed> {
    const refusal = yield* place.takeTurns(orderId)(place.orders.cancel(orderId)).pipe(
      Effect.as(undefined),
      Effect.catchIf(isRefusal, (error) => Effect.succeed(error))
    )
    if (refusal === undefined) return yield* confirmed(key, orderId)
    const now = yield* statusOf(orderId)
    return now === status ? yield* refusal : now
  })

  return Effect.fnUntraced(function*<A, E>(
    key: RefundKey,
    orderId: OrderId,
    refund: Effect.Effect<A, E | OrderNotRefundable>
  ): Effect.fn.Return<
    A | "cancelled",
    E | OrderNotRefundable | CancelError | GetError | CancelNotConfirmed | RefundJournalError
  > {
    const begun = Option.getOrUndefined(yield* place.journal.find(key))
    const isBegun = begun !== undefined && stageOf(begun, yield* Clock.currentTimeMillis) !== "unsent"
    if (isBegun) return yield* refund
    let status = yield* statusOf(orderId)
    for (let moves = 0; moves < maximumMoves; moves++) {
      if (status === "Cancelled") return "cancelled"
      if (isPending(status) !== true) break
      status = yield* cancel(key, orderId, status)
    }
    return status === "Cancelled" ? "cancelled" : yield* refund
  })
}
