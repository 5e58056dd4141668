/**
 * The deadline of a call, on the clock of a test and on that of the platform.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Duration, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { withDeadline } from "../src/internal/deadline.ts"

const inTime = withDeadline(Duration.seconds(30), () => "late")

/** Something that takes long, and says how it ended. */
const makeLong = () => {
  const ends: Array<string> = []
  const long = Effect.never.pipe(
    Effect.onInterrupt(() => Effect.andThen(Effect.sleep("1 second"), Effect.sync(() => ends.push("interrupted"))))
  )
  return { ends, long }
}

describe("a deadline", () => {
  it.effect("lets through what comes of an effect that is done in time", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* inTime(Effect.succeed(1)), 1)
      assert.strictEqual(yield* Effect.flip(inTime(Effect.fail("no"))), "no")
      assert.isTrue(Exit.hasDies(yield* Effect.exit(inTime(Effect.die("defect")))))
      const fiber = yield* Effect.forkChild(inTime(Effect.as(Effect.sleep("29 seconds"), 2)))
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(yield* Fiber.join(fiber), 2)
    }))

  it.effect("fails when it passes, after what was under way has ended", () =>
    Effect.gen(function*() {
      const { ends, long } = makeLong()
      const fiber = yield* Effect.forkChild(Effect.flip(inTime(long)))
      yield* TestClock.adjust("30 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(fiber), "late")
      assert.deepStrictEqual(ends, ["interrupted"])
    }))

  it.effect("says so by what is known when it has passed", () =>
    Effect.gen(function*() {
      let known = "at first"
      const noticing = withDeadline(Duration.seconds(30), () => known)
      const effect = Effect.onInterrupt(Effect.never, () =>
        Effect.sync(() => {
          known = "at last"
        }))
      const fiber = yield* Effect.forkChild(Effect.flip(noticing(effect)))
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(yield* Fiber.join(fiber), "at last")
    }))

  it.effect("ends what is under way when its caller is interrupted, and only then the caller", () =>
    Effect.gen(function*() {
      const { ends, long } = makeLong()
      const fiber = yield* Effect.forkChild(inTime(long))
      yield* TestClock.adjust("1 second")
      const interruption = yield* Effect.forkChild(Fiber.interrupt(fiber))
      yield* TestClock.adjust("500 millis")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("500 millis")
      yield* Fiber.join(interruption)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
      assert.deepStrictEqual(ends, ["interrupted"])
    }))

  it.effect("passes also within what cannot be interrupted", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(Effect.uninterruptible(Effect.flip(inTime(Effect.never))))
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(yield* Fiber.join(fiber), "late")
    }))

  it.effect("passes on the services of its caller", () =>
    Effect.gen(function*() {
      const Name = Context.Service<string>("Name")
      const named = inTime(Effect.map(Name, (name) => `${name}!`))
      assert.strictEqual(yield* Effect.provideService(named, Name, "x"), "x!")
    }))

  it.live("passes by the clock of the platform, and leaves no timer behind", () =>
    Effect.gen(function*() {
      const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length
      const before = timers()
      const soon = withDeadline(Duration.millis(1), () => "late")
      const many = 100
      for (let call = 0; call < many; call++) {
        assert.strictEqual(yield* Effect.flip(soon(Effect.never)), "late")
        assert.strictEqual(yield* inTime(Effect.succeed(1)), 1)
        yield* Effect.exit(Effect.timeout(inTime(Effect.never), "1 millis"))
      }
      // The runner of the tests has a few timers of its own.
      assert.isBelow(timers(), before + many / 2)
    }))

  it.live("of more than a timer can wait for does not pass at once", () =>
    Effect.gen(function*() {
      const distant = withDeadline(Duration.days(30), () => "late")
      assert.strictEqual(yield* distant(Effect.as(Effect.sleep("20 millis"), "done")), "done")
      const cause = yield* Effect.flip(Effect.sandbox(distant(Effect.die("defect"))))
      assert.isTrue(Cause.hasDies(cause))
    }))
})
