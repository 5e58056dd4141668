/**
 * The tables of the queue, `flexfactor_webhook_queue` and one that counts its versions: Effect's own.
 */
import * as Effect from "effect/Effect"
import { makeStoreSql, type PersistedQueueStore } from "effect/persistence/PersistedQueue"
import type * as Scope from "effect/Scope"
import type { MigrationError } from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { takingTurns } from "../sql/migrate.ts"

const table = "flexfactor_webhook_queue"

/** Fails where the queue is not there. */
export const findQueue: Effect.Effect<void, SqlError, SqlClient.SqlClient> = SqlClient.SqlClient.use((sql) =>
  Effect.asVoid(sql`SELECT id FROM ${sql(table)} WHERE 1 = 0`)
)

/** Makes the queue where it is missing. The store itself dies of what goes wrong with that. */
export const makeSqlQueueStore: Effect.Effect<
  PersistedQueueStore["Service"],
  MigrationError | SqlError,
  SqlClient.SqlClient | Scope.Scope
> = takingTurns(makeStoreSql({ tableName: table }))
