/**
 * How every inbox hands events over.
 */
import { assert } from "@effect/vitest"
import { Cause, Data, Deferred, Effect, Exit, Fiber, type Layer, type Scope, Stream } from "effect"
import type { WebhookEvent } from "../../src/WebhookEvent.ts"
import { WebhookInbox } from "../../src/WebhookInbox.ts"
import { Due, eventOf, handleNext, handleRest, keep } from "./inboxes.ts"
import type { Declare } from "./inboxKeepingBehaviours.ts"

class Refused extends Data.TaggedError("Refused")<{ readonly why: string }> {}

const handle = <A, E, R>(handler: (event: WebhookEvent) => Effect.Effect<A, E, R>) =>
  WebhookInbox.use((inbox) => inbox.handleNext(handler))

const events = Stream.unwrap(WebhookInbox.use((inbox) => Effect.succeed(inbox.events)))

/** Starts something with the next event that does not end, and waits until it has begun. */
const begin = Effect.fnUntraced(function*<E, R>(
  run: (handler: (event: WebhookEvent) => Effect.Effect<never>) => Effect.Effect<unknown, E, R>
) {
  const begun = yield* Deferred.make<string>()
  const fiber = yield* Effect.forkChild(
    run(({ event }) => Effect.andThen(Deferred.succeed(begun, event), Effect.never))
  )
  return { fiber, event: yield* Deferred.await(begun) }
})

export const declareHandingBehaviours = <E>(declare: Declare, layer: Layer.Layer<WebhookInbox | Due, E>): void => {
  const check = (name: string, test: Effect.Effect<void, unknown, WebhookInbox | Due | Scope.Scope>): void =>
    declare(name, () => Effect.provide(test, layer))

  check(
    "hands over what was kept before, and what is kept while somebody waits",
    Effect.gen(function*() {
      yield* keep(eventOf("before"))
      assert.strictEqual(yield* handleNext, "before")
      const waiting = yield* Effect.forkChild(handleNext)
      yield* Effect.yieldNow
      yield* keep(eventOf("after"))
      assert.strictEqual(yield* Fiber.join(waiting), "after")
      assert.deepStrictEqual(yield* handleRest, [])
    })
  )

  check(
    "hands each event to one of several handlers",
    Effect.gen(function*() {
      const names = Array.from({ length: 40 }, (_, n) => `event.${n}`)
      yield* Effect.forEach(names, (name) => keep(eventOf(name)), { concurrency: 4 })
      const one = handle(({ event }) => Effect.as(Effect.yieldNow, event))
      const handled = yield* Effect.forEach(names, () => one, { concurrency: 8 })
      assert.sameMembers(handled, names)
      assert.deepStrictEqual(yield* handleRest, [])
    })
  )

  check(
    "passes on how a handler fails, and hands its event over again, later",
    Effect.gen(function*() {
      const why = new Refused({ why: "sentinel" })
      yield* keep(eventOf("refused"))
      yield* keep(eventOf("other"))
      assert.strictEqual(yield* Effect.flip(handle(() => Effect.fail(why))), why)
      assert.strictEqual(yield* handleNext, "other")
      assert.deepStrictEqual(yield* handleRest, ["refused"])
      assert.deepStrictEqual(yield* handleRest, [])
    })
  )

  check(
    "hands an event over again whose handler dies, throws or interrupts itself",
    Effect.gen(function*() {
      yield* keep(eventOf("deadly"))
      // After some failures it stays away for longer than it takes to look for it.
      for (let time = 0; time < 5; time++) {
        yield* Effect.exit(handle(() => Effect.fail("not yet")))
        yield* yield* Due
      }
      const defect = new Error("a defect")
      const handlers: ReadonlyArray<() => Effect.Effect<never>> = [
        () => Effect.die(defect),
        () => {
          throw defect
        },
        () => Effect.interrupt
      ]
      for (const [index, handler] of handlers.entries()) {
        const exit = yield* Effect.exit(handle(handler))
        assert.isTrue(
          Exit.isFailure(exit)
            && (index === 2 ? Cause.hasInterruptsOnly(exit.cause) : Cause.squash(exit.cause) === defect)
        )
        // It does not come at once, over and over.
        yield* keep(eventOf(`between.${index}`))
        assert.strictEqual(yield* handleNext, `between.${index}`)
        yield* yield* Due
      }
      assert.deepStrictEqual(yield* handleRest, ["deadly"])
    })
  )

  check(
    "gives an event back at once when its handler is interrupted",
    Effect.gen(function*() {
      yield* keep(eventOf("interrupted"))
      for (let time = 0; time < 3; time++) {
        const { event, fiber } = yield* begin(handle)
        assert.strictEqual(event, "interrupted")
        yield* Fiber.interrupt(fiber)
      }
      assert.strictEqual(yield* handleNext, "interrupted")
      assert.deepStrictEqual(yield* handleRest, [])
    })
  )

  check(
    "does not lose an event when somebody who waits is interrupted",
    Effect.gen(function*() {
      const waiting = yield* Effect.forkChild(handleNext)
      yield* Effect.yieldNow
      yield* Fiber.interrupt(waiting)
      yield* keep(eventOf("kept"))
      assert.strictEqual(yield* handleNext, "kept")
    })
  )

  check(
    "streams events, and is done with one when the next is asked for, or the stream ends",
    Effect.gen(function*() {
      yield* Effect.forEach(["a", "b", "c", "d"], (name) => keep(eventOf(name)))
      const taken = yield* Stream.runCollect(Stream.take(events, 3))
      assert.deepStrictEqual(taken.map(({ event }) => event), ["a", "b", "c"])
      const { event, fiber } = yield* begin((handler) => Stream.runForEach(events, handler))
      assert.strictEqual(event, "d")
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(yield* handleNext, "d", "an interruption gives it back")
      assert.deepStrictEqual(yield* handleRest, [])
    })
  )

  check(
    "streams an event again, later, with which the stream failed",
    Effect.gen(function*() {
      yield* Effect.forEach(["a", "b", "c"], (name) => keep(eventOf(name)))
      const seen: Array<string> = []
      const failure = yield* events.pipe(
        Stream.runForEach(({ event }) => {
          seen.push(event)
          return event === "b" ? Effect.fail("no b") : Effect.void
        }),
        Effect.flip
      )
      assert.strictEqual(failure, "no b")
      assert.deepStrictEqual(seen, ["a", "b"])
      assert.strictEqual(yield* handleNext, "c")
      assert.deepStrictEqual(yield* handleRest, ["b"])
    })
  )
}
