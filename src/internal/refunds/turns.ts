/**
 * Takes turns: one refund at a time per order, in this process. Among processes the journal does it.
 */
import * as Effect from "effect/Effect"
import * as RcMap from "effect/RcMap"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { OrderId } from "../../OrderId.ts"

/** Runs an effect once its order is free. */
export type TakeTurns = (
  orderId: OrderId
) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** An order is remembered as long as somebody waits for it or works on it. */
export const makeTurns: Effect.Effect<TakeTurns, never, Scope.Scope> = Effect.map(
  RcMap.make({ lookup: (_orderId: OrderId) => Semaphore.make(1) }),
  (orders): TakeTurns => (orderId) => (effect) =>
    Effect.scopedWith((scope) =>
      Effect.flatMap(Scope.provide(RcMap.get(orders, orderId), scope), (order) => order.withPermit(effect))
    )
)
