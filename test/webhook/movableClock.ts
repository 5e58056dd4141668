/**
 * A clock that is set and then runs: connections to a database wait for time that passes.
 */
import { Clock, DateTime, Effect } from "effect"
import { shiftedClock } from "../workflow/shiftedClock.ts"
import { now } from "./deliveries.ts"

/** Sets the clock to `now`, or to some milliseconds after it. */
export type SetClock = (later?: number) => Effect.Effect<void>

export const withMovableClock = <A, E, R>(
  test: (itIsNow: SetClock) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    let ahead = 0
    const itIsNow: SetClock = (later = 0) =>
      Effect.sync(() => {
        ahead = DateTime.toEpochMillis(now) + later - Date.now()
      })
    return Effect.flatMap(
      shiftedClock(() => ahead),
      (clock) => Effect.provideService(test(itIsNow), Clock.Clock, clock)
    )
  })
