/**
 * The deadline of a call. Does what `Effect.timeoutOrElse` does, more cheaply: a sleeping fiber per call is expensive
 * where a timer will do.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/** What a timer of the platform can wait for. */
const longestTimer = 2 ** 31 - 1

const platformClock = Context.get(Context.empty(), Clock.Clock)

/** Runs something at a later time of the clock, unless it is called off. */
const schedule = (context: Context.Context<never>, duration: Duration.Duration, run: () => void): () => void => {
  const milliseconds = Duration.toMillis(duration)
  if (Context.get(context, Clock.Clock) === platformClock && milliseconds <= longestTimer) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  }
  const sleeper = Effect.runForkWith(context)(Effect.andThen(Effect.sleep(duration), Effect.sync(run)))
  return () => sleeper.interruptUnsafe()
}

/** Interrupts an effect that is not done in time, waits for its end, and fails. */
export const withDeadline =
  <E2>(duration: Duration.Duration, late: () => E2) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | E2, R> =>
    Effect.contextWith((context: Context.Context<R>) =>
      Effect.callback((resume) => {
        const fiber = Effect.runForkWith(context)(effect)
        const callOff = schedule(
          context,
          duration,
          () => resume(Effect.andThen(Fiber.interrupt(fiber), Effect.suspend(() => Effect.fail(late()))))
        )
        fiber.addObserver((exit) => {
          callOff()
          resume(exit)
        })
        return Fiber.interrupt(fiber)
      })
    )
