/**
 * Turns of the refunds of an order. What keeps refunds safe is the journal; turns keep them out of each other's way.
 */
import type { Sharding } from "effect/cluster/Sharding"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { WaitForTurn } from "../refunds/turns.ts"
import { longestTurn, RefundOrder } from "./refundOrder.ts"

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
