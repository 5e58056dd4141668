/**
 * The schema of the nonces in a database. The statements are the same for PostgreSQL and SQLite. Times are ISO 8601 in
 * UTC with milliseconds: they sort as they are.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

const statements = [
  "CREATE TABLE flexfactor_webhook_nonces (nonce text NOT NULL PRIMARY KEY, expires_at text NOT NULL)",
  "CREATE INDEX flexfactor_webhook_nonces_expiry ON flexfactor_webhook_nonces (expires_at)"
]

const loader = Migrator.fromRecord({
  "1_webhook_nonces": Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => Effect.forEach(statements, (statement) => sql.unsafe(statement), { discard: true })
  )
})

/** The number of the last migration. */
const latest = 1

/** Not the journal's: each counts its own versions, and a program may have one without the other. */
const table = "flexfactor_webhook_migrations"

/** Whether another program is at it: the migrator says so in its own words, a database by its lock. */
const isTakingTurns = (error: Migrator.MigrationError | SqlError): boolean =>
  error._tag === "MigrationError"
    ? error.kind === "Locked"
    : ["LockTimeoutError", "DeadlockError", "SerializationError"].includes(error.reason._tag)

/**
 * Brings the schema up to date. Programs that start at the same moment take turns, and every one of them returns once the
 * schema is there.
 */
export const migrate: Effect.Effect<void, Migrator.MigrationError | SqlError, SqlClient.SqlClient> = Effect.gen(
  function*() {
    const sql = yield* SqlClient.SqlClient
    yield* Migrator.make({})({ loader, table })
    // A migrator that finds another one at work returns at once, and what that one does may not be done yet.
    const done = yield* sql`SELECT migration_id FROM ${sql(table)} WHERE migration_id = ${latest}`.withoutTransform
    if (done.length > 0) return
    return yield* new Migrator.MigrationError({ kind: "Locked", message: "Another program makes the tables" })
  }
).pipe(Effect.retry({ while: isTakingTurns, schedule: Schedule.spaced("100 millis"), times: 100 }))
