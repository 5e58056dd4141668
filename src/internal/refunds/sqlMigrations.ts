/**
 * The schema of the journal in a database. The statements are the same for PostgreSQL and SQLite.
 *
 * Plain columns, so that the refunds can be queried by hand: amounts are whole cents, times are ISO 8601 in UTC with
 * milliseconds (they sort as they are), and what is not known is NULL. A unique index sees to it that at most one refund
 * of an order is open, whichever program writes.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** What an open refund is, word for word: an index is used only by a query that names its condition as it does. */
export const isOpenCondition = "state IN ('preparing', 'sending', 'in doubt')"

const statements = [
  `CREATE TABLE flexfactor_refunds (
  key text NOT NULL PRIMARY KEY,
  order_id text NOT NULL,
  amount bigint NOT NULL,
  message text,
  charged bigint,
  balance bigint,
  state text NOT NULL CHECK (
    state IN ('preparing', 'sending', 'in doubt', 'refunded', 'rejected', 'not applied', 'not sent')
  ),
  revision bigint NOT NULL CHECK (revision > 0),
  sends bigint NOT NULL,
  send_ends_at text NOT NULL,
  doubt text,
  answer text,
  status bigint,
  code text,
  transaction_id text,
  trace_id text,
  request_id text,
  before_at text NOT NULL,
  before_status text,
  before_refunded bigint,
  before_refundable bigint,
  latest_at text,
  latest_status text,
  latest_refunded bigint,
  latest_refundable bigint,
  unchanged_since text,
  confirmed_by text,
  note text,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  CHECK (amount > 0 OR amount = 0 AND state IN ('preparing', 'not sent'))
)`,
  `CREATE UNIQUE INDEX flexfactor_refunds_one_open ON flexfactor_refunds (order_id) WHERE ${isOpenCondition}`,
  `CREATE INDEX flexfactor_refunds_open ON flexfactor_refunds (created_at, key) WHERE ${isOpenCondition}`,
  "CREATE INDEX flexfactor_refunds_order ON flexfactor_refunds (order_id)"
]

const loader = Migrator.fromRecord({
  "1_refunds": Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => Effect.forEach(statements, (statement) => sql.unsafe(statement), { discard: true })
  )
})

/** The number of the last migration. */
const latest = 1

const table = "flexfactor_migrations"

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
