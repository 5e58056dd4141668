/**
 * What the inbox does when the server ends its connection in the middle of a transaction, as an administrator, a failover
 * or a limit on idle transactions does.
 */
import { PgClient } from "@effect/sql-pg"
import { assert, describe } from "@effect/vitest"
import { DateTime, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { inspect } from "node:util"
import { layerSql, WebhookInbox } from "../../src/WebhookInbox.ts"
import { layerSql as layerNonces } from "../../src/WebhookNonces.ts"
import * as WebhookRoute from "../../src/WebhookRoute.ts"
import { itOnPostgres, layerPostgres, postgresDatabase, postgresSchema } from "../support/postgres.ts"
import { options, sign } from "./deliveries.ts"
import { eventOf, handleRest, inboxOver, keep, makeLog, run } from "./inboxes.ts"

const sentinel = "sentinel-4111-1111"

/** Has the server end the connection that writes a row of a table. */
const endAt = Effect.fnUntraced(function*(table: string) {
  yield* run(`CREATE OR REPLACE FUNCTION ending() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NEW; END $$`)
  yield* run(`CREATE TRIGGER ending BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ending()`)
  return run(`DROP TRIGGER ending ON ${table}`)
})

const inbox = Layer.unwrap(Effect.map(postgresSchema, (schema) => inboxOver(layerPostgres(schema))))

describe("An inbox whose connection is ended while it keeps a delivery", () => {
  for (const table of ["nonces", "events", "queue"]) {
    itOnPostgres(
      `says so, shows nothing of the event, and keeps it when it comes again: ${table}`,
      () =>
        Effect.gen(function*() {
          const event = eventOf("order.refunded", { data: { card: sentinel } })
          const mend = yield* endAt(`flexfactor_webhook_${table}`)
          const exit = yield* Effect.exit(keep(event, "n"))
          const error = yield* Effect.flip(exit)
          assert.match(error.message, /^WebhookInbox\.keep: \w+Error( \(\w+\))?$/)
          assert.notInclude(inspect(exit, { depth: Infinity }), sentinel)
          yield* mend
          assert.strictEqual(yield* keep(event, "n"), "new")
          assert.deepStrictEqual(yield* handleRest, ["order.refunded"])
        }).pipe(Effect.provide(inbox))
    )
  }

  itOnPostgres("fails within a transaction of the caller too", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const mend = yield* endAt("flexfactor_webhook_events")
      const failures: Array<string> = []
      yield* Effect.exit(sql.withTransaction(
        Effect.tapError(keep(eventOf("order.refunded")), ({ _tag }) => Effect.sync(() => failures.push(_tag)))
      ))
      assert.deepStrictEqual(failures, ["WebhookInboxError"])
      yield* mend
    }).pipe(Effect.provide(inbox)))

  itOnPostgres("has its route answer 503", () => {
    const log = makeLog()
    return Effect.gen(function*() {
      const inbox = yield* WebhookInbox
      const mend = yield* endAt("flexfactor_webhook_events")
      const { body, headers } = yield* sign({ date: yield* DateTime.now })
      const { dispose, handler } = WebhookRoute.toWebHandler(
        options,
        Layer.merge(Layer.succeed(WebhookInbox, inbox), log.layer)
      )
      const request = () => new Request("https://shop.example/", { method: "POST", headers, body })
      assert.strictEqual((yield* Effect.promise(() => handler(request()))).status, 503)
      yield* mend
      assert.strictEqual((yield* Effect.promise(() => handler(request()))).status, 200)
      assert.lengthOf(log.lines, 1)
      yield* Effect.promise(dispose)
    }).pipe(Effect.provide(inbox))
  })
})

describe("Tables whose connection is ended while they are made", () => {
  const tables = [
    ["the nonces", Effect.asVoid(Layer.build(layerNonces()))],
    ["the inbox", Effect.asVoid(Layer.build(layerSql()))]
  ] as const
  for (const [name, make] of tables) {
    itOnPostgres(`say so, and are made once it lasts: ${name}`, () =>
      Effect.gen(function*() {
        const client = PgClient.layer({ url: Redacted.make(yield* postgresDatabase) })
        const making = Effect.provide(make, Layer.fresh(client))
        yield* Effect.gen(function*() {
          yield* run(`CREATE FUNCTION ending() RETURNS event_trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); END $$`)
          yield* run(
            "CREATE EVENT TRIGGER ending ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION ending()"
          )
          const error = yield* Effect.flip(making)
          assert.include(["SqlError", "MigrationError"], error._tag)
          yield* run("DROP EVENT TRIGGER ending")
          yield* making
        }).pipe(Effect.provide(Layer.fresh(client)))
      }).pipe(Effect.scoped))
  }
})
