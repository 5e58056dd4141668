import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Cause, Clock, Effect, Exit, Layer, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Refunds } from "../../src/Refunds.ts"
import { WebhookInboxError } from "../../src/WebhookError.ts"
import type { WebhookEvent } from "../../src/WebhookEvent.ts"
import { type HandlerOptions, layerHandler, WebhookInbox } from "../../src/WebhookInbox.ts"
import { eventOf, handleRest, inboxInMemory, keep, makeLog, orderId } from "./inboxes.ts"

type Handler<E, R> = (event: WebhookEvent) => Effect.Effect<unknown, E, R>

/** Starts a handler. */
const start = Effect.fnUntraced(function*<E, R>(handler: Handler<E, R>, options?: HandlerOptions) {
  const scope = yield* Scope.make()
  yield* Effect.addFinalizer(() => Scope.close(scope, Exit.void))
  yield* Layer.buildWithScope(Layer.fresh(layerHandler(handler, options)), scope)
  return { stop: Scope.close(scope, Exit.void) }
})

/** Lets everything that is due run. */
const settle = TestClock.adjust(0)

describe("A handler", () => {
  it.effect("handles what was kept before and after it was started, until its scope ends", () =>
    Effect.gen(function*() {
      const handled: Array<string> = []
      yield* keep(eventOf("before"))
      const { stop } = yield* start(({ event }) => Effect.sync(() => handled.push(event)))
      yield* settle
      yield* keep(eventOf("after"))
      yield* settle
      assert.deepStrictEqual(handled, ["before", "after"])
      yield* stop
      yield* keep(eventOf("late"))
      assert.deepStrictEqual(yield* handleRest, ["late"])
      assert.deepStrictEqual(handled, ["before", "after"])
    }).pipe(Effect.provide(inboxInMemory)))

  it.effect.each([[undefined, 4], [{ concurrency: 1 }, 1], [{ concurrency: 7 }, 7]] as const)(
    "handles so many at once with %j: %i, and gives them back when it is stopped",
    ([options, atOnce]) =>
      Effect.gen(function*() {
        const begun: Array<string> = []
        const names = Array.from({ length: 10 }, (_, n) => `event.${n}`)
        yield* Effect.forEach(names, (name) => keep(eventOf(name)))
        const { stop } = yield* start(({ event }) => {
          begun.push(event)
          return Effect.never
        }, options)
        yield* TestClock.adjust("1 day")
        assert.lengthOf(begun, atOnce)
        yield* stop
        assert.sameMembers([...(yield* handleRest)], names)
      }).pipe(Effect.provide(inboxInMemory))
  )

  it.effect.each([0, -1, 1.5, Number.NaN, Infinity])(
    "is not started with %d at once",
    (concurrency) =>
      Effect.gen(function*() {
        const exit = yield* Effect.exit(start(() => Effect.void, { concurrency }))
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
        assert.include(String(exit), "concurrency must be a whole number of at least 1")
      }).pipe(Effect.provide(inboxInMemory))
  )

  it.effect("handles an event again that it failed with, after longer and longer, and others meanwhile", () =>
    Effect.gen(function*() {
      const started: Array<number> = []
      const handled: Array<string> = []
      yield* start(Effect.fnUntraced(function*({ event }) {
        if (event === "failing") {
          started.push(yield* Clock.currentTimeMillis)
          return yield* Effect.fail("not yet")
        }
        handled.push(event)
      }))
      yield* keep(eventOf("failing"))
      yield* keep(eventOf("other"))
      yield* TestClock.adjust("25 minutes")
      const gaps = started.slice(1).map((at, index) => (at - (started[index] ?? 0)) / 1_000)
      assert.deepStrictEqual(gaps, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
      assert.deepStrictEqual(handled, ["other"])
      yield* TestClock.adjust("10 days")
      assert.isAbove(started.length, 10 * 24 * 12, "it does not give up")
    }).pipe(Effect.provide(inboxInMemory)))

  it.effect("says which event it failed with, and why, and nothing else of it", () => {
    const log = makeLog()
    const handlers: ReadonlyArray<Handler<string, never>> = [
      () => Effect.fail("my reason"),
      () => Effect.die(new Error("my reason")),
      () => {
        throw new Error("my reason")
      },
      () => Effect.interrupt
    ]
    return Effect.gen(function*() {
      for (const [index, handler] of handlers.entries()) {
        const event = eventOf(`event.${index}`, { data: { card: "sentinel" }, extra: { name: "sentinel" } })
        yield* keep(event)
        const { stop } = yield* start(handler)
        yield* settle
        yield* stop
        assert.lengthOf(log.lines, index + 1)
        const line = log.lines[index] ?? ""
        assert.include(line, "\"WARN\"")
        assert.include(line, "an event was not handled, and comes again")
        assert.include(line, event.event)
        assert.include(line, orderId)
        assert.include(line, index === 3 ? "Interrupt" : "my reason")
        assert.notInclude(line, "sentinel")
        assert.deepStrictEqual(yield* handleRest, [event.event])
      }
    }).pipe(Effect.provide(Layer.provideMerge(inboxInMemory, log.layer)))
  })

  it.effect("gives each event a scope of its own", () =>
    Effect.gen(function*() {
      const closed: Array<string> = []
      yield* keep(eventOf("a"))
      yield* start(({ event }) => Effect.addFinalizer(() => Effect.sync(() => closed.push(event))))
      yield* settle
      assert.deepStrictEqual(closed, ["a"])
    }).pipe(Effect.provide(inboxInMemory)))

  it.effect("goes on with an inbox that failed or died, after longer and longer", () => {
    const log = makeLog()
    const calls: Array<number> = []
    const failing = Layer.mock(WebhookInbox, {
      handleNext: () =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          calls.push(now / 1_000)
          return calls.length % 2 === 0
            ? Effect.die(new Error("sentinel"))
            : new WebhookInboxError({ operation: "handleNext", reason: "ConnectionError (ECONNREFUSED)" })
        })
    })
    return Effect.gen(function*() {
      yield* start(() => Effect.void, { concurrency: 1 })
      yield* TestClock.adjust("4 minutes")
      assert.deepStrictEqual(calls, [0, 1, 3, 7, 15, 31, 63, 123, 183])
      assert.lengthOf(log.lines, calls.length)
      assert.include(log.lines[0], "WebhookInbox.handleNext: ConnectionError (ECONNREFUSED)")
      assert.notInclude(log.lines.join(), "sentinel")
    }).pipe(Effect.provide(Layer.provideMerge(failing, log.layer)))
  })

  it("needs what its handler needs, and the inbox", () => {
    const lookAgain = layerHandler(Effect.fnUntraced(function*(event: WebhookEvent) {
      const refunds = yield* Refunds
      yield* Effect.addFinalizer(() => Effect.log(event.event))
      yield* Stream.runDrain(refunds.many([]))
    }))
    expectTypeOf(lookAgain).toEqualTypeOf<Layer.Layer<never, never, WebhookInbox | Refunds>>()
    expectTypeOf(layerHandler(() => Effect.void)).toEqualTypeOf<Layer.Layer<never, never, WebhookInbox>>()
  })
})
