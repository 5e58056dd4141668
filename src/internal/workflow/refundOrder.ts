/**
 * An order among many runners: its refunds take turns, wherever they run.
 */
import * as Entity from "effect/cluster/Entity"
import type { Sharding } from "effect/cluster/Sharding"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Rpc from "effect/rpc/Rpc"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"

/**
 * The entity of an order. `turn` is a stream that emits once it is the caller's turn, which lasts as long as the stream
 * is held, at most a minute. Turns keep refunds of one order out of each other's way; what keeps them safe is the
 * journal, so that a turn may be lost with its runner.
 */
export const RefundOrder = Entity.make("FlexFactor/RefundOrder", [
  Rpc.make("turn", { success: Schema.Void, stream: true })
])

/** The longest that a turn lasts, and is waited for. */
export const longestTurn = "1 minute"

/** Serves the turns of the orders that live on this runner. */
export const layerTurns: Layer.Layer<never, never, Sharding> = RefundOrder.toLayer(
  Effect.map(Semaphore.make(1), (order) =>
    RefundOrder.of({
      turn: () =>
        Stream.unwrap(
          Effect.as(
            Effect.acquireRelease(order.take(1), () => order.release(1), { interruptible: true }),
            Stream.concat(Stream.make(undefined), Stream.fromEffectDrain(Effect.sleep(longestTurn)))
          )
        )
    })),
  { concurrency: "unbounded" }
)
