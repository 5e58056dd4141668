/**
 * Time for tests of what waits by itself.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Scheduler from "effect/Scheduler"
import * as TestClock from "effect/testing/TestClock"
import { watch } from "./watchedScheduler.ts"

const secondsOfAnHour = 60 * 60

const hoursOfADay = 24

/**
 * Moves the clock of the test on, a second at a time, until an effect is done: for a refund in doubt, a retry, or
 * whatever else waits by itself. It needs a `TestClock`, as `it.effect` has one and `TestClock.layer()` provides one.
 *
 * The clock stands still while the effect has something to run, so with `Random.withSeed` it does the same at the same
 * times in every run. What it waits for in real time, such as a request over a network, is given a moment before each
 * second.
 *
 * An effect that is not done within an hour of the test's time is a defect: it waits for something else than time. It is
 * interrupted then, and the clock goes on for a day at most, so that what cannot be interrupted comes to its end too.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { Cents, type OrderId, Orders } from "effect-flexfactor"
 * import { Fault, FlexFactorSimulator, inTime } from "effect-flexfactor/testing"
 *
 * const test = Effect.fn(function*(id: OrderId) {
 *   const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
 *   yield* simulator.failNext("Orders.get", Fault.answer(503, { headers: { "retry-after": "2" } }))
 *   return yield* inTime(Orders.use((orders) => orders.get(id)))
 * })
 * ```
 */
export const inTime = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.fn.Return<A, E, R> {
  const clock = yield* Clock.Clock
  if (!("adjust" in clock)) {
    return yield* Effect.die(
      new Error("inTime: needs a test clock, such as it.effect has, or provide TestClock.layer()")
    )
  }
  const scheduler = watch(yield* Scheduler.Scheduler)

  /** Moves the clock until a fiber is done, or for some times. */
  const moveUntilDone = Effect.fnUntraced(function*(
    fiber: Fiber.Fiber<A, E>,
    step: "1 second" | "1 hour",
    times: number
  ) {
    const isDone = () => fiber.pollUnsafe() !== undefined
    yield* scheduler.atRest(isDone)
    for (let time = 0; time < times && !isDone(); time++) {
      yield* TestClock.adjust(step)
      yield* scheduler.atRest(isDone)
    }
  })

  const giveUp = Effect.fnUntraced(function*(fiber: Fiber.Fiber<A, E>) {
    fiber.interruptUnsafe()
    yield* moveUntilDone(fiber, "1 hour", hoursOfADay)
    return yield* Effect.die(new Error("inTime: not done within an hour"))
  })

  /** What ends may need time to end. */
  const end = Effect.fnUntraced(function*(fiber: Fiber.Fiber<A, E>) {
    fiber.interruptUnsafe()
    yield* moveUntilDone(fiber, "1 second", secondsOfAnHour)
    yield* moveUntilDone(fiber, "1 hour", hoursOfADay)
  })

  return yield* Effect.uninterruptibleMask(Effect.fnUntraced(function*(restore) {
    // No child, whose end its parent would wait for.
    const fiber = yield* Effect.forkDetach(
      Effect.provideService(effect, Scheduler.Scheduler, scheduler),
      { startImmediately: true }
    )
    yield* restore(moveUntilDone(fiber, "1 second", secondsOfAnHour)).pipe(
      Effect.onInterrupt(() => end(fiber))
    )
    return yield* fiber.pollUnsafe() === undefined ? restore(giveUp(fiber)) : Fiber.join(fiber)
  }))
})
