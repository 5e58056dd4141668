/**
 * The schema of the journal in a database. The statements are the same for PostgreSQL and SQLite.
 *
 * Plain columns, so that the refunds can be queried by hand: amounts are whole cents, times are ISO 8601 in UTC with
 * milliseconds (they sort as they are), and what is not known is NULL. A unique index sees to it that at most one refund
 * of an order is open, whichever program writes.
 */
import { migrate as migrateTables } from "../sql/migrate.ts"

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
  unshown bigint,
  state text NOT NULL CHECK (
    state IN ('preparing', 'sending', 'in doubt', 'refunded', 'rejected', 'not applied', 'not sent')
  ),
  revision bigint NOT NULL CHECK (revision > 0),
  sends bigint NOT NULL,
  send_id bigint,
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

/** Brings the schema up to date; see `sql/migrate.ts`. */
export const migrate = migrateTables("flexfactor_migrations", [["refunds", statements]])
