/**
 * Takes turns: one refund at a time per order, in this process. Among processes the journal does it.
 */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { OrderId } from "../../OrderId.ts"

/** Runs an effect once its order is free. */
export type TakeTurns = (orderId: OrderId) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** An order is remembered as long as somebody waits for it or works on it. */
export const makeTurns = (): TakeTurns => {
  const queues = new Map<OrderId, { readonly semaphore: Semaphore.Semaphore; users: number }>()
  return (orderId) => (effect) =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const queue = queues.get(orderId) ?? { semaphore: Semaphore.makeUnsafe(1), users: 0 }
        queues.set(orderId, queue)
        queue.users += 1
        return queue
      }),
      ({ semaphore }) => semaphore.withPermit(effect),
      (queue) =>
        Effect.sync(() => {
          queue.users -= 1
          if (queue.users === 0) queues.delete(orderId)
        })
    )
}
