/**
 * Where refunds are written down before they are sent, and what became of them.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import type { MigrationError } from "effect/sql/Migrator"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type * as Stream from "effect/Stream"
import { makeMemoryJournal } from "./internal/refunds/memoryJournal.ts"
import { makeSqlJournal } from "./internal/refunds/sqlJournal.ts"
import { migrate } from "./internal/refunds/sqlMigrations.ts"
import type { OrderId } from "./OrderId.ts"
import type { RefundEntry } from "./RefundEntry.ts"
import type { RefundKey } from "./RefundKey.ts"
import type { RefundJournalError } from "./RefundsError.ts"

/**
 * What became of a write:
 *
 * - `"written"`: it is kept, even if the process ends now;
 * - `"changed"`: somebody else wrote this key first; read it again;
 * - `"busy"`: another refund of the order is open, and this one would be the second.
 */
export type Written = "written" | "changed" | "busy"

/**
 * The journal of refunds: what `Refunds` writes before a refund is sent, and after.
 *
 * An implementation must keep two promises, across processes too. `write` replaces the revision before the entry's own
 * and no other. And of all entries of an order, at most one is open (`preparing`, `sending` or `in doubt`): this is
 * what makes two workers take turns.
 */
export class RefundJournal extends Context.Service<RefundJournal, {
  /** The refund of a key, if there is one. */
  readonly find: (key: RefundKey) => Effect.Effect<Option.Option<RefundEntry>, RefundJournalError>
  /** All refunds of an order. */
  readonly ofOrder: (orderId: OrderId) => Effect.Effect<ReadonlyArray<RefundEntry>, RefundJournalError>
  /** Writes an entry: a new one with revision 1, or the next revision of an existing one. */
  readonly write: (entry: RefundEntry) => Effect.Effect<Written, RefundJournalError>
  /** The refunds that are open, the oldest first. Those that are on their way are among them. */
  readonly open: Stream.Stream<RefundEntry, RefundJournalError>
  /**
   * Fails where no refund may begin: a journal in a database refuses within a transaction of the caller, which would take
   * back what was written before the refund was sent. It is asked before anything else.
   */
  readonly mayBegin?: Effect.Effect<void, RefundJournalError> | undefined
}>()("effect-flexfactor/RefundJournal") {}

/**
 * A journal that lives as long as the program: for tests, and for programs that need no memory after a crash.
 */
export const layerMemory: Layer.Layer<RefundJournal> = Layer.sync(RefundJournal, makeMemoryJournal)

/** How a journal in a database is set up. */
export interface SqlOptions {
  /**
   * Whether to make the tables where they are missing; `true` by default. With `false` they must be there already, made
   * by a program with more rights.
   */
  readonly migrate?: boolean | undefined
}

/**
 * A journal in a database, which outlives the program and is shared by all that use it: PostgreSQL or SQLite, over any
 * `SqlClient` of Effect.
 *
 * It makes its table, `flexfactor_refunds`, and one to count its versions, `flexfactor_migrations`; several programs
 * may do so at the same moment. Amounts are whole cents, times are ISO 8601 in UTC, and what is not known is NULL, so
 * you can query it by hand. A write within a transaction (`sql.withTransaction`) takes effect when that commits, so a
 * write that marks a refund as being sent is refused there.
 *
 * The database must not report as kept what it has not written to disk: leave PostgreSQL's `synchronous_commit` on and
 * SQLite's `synchronous` at `FULL`.
 *
 * @example
 * ```ts
 * import { PgClient } from "@effect/sql-pg"
 * import { Layer, Redacted } from "effect"
 * import { RefundJournal } from "effect-flexfactor"
 *
 * const journal = RefundJournal.layerSql().pipe(
 *   Layer.provide(PgClient.layer({ url: Redacted.make("postgres://shop@localhost/shop") }))
 * )
 * ```
 */
export const layerSql = (
  options: SqlOptions = {}
): Layer.Layer<RefundJournal, MigrationError | SqlError, SqlClient> =>
  Layer.effect(
    RefundJournal,
    options.migrate === false ? makeSqlJournal : Effect.andThen(migrate, makeSqlJournal)
  )
