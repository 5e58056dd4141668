/**
 * The journal in a database, PostgreSQL or SQLite, over Effect's `SqlClient`.
 *
 * The database keeps both promises, not this program: an update names the revision that it replaces, and a unique index
 * refuses a second open refund of an order. Within a transaction of the caller, a write is part of it.
 *
 * What a database says of its failures can hold a customer's data, so of a failure only its kind is passed on.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { RefundJournal, Written } from "../../RefundJournal.ts"
import { RefundJournalError } from "../../RefundsError.ts"
import { failureCode } from "../sql/failureCode.ts"
import { isRaceLost, untilDecided } from "../sql/isRaceLost.ts"
import { isInTransaction, outsideTransaction } from "../sql/transaction.ts"
import { isOpenCondition } from "./sqlMigrations.ts"
import { makeRows, type Row } from "./sqlRow.ts"

/** How many refunds `open` holds at once. */
const pageSize = 100

/** The refund after which a page of `open` begins. */
type Cursor = readonly [createdAt: unknown, key: unknown]

const beginning: Cursor = ["", ""]

type Operation = RefundJournalError["operation"]

const failedTo = (operation: Operation) => (error: SqlError | string): RefundJournalError =>
  new RefundJournalError({
    operation,
    reason: typeof error === "string" ? error : failureCode(error)
  })

/** The journal over a client whose database has the tables of `sqlMigrations.ts`. */
export const makeSqlJournal: Effect.Effect<RefundJournal["Service"], never, SqlClient.SqlClient> = Effect.map(
  SqlClient.SqlClient,
  (client) => {
    // Whatever names the rest of the program gives its columns.
    const sql = client.withoutTransforms()
    const { columnNames, fromRow, toRow } = makeRows()
    const refunds = sql("flexfactor_refunds")
    const columns = sql.csv(columnNames.map((name) => sql`${sql(name)}`))
    const isOpen = sql.literal(isOpenCondition)

    const raced = untilDecided(sql, (error: SqlError | string) => typeof error !== "string" && isRaceLost(error))

    /** Runs what a unique index may refuse, so that PostgreSQL does not give up the caller's transaction with it. */
    const apart = <A>(statement: Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> =>
      Effect.flatMap(isInTransaction(sql), (isIn) => isIn ? sql.withTransaction(statement) : statement)

    const insert = Effect.fnUntraced(function*(row: Row): Effect.fn.Return<Written, SqlError> {
      const inserted = yield* sql`INSERT INTO ${refunds} ${sql.insert(row)} ON CONFLICT DO NOTHING RETURNING revision`
      if (inserted.length > 0) return "written"
      const known = yield* sql`SELECT revision FROM ${refunds} WHERE key = ${row["key"]}`
      return known.length > 0 ? "changed" : "busy"
    })

    const update = (row: Row, previous: number): Effect.Effect<Written, SqlError> =>
      apart(sql`
        UPDATE ${refunds} SET ${sql.update(row, ["key"])}
        WHERE key = ${row["key"]} AND revision = ${previous} RETURNING revision
      `).pipe(
        Effect.map((updated): Written => updated.length > 0 ? "written" : "changed"),
        Effect.catchReason("SqlError", "UniqueViolation", () => Effect.succeed<Written>("busy"))
      )

    /** Where the caller's own work fails, its transaction would forget that a refund was sent. */
    const outlivesTheCaller = ({ state }: RefundEntry): Effect.Effect<void, string> =>
      state === "sending" ? outsideTransaction(sql) : Effect.void

    const decoded = (rows: ReadonlyArray<object>) => Effect.fromResult(Result.all(rows.map(fromRow)))

    const page = Effect.fnUntraced(function*([createdAt, key]: Cursor) {
      const rows = yield* sql`
        SELECT ${columns} FROM ${refunds} WHERE ${isOpen} AND (created_at, key) > (${createdAt}, ${key})
        ORDER BY created_at, key LIMIT ${pageSize}
      `
      const last = rows.length < pageSize ? Option.none() : Arr.last(rows)
      return [yield* decoded(rows), Option.map(last, (row): Cursor => [row["created_at"], row["key"]])] as const
    })

    return {
      find: (key) =>
        sql`SELECT ${columns} FROM ${refunds} WHERE key = ${key}`.pipe(
          Effect.flatMap(decoded),
          Effect.map(Arr.head),
          raced,
          Effect.mapError(failedTo("find"))
        ),
      ofOrder: (orderId) =>
        sql`SELECT ${columns} FROM ${refunds} WHERE order_id = ${orderId} ORDER BY created_at, key`.pipe(
          Effect.flatMap(decoded),
          raced,
          Effect.mapError(failedTo("ofOrder"))
        ),
      write: (entry) =>
        outlivesTheCaller(entry).pipe(
          Effect.andThen(Effect.fromResult(toRow(entry))),
          Effect.flatMap((row) => entry.revision === 1 ? insert(row) : update(row, entry.revision - 1)),
          raced,
          Effect.mapError(failedTo("write"))
        ),
      open: Stream.mapError(Stream.paginate(beginning, page), failedTo("open")),
      mayBegin: Effect.mapError(outsideTransaction(sql), failedTo("write"))
    }
  }
)
