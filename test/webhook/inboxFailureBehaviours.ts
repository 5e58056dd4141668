/**
 * What every inbox in a database does while the database fails.
 */
import { assert } from "@effect/vitest"
import { Cause, DateTime, Effect, Exit, Layer, type Scope, Stream } from "effect"
import type { SqlClient } from "effect/sql"
import { inspect } from "node:util"
import type { WebhookEvent } from "../../src/WebhookEvent.ts"
import { layerHandler, WebhookInbox } from "../../src/WebhookInbox.ts"
import { type Client, Due, eventOf, handleNext, inboxOver, keep, makeLog, orderId, run, without } from "./inboxes.ts"
import type { Declare } from "./inboxKeepingBehaviours.ts"

/** A text that stands for a customer's data. */
const sentinel = "sentinel-4111-1111"

const secret = eventOf(`order.${sentinel}`, { data: { card: sentinel } })

/** Checks that a call fails with the inbox's error, and that nothing shows what the event says. */
const assertSilent = Effect.fnUntraced(function*<A, E, R>(call: Effect.Effect<A, E, R>) {
  const exit = yield* Effect.exit(call)
  if (Exit.isSuccess(exit)) return assert.fail("it did not fail")
  const error: unknown = Cause.squash(exit.cause)
  assert.strictEqual(Reflect.get(Object(error), "_tag"), "WebhookInboxError")
  for (const shown of [inspect(exit, { depth: Infinity, showHidden: true }), JSON.stringify(exit), String(error)]) {
    assert.notInclude(shown, sentinel)
  }
})

const waitFor = (isSo: () => boolean) =>
  Effect.gen(function*() {
    while (!isSo()) yield* Effect.sleep("10 millis")
  })

/** How the database is made to quote the rows of a table when they are written. */
export type Quoting = (table: "events" | "queue") => ReadonlyArray<string>

export const declareFailureBehaviours = (
  declare: Declare,
  newDatabase: Effect.Effect<Client, unknown, Scope.Scope>,
  quoting: Quoting
): void => {
  const check = (
    name: string,
    test: (
      log: ReturnType<typeof makeLog>
    ) => Effect.Effect<void, unknown, WebhookInbox | Due | SqlClient.SqlClient | Scope.Scope>
  ): void =>
    declare(name, () =>
      Effect.gen(function*() {
        const log = makeLog()
        // Handlers end before the database is closed.
        yield* test(log).pipe(
          Effect.scoped,
          Effect.provide(Layer.provideMerge(inboxOver(yield* newDatabase), log.layer))
        )
        assert.notInclude(log.lines.join("\n"), sentinel)
      }))

  check("says nothing of an event where the database quotes it", () =>
    Effect.gen(function*() {
      yield* keep(eventOf("order.expired"))
      yield* Effect.forEach(quoting("events"), run)
      yield* assertSilent(keep(secret))
      yield* without("events", WebhookInbox.use((inbox) => assertSilent(inbox.ofOrder(orderId))))
      yield* without("events", assertSilent(handleNext))
      yield* without("nonces", assertSilent(keep(secret)))
    }))

  check(
    "logs that the queue cannot be read, nothing of what it says, and not over and over",
    (log) =>
      Effect.gen(function*() {
        const handled: Array<string> = []
        yield* keep(secret)
        yield* Effect.forEach(quoting("queue"), run)
        yield* Layer.build(layerHandler(({ event }) => Effect.sync(() => handled.push(event))))
        yield* waitFor(() => log.lines.length > 0)
        // The queue tries again twice a second.
        yield* Effect.sleep("1300 millis")
        assert.lengthOf(log.lines, 1)
        assert.match(log.lines[0] ?? "", /WebhookInbox: its queue cannot be read or written: \w+Error \(\w+\)".*"WARN"/)
        assert.deepStrictEqual(handled, [])
      })
  )

  check("goes on once the queue is back, with what was kept before and after", (log) =>
    Effect.gen(function*() {
      const begun: Array<string> = []
      const handled: Array<string> = []
      let isHeld = true
      yield* Layer.build(
        layerHandler(Effect.fnUntraced(function*({ event }) {
          begun.push(event)
          yield* waitFor(() => !isHeld)
          handled.push(event)
        }))
      )
      yield* keep(eventOf("before"))
      yield* waitFor(() => begun.length === 1)
      yield* without(
        "queue",
        Effect.gen(function*() {
          // It is done, and cannot be written down.
          isHeld = false
          assert.strictEqual((yield* Effect.flip(keep(eventOf("during"))))._tag, "WebhookInboxError")
          yield* waitFor(() => log.lines.length > 0 && handled.length === 1)
        })
      )
      assert.strictEqual(yield* keep(eventOf("during")), "new")
      yield* waitFor(() => handled.length === 2)
      assert.deepStrictEqual(handled, ["before", "during"])
      assert.deepStrictEqual(begun, handled, "what was done does not come again")
    }))

  check("goes on once the events are back", (log) =>
    Effect.gen(function*() {
      const handled: Array<string> = []
      const { events } = yield* WebhookInbox
      yield* keep(eventOf("kept"))
      yield* without(
        "events",
        Effect.gen(function*() {
          yield* assertSilent(Stream.runDrain(events))
          yield* Layer.build(layerHandler(({ event }) => Effect.sync(() => handled.push(event))))
          yield* waitFor(() => log.lines.length > 0)
        })
      )
      yield* yield* Due
      yield* waitFor(() => handled.length > 0)
      assert.deepStrictEqual(handled, ["kept"])
      assert.match(log.lines[0] ?? "", /WebhookInbox.handleNext: \w+Error \(\w+\)".*"WARN"/)
    }))

  check("writes nothing of a handler's failure into the database", () =>
    Effect.gen(function*() {
      yield* keep(eventOf("order.refunded"))
      const { events, handleNext } = yield* WebhookInbox
      yield* Effect.flip(handleNext(() => Effect.fail(sentinel)))
      yield* keep(eventOf("order.expired"))
      yield* Effect.flip(Stream.runForEach(events, () => Effect.fail(sentinel)))
      const rows = yield* run("SELECT * FROM flexfactor_webhook_queue")
      assert.lengthOf(rows, 2)
      assert.notInclude(inspect(rows), sentinel)
    }))

  check("dies of what is wrong with the program, and keeps nothing", () =>
    Effect.gen(function*() {
      const inbox = yield* WebhookInbox
      const defect = new Error("a defect")
      const event = (): WebhookEvent => {
        throw defect
      }
      const delivery = {
        nonce: "n",
        expiresAt: yield* DateTime.now,
        get event() {
          return event()
        }
      }
      const exit = yield* Effect.exit(inbox.keep(delivery))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause) && Cause.squash(exit.cause) === defect)
      assert.strictEqual(yield* keep(eventOf("order.refunded"), "n"), "new")
    }))
}
