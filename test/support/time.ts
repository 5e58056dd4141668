import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"

/** Runs an effect while the test clock moves on by as much as it may need. */
export const whileTimePasses = Effect.fnUntraced(function*<A, E, R>(
  effect: Effect.Effect<A, E, R>,
  time: Parameters<typeof TestClock.adjust>[0] = "10 minutes"
): Effect.fn.Return<A, E, R> {
  const fiber = yield* Effect.forkChild(Effect.exit(effect))
  yield* TestClock.adjust(time)
  return yield* yield* Fiber.join(fiber)
})
