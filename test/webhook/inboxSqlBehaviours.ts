/**
 * What every inbox in a database does besides.
 */
import { assert } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, type Scope, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { layerSql, WebhookInbox } from "../../src/WebhookInbox.ts"
import * as WebhookNonces from "../../src/WebhookNonces.ts"
import {
  type Client,
  type Due,
  eventOf,
  handleNext,
  handleRest,
  inboxOver,
  keep,
  orderId,
  run,
  start,
  without
} from "./inboxes.ts"
import type { Declare } from "./inboxKeepingBehaviours.ts"

/** How many nonces, events and places in the queue there are. */
const counts = Effect.forEach(
  ["nonces", "events", "queue"],
  (table) => Effect.map(run(`SELECT * FROM flexfactor_webhook_${table}`), (rows) => rows.length)
)

const within = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  SqlClient.SqlClient.use((sql) => sql.withTransaction(effect))

export const declareSqlBehaviours = (
  declare: Declare,
  newDatabase: Effect.Effect<Client, unknown, Scope.Scope>,
  /** A time that is so many minutes ago. */
  ago: (minutes: number) => string
): void => {
  const check = (name: string, test: (client: Client) => Effect.Effect<void, unknown, Scope.Scope>): void =>
    declare(name, () => Effect.flatMap(newDatabase, test))

  const checkOne = (
    name: string,
    test: Effect.Effect<void, unknown, WebhookInbox | Due | SqlClient.SqlClient | Scope.Scope>
  ): void => check(name, (client) => Effect.provide(test, inboxOver(client)))

  for (const table of ["nonces", "events", "queue"] as const) {
    checkOne(
      `keeps nothing of a delivery where a part of it cannot be kept: ${table}`,
      Effect.gen(function*() {
        const delivery = keep(eventOf("order.refunded"), "n")
        const error = yield* Effect.flip(without(table, delivery))
        assert.strictEqual(error._tag, "WebhookInboxError")
        assert.deepStrictEqual(yield* counts, [0, 0, 0])
        assert.strictEqual(yield* delivery, "new")
        assert.deepStrictEqual(yield* counts, [1, 1, 1])
        assert.deepStrictEqual(yield* handleRest, ["order.refunded"])
      })
    )
  }

  checkOne(
    "keeps a delivery with the caller's transaction, or not at all",
    Effect.gen(function*() {
      const delivery = keep(eventOf("order.refunded"), "n")
      const kept = yield* Deferred.make<void>()
      const waiting = yield* Effect.forkChild(Effect.tap(handleNext, Deferred.succeed(kept, undefined)))
      yield* Effect.flip(within(Effect.andThen(delivery, Effect.fail("undone"))))
      assert.deepStrictEqual(yield* counts, [0, 0, 0])
      yield* within(Effect.gen(function*() {
        assert.strictEqual(yield* delivery, "new")
        yield* Effect.flip(within(Effect.andThen(keep(eventOf("undone")), Effect.fail("undone"))))
        assert.isFalse(yield* Deferred.isDone(kept))
      }))
      assert.strictEqual(yield* Fiber.join(waiting), "order.refunded")
      assert.deepStrictEqual(yield* handleRest, [])
    })
  )

  checkOne(
    "hands nothing over within a transaction, and says so",
    Effect.gen(function*() {
      yield* keep(eventOf("order.refunded"))
      const { events } = yield* WebhookInbox
      for (const call of [handleNext, Stream.runDrain(events)]) {
        const error = yield* Effect.flip(within(call))
        assert.match(error.message, /^WebhookInbox\.(handleNext|events): it is called within a transaction$/)
      }
      const handled = WebhookInbox.use((inbox) => inbox.handleNext(() => within(counts)))
      assert.deepStrictEqual(yield* handled, [1, 1, 1], "a handler may use one")
    })
  )

  checkOne(
    "holds no event back with which a stream is done",
    Effect.gen(function*() {
      const { events } = yield* WebhookInbox
      yield* Effect.forEach(["a", "b", "c"], (name) => keep(eventOf(name)))
      const states = Effect.map(
        run("SELECT state FROM flexfactor_webhook_queue ORDER BY sequence"),
        (rows) => rows.map((row) => Reflect.get(row, "state"))
      )
      const seen: Array<unknown> = []
      yield* Stream.runForEach(
        Stream.take(events, 2),
        () => Effect.map(states, (now) => seen.push(now))
      )
      assert.deepStrictEqual(seen, [["pending", "pending", "pending"], ["completed", "pending", "pending"]])
      assert.deepStrictEqual(yield* states, ["completed", "completed", "pending"])
    })
  )

  check("makes its tables beside those of the nonces, while other programs do", (client) =>
    Effect.gen(function*() {
      const nonces = Effect.scoped(Layer.build(Layer.provide(WebhookNonces.layerSql(), Layer.fresh(client))))
      const inbox = Effect.map(start(client), ({ run }) => run)
      const [, first] = yield* Effect.all([nonces, inbox, inbox, nonces, inbox], { concurrency: "unbounded" })
      assert.strictEqual(yield* first(keep(eventOf("order.refunded"), "n")), "new")
      yield* nonces
      assert.deepStrictEqual(yield* first(counts), [1, 1, 1])
    }))

  check(
    "makes no table where it is told not to, says so, and works on those that are there",
    (client) =>
      Effect.gen(function*() {
        const inbox = Layer.fresh(Layer.provideMerge(layerSql({ migrate: false }), Layer.fresh(client)))
        const error = yield* Effect.flip(Effect.provide(Effect.void, inbox))
        assert.strictEqual(error._tag, "SqlError")
        const { run: runThere } = yield* start(client)
        yield* runThere(keep(eventOf("order.refunded")))
        assert.strictEqual(yield* Effect.provide(handleNext, inbox), "order.refunded")
      })
  )

  checkOne(
    "goes on past an event that was removed, and keeps in the queue one that it cannot read",
    Effect.gen(function*() {
      yield* keep(eventOf("removed"))
      yield* keep(eventOf("broken"))
      yield* run("DELETE FROM flexfactor_webhook_events WHERE event_name = 'removed'")
      yield* run("UPDATE flexfactor_webhook_events SET event = '{}' WHERE event_name = 'broken'")
      const error = yield* Effect.flip(handleNext)
      assert.strictEqual(error.message, "WebhookInbox.handleNext: column event is not as expected")
      assert.strictEqual(
        (yield* Effect.flip(WebhookInbox.use((inbox) => inbox.ofOrder(orderId)))).reason,
        "column event is not as expected"
      )
      yield* run("DELETE FROM flexfactor_webhook_events")
      yield* keep(eventOf("broken"))
      assert.deepStrictEqual(yield* handleRest, ["broken", "broken"])
    })
  )

  check(
    "takes out of the queue what is done for more than a day, and does not forget it",
    (client) =>
      Effect.gen(function*() {
        const first = yield* start(client)
        yield* first.run(keep(eventOf("handled")))
        yield* first.run(keep(eventOf("handled.later")))
        assert.strictEqual(yield* first.run(handleNext), "handled")
        yield* first.run(
          run(`UPDATE flexfactor_webhook_queue SET created_at = ${ago(50 * 60)}, updated_at = ${ago(25 * 60)}`)
        )
        assert.strictEqual(yield* first.run(handleNext), "handled.later")
        const second = yield* start(client)
        while ((yield* second.run(counts))[2] !== 1) yield* Effect.sleep("10 millis")
        assert.deepStrictEqual(yield* second.run(counts), [2, 2, 1])
        assert.strictEqual(yield* second.run(keep(eventOf("handled"))), "redelivered")
        assert.deepStrictEqual(yield* second.run(handleRest), [])
      })
  )
}
