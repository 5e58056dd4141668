/**
 * Turns of the refunds of an order. What keeps refunds safe is the journal; turns keep them out of each other's way.
 */
import type { Sharding } from "effect/cluster/Sharding"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as RcMap from "effect/RcMap"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import type { OrderId } from "../../OrderId.ts"
import { longestTurn, RefundOrder } from "../../workflow/RefundOrder.ts"

/** Waits for the turn of a refund of an order. It lasts as long as the scope. */
export type WaitForTurn = (orderId: OrderId) => Effect.Effect<void, never, Scope.Scope>

/** Turns within this process. */
export const turnsInMemory: Effect.Effect<WaitForTurn, never, Scope.Scope> = Effect.map(
  RcMap.make({ lookup: (_orderId: OrderId) => Semaphore.make(1) }),
  (orders): WaitForTurn => (orderId) =>
    Effect.flatMap(
      RcMap.get(orders, orderId),
      (order) => Effect.acquireRelease(order.take(1), () => order.release(1), { interruptible: true })
    )
)

/** Turns among many runners: the entity of the order gives them. Where none can be had, the refund goes on without. */
export const turnsOfOrders: Effect.Effect<WaitForTurn, never, Sharding> = Effect.map(
  RefundOrder.client,
  (client): WaitForTurn => (orderId) =>
    Effect.gen(function*() {
      const isOver = yield* Deferred.make<void>()
      const signal = Deferred.succeed(isOver, undefined)
      yield* client(orderId).turn().pipe(
        Stream.runForEach(() => signal),
        Effect.ensuring(signal),
        Effect.ignoreCause,
        Effect.forkScoped
      )
      yield* Effect.timeoutOption(Deferred.await(isOver), longestTurn)
    })
)
