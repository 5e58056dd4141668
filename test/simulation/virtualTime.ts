/**
 * A world in which time is a number and nothing runs by itself: fibers take turns in an order drawn from a seed, and when
 * all of them wait, time jumps to the next one that wakes up. It is synchronous, so a run is over when `run` returns, and
 * the same seed gives the same run.
 */
import { Clock, Context, Duration, Effect, type Fiber, type Random, References, Scheduler } from "effect"

interface Sleeper {
  readonly at: number
  readonly order: number
  readonly wake: () => void
}

/** The earliest sleeper first, and of two at the same time the one who slept first. */
const isBefore = (a: Sleeper, b: Sleeper): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

const insert = (sleepers: Array<Sleeper>, sleeper: Sleeper): void => {
  let index = sleepers.length
  while (index > 0 && isBefore(sleeper, sleepers[index - 1] ?? sleeper)) index -= 1
  sleepers.splice(index, 0, sleeper)
}

/** More turns than any honest run takes: what takes more goes round in circles. */
const maximumTurns = 2_000_000

export interface VirtualTime {
  readonly now: () => number
  /** Starts an effect as a program of its own. */
  readonly start: <A, E>(effect: Effect.Effect<A, E>) => Fiber.Fiber<A, E>
  /** Calls a function at a time. */
  readonly at: (time: number, call: () => void) => void
  /** Goes on until everybody is done or waits for what never comes. */
  readonly run: () => void
}

export const makeVirtualTime = (random: Random.Random): VirtualTime => {
  let now = 0
  let order = 0
  let turns = 0
  const sleepers: Array<Sleeper> = []
  const tasks: Array<() => void> = []

  const sleepUntil = (at: number, wake: () => void): Sleeper => {
    const sleeper = { at, order: order++, wake }
    insert(sleepers, sleeper)
    return sleeper
  }

  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => now,
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanosUnsafe: () => BigInt(now) * 1_000_000n,
    currentTimeNanos: Effect.sync(() => BigInt(now) * 1_000_000n),
    monotonicTimeNanosUnsafe: () => BigInt(now) * 1_000_000n,
    monotonicTimeNanos: Effect.sync(() => BigInt(now) * 1_000_000n),
    sleep: (duration) =>
      Effect.callback((resume) => {
        const sleeper = sleepUntil(now + Math.ceil(Duration.toMillis(duration)), () => resume(Effect.void))
        return Effect.sync(() => {
          const index = sleepers.indexOf(sleeper)
          if (index !== -1) sleepers.splice(index, 1)
        })
      })
  }

  const scheduler: Scheduler.Scheduler = {
    executionMode: "sync",
    shouldYield: () => false,
    makeDispatcher: () => ({ scheduleTask: (task) => void tasks.push(task), flush: () => undefined })
  }

  /** Whose turn it is, is drawn: all orders in which fibers can meet are possible. */
  const drain = (): void => {
    while (tasks.length > 0) {
      turns += 1
      if (turns > maximumTurns) throw new Error("the simulated programs go round in circles")
      const index = tasks.length === 1 ? 0 : Math.floor(random.nextDoubleUnsafe() * tasks.length)
      const [task] = tasks.splice(index, 1)
      task?.()
    }
  }

  const context = Context.make(Clock.Clock, clock).pipe(
    Context.add(Scheduler.Scheduler, scheduler),
    Context.add(References.TracerEnabled, false)
  )
  const fork = Effect.runForkWith(context)

  return {
    now: () => now,
    start: (effect) => fork(effect),
    at: (time, call) => void sleepUntil(Math.max(now, time), call),
    run: () => {
      drain()
      for (let next = sleepers.shift(); next !== undefined; next = sleepers.shift()) {
        now = Math.max(now, next.at)
        next.wake()
        drain()
      }
    }
  }
}
