/**
 * Turns among many runners: the entity of an order gives them.
 */
import type { Sharding } from "effect/cluster/Sharding"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { longestTurn, RefundOrder } from "../../workflow/RefundOrder.ts"
import type { TakeTurns } from "../refunds/turns.ts"

/**
 * Takes turns by the entities of the orders. Where no turn can be had, because a runner went away, the effect runs
 * without one: the journal keeps it safe.
 */
export const turnsOfOrders: Effect.Effect<TakeTurns, never, Sharding> = Effect.map(
  RefundOrder.client,
  (client): TakeTurns => (orderId) => (effect) =>
    Effect.scopedWith((scope) =>
      Effect.gen(function*() {
        const isOver = yield* Deferred.make<void>()
        const signal = Deferred.succeed(isOver, undefined)
        yield* client(orderId).turn().pipe(
          Stream.runForEach(() => signal),
          Effect.ensuring(signal),
          Effect.ignoreCause,
          Effect.forkIn(scope)
        )
        yield* Effect.timeoutOption(Deferred.await(isOver), longestTurn)
        return yield* effect
      })
    )
)
