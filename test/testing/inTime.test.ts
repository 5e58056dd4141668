/**
 * The time of a test, moved until something is done.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Effect, Exit } from "effect"
import { inTime } from "../../src/testing/index.ts"

describe("inTime", () => {
  it.effect("moves the clock until an effect is done, and gives what it gives", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* inTime(Effect.as(Effect.sleep("90 seconds"), "done")), "done")
      assert.strictEqual(yield* Clock.currentTimeMillis, 90_000)
    }))

  it.effect("fails as the effect fails", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(inTime(Effect.andThen(Effect.sleep("2 seconds"), Effect.fail("no"))))
      assert.strictEqual(error, "no")
    }))

  it.effect("leaves the clock alone where nothing waits", () =>
    Effect.gen(function*() {
      yield* inTime(Effect.promise(() => Promise.resolve()))
      assert.strictEqual(yield* Clock.currentTimeMillis, 0)
    }))

  it.effect("dies, rather than hang, where time does not help", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(inTime(Effect.never))
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", "not done within an hour")
    }))
})
