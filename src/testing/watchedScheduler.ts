/**
 * Tells when a program is at rest: nothing of it is ready to run, and it waits for time or for the world outside.
 *
 * How many turns of the event loop a program needs until then, nobody knows beforehand, and how many go by in a
 * millisecond depends on the machine. So what the program has to run is counted, on its way to the scheduler.
 */
import * as Effect from "effect/Effect"
import type * as Scheduler from "effect/Scheduler"

/** A scheduler that hands all it is given to another one, and counts it. */
export interface WatchedScheduler extends Scheduler.Scheduler {
  /**
   * Waits until the fibers that it runs are at rest, or what is waited for is done. What they wait for in real time, such
   * as a file or a digest, and fibers that another scheduler runs, are given a moment.
   */
  readonly atRest: (isDone: () => boolean) => Effect.Effect<void>
}

/** A program that polls is never at rest. After so many steps it is left alone. */
const mostSteps = 10_000

/** One that polls in real time makes few steps. It is left alone after so many moments, once it has nothing to run. */
const mostMoments = 100

/** Long enough for promises that are resolved already. */
const moment = Effect.callback<void>((resume) => {
  const timer = setTimeout(() => resume(Effect.void), 0)
  return Effect.sync(() => clearTimeout(timer))
})

/** Watches what is run by way of a scheduler. */
export const watch = (scheduler: Scheduler.Scheduler): WatchedScheduler => {
  let ready = 0
  let steps = 0

  /** Whether a moment goes by in which nothing is run, and nothing is left to run. */
  const isQuiet = Effect.suspend(() => {
    const before = steps
    return Effect.map(moment, () => ready === 0 && steps === before)
  })

  return {
    executionMode: scheduler.executionMode,
    shouldYield: (fiber) => scheduler.shouldYield(fiber),
    makeDispatcher: () => {
      const dispatcher = scheduler.makeDispatcher()
      return {
        scheduleTask: (task, priority) => {
          ready += 1
          dispatcher.scheduleTask(() => {
            ready -= 1
            steps += 1
            task()
          }, priority)
        },
        flush: () => dispatcher.flush()
      }
    },
    atRest: (isDone) =>
      Effect.suspend(() => {
        const most = steps + mostSteps
        let moments = 0
        const isLeftAlone = () => {
          moments += 1
          return steps >= most || (ready === 0 && moments >= mostMoments)
        }
        return Effect.asVoid(Effect.repeat(isQuiet, { until: (quiet) => quiet || isDone() || isLeftAlone() }))
      })
  }
}
