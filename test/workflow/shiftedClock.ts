/**
 * A clock that shows another time than the machine's, and runs as fast.
 */
import { Clock, Effect } from "effect"

/** The clock that is ahead by what `ahead` says, in milliseconds, at each moment. */
export const shiftedClock = (ahead: () => number): Effect.Effect<Clock.Clock> =>
  Effect.map(Clock.Clock, (clock) => {
    const millis = () => clock.currentTimeMillisUnsafe() + ahead()
    const nanos = () => clock.currentTimeNanosUnsafe() + BigInt(ahead()) * 1_000_000n
    return {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
      monotonicTimeNanos: clock.monotonicTimeNanos,
      sleep: (duration) => clock.sleep(duration)
    }
  })
