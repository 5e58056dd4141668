import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Redacted, type Scope } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { join } from "node:path"
import * as NodeSqlite from "../../src/NodeSqlite.ts"
import { layerMemory, layerSql, WebhookNonces } from "../../src/WebhookNonces.ts"
import { temporaryFolder } from "../journal/temporaryFolder.ts"
import { itOnPostgres, layerPostgres, postgresSchema } from "../support/postgres.ts"
import { now } from "./deliveries.ts"
import { type SetClock, withMovableClock } from "./movableClock.ts"
import { declareNonceBehaviours } from "./nonceBehaviours.ts"

type Client = Layer.Layer<SqlClient.SqlClient, SqlError.SqlError>
type Declare = (name: string, test: () => Effect.Effect<void, unknown, Scope.Scope>) => void

const noncesOver = (client: Client) => Layer.provideMerge(layerSql(), Layer.fresh(client))

const later = DateTime.add(now, { minutes: 10 })

const isNew = (nonce: string, expiresAt = later) => WebhookNonces.use((nonces) => nonces.isNew(nonce, expiresAt))

const count = SqlClient.SqlClient.use((sql) => sql`SELECT nonce FROM flexfactor_webhook_nonces`).pipe(
  Effect.map((rows) => rows.length)
)

const declareSqlBehaviours = (
  declare: Declare,
  newDatabase: Effect.Effect<Client, unknown, Scope.Scope>,
  noTable: string
): void => {
  declareNonceBehaviours(declare, Layer.unwrap(Effect.map(newDatabase, noncesOver)))

  const check = (
    name: string,
    test: (client: Client, itIsNow: SetClock) => Effect.Effect<void, unknown, Scope.Scope>
  ): void =>
    declare(name, () => withMovableClock((itIsNow) => Effect.flatMap(newDatabase, (client) => test(client, itIsNow))))

  check(
    "tells several programs, and one after a restart, what came before",
    (client, itIsNow) =>
      Effect.gen(function*() {
        yield* itIsNow()
        const program = Effect.provide(isNew("n"), noncesOver(client))
        const answers = yield* Effect.all([program, program, program, program, program], { concurrency: "unbounded" })
        assert.lengthOf(answers.filter((answer) => answer), 1)
        assert.isFalse(yield* program)
      })
  )

  check(
    "makes no table where it is told not to, says so, and works on those that are there",
    (client, itIsNow) =>
      Effect.gen(function*() {
        yield* itIsNow()
        const nonces = Layer.provide(layerSql({ migrate: false }), Layer.fresh(client))
        const error = yield* Effect.flip(Effect.provide(isNew("sentinel-nonce"), nonces))
        assert.strictEqual(error._tag, "WebhookNonceError")
        assert.strictEqual(error.message, `WebhookNonces.isNew: ${noTable}`)
        yield* Effect.provide(Effect.void, noncesOver(client))
        assert.isTrue(yield* Effect.provide(isNew("n"), Layer.fresh(nonces)))
      })
  )

  check("takes a nonce with the caller's transaction, or not at all", (client, itIsNow) =>
    Effect.gen(function*() {
      yield* itIsNow()
      const sql = yield* SqlClient.SqlClient
      yield* Effect.flip(sql.withTransaction(Effect.andThen(isNew("n"), Effect.fail("undone"))))
      assert.isTrue(yield* sql.withTransaction(isNew("n")))
      assert.isFalse(yield* sql.withTransaction(isNew("n")))
    }).pipe(Effect.provide(noncesOver(client))))

  check("removes what expired, and keeps the rest", (client, itIsNow) =>
    Effect.gen(function*() {
      yield* itIsNow()
      yield* Effect.forEach(Array.from({ length: 20 }), (_, n) => isNew(`n-${n}`))
      yield* isNew("kept", DateTime.add(now, { days: 1 }))
      yield* itIsNow(9 * 60_000)
      yield* isNew("early")
      assert.strictEqual(yield* count, 22)
      yield* itIsNow(11 * 60_000)
      assert.isTrue(yield* isNew("late"))
      assert.strictEqual(yield* count, 2)
      assert.isFalse(yield* isNew("kept"))
    }).pipe(Effect.provide(noncesOver(client))))
}

describe("Nonces in memory", () => {
  declareNonceBehaviours(it.live, layerMemory)
})

describe("Nonces in SQLite", () => {
  declareSqlBehaviours(
    it.live,
    Effect.map(temporaryFolder, (folder) => NodeSqlite.layer({ filename: join(folder, "nonces.db"), busyTimeout: 20 })),
    "UnknownError (1)"
  )
})

describe("Nonces in PostgreSQL", () => {
  declareSqlBehaviours(
    itOnPostgres,
    Effect.map(postgresSchema, (schema) => layerPostgres(schema)),
    "SqlSyntaxError (42P01)"
  )

  itOnPostgres("say that the server cannot be reached, and not where it is", () =>
    Effect.gen(function*() {
      const schema = yield* postgresSchema
      yield* Effect.provide(Effect.void, noncesOver(layerPostgres(schema)))
      const url = Redacted.make("postgres://shop:sentinel@127.0.0.1:1/shop")
      const error = yield* isNew("n").pipe(
        Effect.provide(Layer.provide(layerSql({ migrate: false }), PgClient.layer({ url }))),
        Effect.flip
      )
      assert.match(JSON.stringify(error), /ConnectionError/)
      assert.notInclude(JSON.stringify(error), "sentinel")
    }))

  itOnPostgres(
    "do not wait for another program that removes what expired",
    () =>
      withMovableClock(Effect.fnUntraced(function*(itIsNow) {
        yield* itIsNow()
        const client = layerPostgres(yield* postgresSchema)
        const program = Effect.gen(function*() {
          const sql = yield* SqlClient.SqlClient
          yield* isNew("old")
          yield* itIsNow(20 * 60_000)
          yield* sql.withTransaction(Effect.gen(function*() {
            yield* sql`SELECT * FROM flexfactor_webhook_nonces FOR UPDATE`
            assert.isTrue(yield* Effect.provide(isNew("new"), noncesOver(client)))
          }))
        })
        yield* Effect.provide(program, noncesOver(client))
      }))
  )
})
