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

/** Waits for the turn of a refund of an order. It lasts as long as the scope. */
export type WaitForTurn = (orderId: OrderId) => Effect.Effect<void, never, Scope.Scope>

/** An order is remembered as long as somebody waits for it or works on it. */
export const turnsInMemory: Effect.Effect<WaitForTurn, never, Scope.Scope> = Effect.map(
  RcMap.make({ lookup: (_orderId: OrderId) => Semaphore.make(1) }),
  (orders): WaitForTurn => (orderId) =>
    Effect.flatMap(
      RcMap.get(orders, orderId),
      (order) => Effect.acquireRelease(order.take(1), () => order.release(1), { interruptible: true })
    )
)

export const makeTurns: Effect.Effect<TakeTurns, never, Scope.Scope> = Effect.map(
  turnsInMemory,
  (waitForTurn): TakeTurns => (orderId) => (effect) =>
    Effect.scopedWith((scope) => Effect.andThen(Scope.provide(waitForTurn(orderId), scope), effect))
)
