/**
 * What every inbox in a database does besides.
 */
import { assert } from "@effect/vitest"
import { DateTime, Deferred, Effect, Fiber, Layer, type Scope, Stream } from "effect"
import { SqlClient } from "effect/sql"
import * as Webhook from "../../src/Webhook.ts"
import { layerSql, WebhookInbox } from "../../src/WebhookInbox.ts"
import * as WebhookNonces from "../../src/WebhookNonces.ts"
import { options, sign } from "./deliveries.ts"
import {
  type Client,
  type Due,
  eventOf,
  handleNext,
  handleRest,
  inboxOver,
  keep,
  makeLog,
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
    "keeps the event of a delivery whose nonce is there from elsewhere, such as from `receive` on the same database",
    Effect.gen(function*() {
      const verifier = yield* Webhook.make(options)
      const delivery = yield* sign({ date: yield* DateTime.now })
      yield* Effect.provide(verifier.receive(delivery), WebhookNonces.layerSql())
      assert.strictEqual(yield* verifier.keep(delivery), "new")
      assert.strictEqual(yield* verifier.keep(delivery), "replayed")
      assert.deepStrictEqual(yield* handleRest, ["order.refunded"])
    })
  )

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
    "goes on past an event that was removed",
    Effect.gen(function*() {
      yield* keep(eventOf("removed"))
      yield* run("DELETE FROM flexfactor_webhook_events")
      yield* keep(eventOf("kept"))
      assert.deepStrictEqual(yield* handleRest, ["kept"])
    })
  )

  check("goes on past events that it cannot read, says so once, and keeps them in the queue", (client) => {
    const log = makeLog()
    return Effect.gen(function*() {
      const unreadable = Array.from({ length: 20 }, (_, n) => `unreadable.${n}`)
      yield* Effect.forEach(unreadable, (name) => keep(eventOf(name)))
      yield* run("UPDATE flexfactor_webhook_events SET order_id = event, event = '{}'")
      yield* keep(eventOf("order.refunded"))
      yield* keep(eventOf("order.expired"))
      assert.strictEqual(yield* handleNext, "order.refunded")
      const { events } = yield* WebhookInbox
      const streamed = yield* Stream.runCollect(Stream.take(events, 1))
      assert.deepStrictEqual(streamed.map(({ event }) => event), ["order.expired"])
      const said = log.lines.filter((line) => line.includes("cannot read an event"))
      assert.lengthOf(said, 1)
      assert.notInclude(said.join(), "unreadable")
      yield* run("UPDATE flexfactor_webhook_events SET event = order_id WHERE event = '{}'")
      assert.sameMembers([...(yield* handleRest)], unreadable, "a version that can read them handles them")
    }).pipe(Effect.provide(Layer.provideMerge(inboxOver(client), log.layer)))
  })

  checkOne(
    "does not show some events of an order as if they were all, where it cannot read one",
    Effect.gen(function*() {
      yield* keep(eventOf("order.refunded"))
      yield* keep(eventOf("order.expired"))
      yield* run("UPDATE flexfactor_webhook_events SET event = '{}' WHERE event_name = 'order.expired'")
      const error = yield* Effect.flip(WebhookInbox.use((inbox) => inbox.ofOrder(orderId)))
      assert.strictEqual(error.message, "WebhookInbox.ofOrder: column event is not as expected")
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
