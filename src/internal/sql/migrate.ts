/**
 * Brings tables up to date.
 */
import * as Effect from "effect/Effect"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { takingTurns } from "./takingTurns.ts"

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
): Effect.Effect<void, Migrator.MigrationError | SqlError, SqlClient.SqlClient> => {
  const loader = Migrator.fromRecord(
    Object.fromEntries(migrations.map(([name, statements], index) => [`${index + 1}_${name}`, run(statements)]))
  )
  return takingTurns(Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    yield* Migrator.make({})({ loader, table })
    // A migrator that finds another one at work returns at once, and what that one does may not be done yet.
    const latest = migrations.length
    const done = yield* sql`SELECT migration_id FROM ${sql(table)} WHERE migration_id = ${latest}`.withoutTransform
    if (done.length > 0) return
    return yield* new Migrator.MigrationError({ kind: "Locked", message: "Another program makes the tables" })
  }))
}
