/**
 * The schema of the nonces and of the events in a database. The statements are the same for PostgreSQL and SQLite. Times
 * are ISO 8601 in UTC with milliseconds: they sort as they are.
 *
 * An event is kept as JSON, as it is on the wire, beside the columns that it is found by.
 */
import { migrate as migrateTables } from "../sql/migrate.ts"

/** Not the journal's: each counts its own versions, and a program may have one without the other. */
const table = "flexfactor_webhook_migrations"

const nonces = ["webhook_nonces", [
  "CREATE TABLE flexfactor_webhook_nonces (nonce text NOT NULL PRIMARY KEY, expires_at text NOT NULL)",
  "CREATE INDEX flexfactor_webhook_nonces_expiry ON flexfactor_webhook_nonces (expires_at)"
]] as const

const events = ["webhook_events", [
  `CREATE TABLE flexfactor_webhook_events (
  delivery_key text NOT NULL PRIMARY KEY,
  order_id text,
  event_name text NOT NULL,
  happened_at text NOT NULL,
  received_at text NOT NULL,
  event text NOT NULL
)`,
  "CREATE INDEX flexfactor_webhook_events_order ON flexfactor_webhook_events (order_id, happened_at)"
]] as const

/** Brings the table of the nonces up to date; see `sql/migrate.ts`. */
export const migrate = migrateTables(table, [nonces])

/** Brings the tables of the nonces and of the events up to date; see `sql/migrate.ts`. */
export const migrateInbox = migrateTables(table, [nonces, events])
