/**
 * Brings tables up to date, however many programs start at once.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"

type Failure = Migrator.MigrationError | SqlError

/** Whether another program is at it: the migrator says so in its own words, a database by its lock. */
const isAtIt = (error: Failure): boolean =>
  error._tag === "MigrationError"
    ? error.kind === "Locked"
    : ["LockTimeoutError", "DeadlockError", "SerializationError"].includes(error.reason._tag)

/** A transaction that cannot be rolled back, such as without its connection, dies of what the database failed with. */
const failing = <A, R>(making: Effect.Effect<A, Failure, R>): Effect.Effect<A, Failure, R> =>
  Effect.catchDefect(
    making,
    (defect) =>
      isSqlError(defect) || defect instanceof Migrator.MigrationError ? Effect.fail(defect) : Effect.die(defect)
  )

/** Makes tables as soon as no other program is at it, for ten seconds at most. */
export const takingTurns = <A, R>(making: Effect.Effect<A, Failure, R>): Effect.Effect<A, Failure, R> =>
  Effect.retry(failing(making), { while: isAtIt, schedule: Schedule.spaced("100 millis"), times: 100 })

/** The statements that make some tables. */
export type Statements = ReadonlyArray<string>

const run = (statements: Statements) =>
  Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => Effect.forEach(statements, (statement) => sql.unsafe(statement), { discard: true })
  )

/**
 * Runs the migrations that were not run yet, in their order, and counts them in a table of the given name: the first is
 * number 1. Programs that start at the same moment take turns, and every one of them returns once all are done.
 */
export const migrate = (
  table: string,
  migrations: ReadonlyArray<readonly [name: string, statements: Statements]>
): Effect.Effect<void, Failure, SqlClient.SqlClient> => {
  const making = Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    const loader = Migrator.fromRecord(
      Object.fromEntries(migrations.map(([name, statements], index) => [`${index + 1}_${name}`, run(statements)]))
    )
    yield* Migrator.make({})({ loader, table })
    // A migrator that finds another one at work returns at once, and what that one does may not be done yet.
    const latest = migrations.length
    const done = yield* sql`SELECT migration_id FROM ${sql(table)} WHERE migration_id = ${latest}`.withoutTransform
    if (done.length > 0) return
    return yield* new Migrator.MigrationError({ kind: "Locked", message: "Another program makes the tables" })
  })
  // Made when it runs: it takes long, and every import would pay for it.
  return Effect.suspend(() => takingTurns(making))
}
