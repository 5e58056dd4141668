/// <reference types="node" />
/**
 * A database in a file, without any set-up: Effect's `SqlClient` on the SQLite that comes with Node.
 *
 * Effect has drivers of its own for SQLite, and none of them loads with Effect 4.1 yet. Once one does, it serves as well:
 * whatever needs a database here needs any `SqlClient`.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type * as SqlConnection from "effect/sql/SqlConnection"
import type * as SqlError from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { attempt, sqliteError } from "./internal/sql/sqliteError.ts"
import { holdExclusively } from "./internal/sql/sqliteExclusive.ts"
import { makeStatements } from "./internal/sql/sqliteStatements.ts"

/**
 * Where the database is, and how it is used.
 *
 * - `filename`: made if it is missing; SQLite keeps files beside it, and it must be on a local disk. `":memory:"` is a
 *   database that is gone with the program. It must not be empty.
 * - `readOnly`: nothing is written.
 * - `exclusive`: only one process that sets this may use the file at a time. Another waits for `busyTimeout`, then fails.
 *   However the process ends, the next one is let in. Programs that do not set this are let in at any time.
 * - `busyTimeout`: how long to wait while another connection writes, in milliseconds; 5000. The whole thread waits.
 */
export interface NodeSqliteOptions {
  readonly filename: string
  readonly readOnly?: boolean | undefined
  readonly exclusive?: boolean | undefined
  readonly busyTimeout?: number | undefined
}

const isLocked = ({ reason }: SqlError.SqlError): boolean => reason._tag === "LockTimeoutError"

/** A database that is to be gone with the program: it has no log. */
const isInMemory = (filename: string): boolean => filename === ":memory:"

/** SQLite does not wait where two connections turn a new file to its log at once: one of them is refused there and then. */
const useLog = (database: DatabaseSync, busyTimeout: number): Effect.Effect<unknown, SqlError.SqlError> =>
  attempt("open", () => database.prepare("PRAGMA journal_mode = WAL").get()?.["journal_mode"]).pipe(
    Effect.retry({
      while: isLocked,
      schedule: Schedule.spaced("20 millis").pipe(Schedule.upTo({ duration: busyTimeout }))
    })
  )

const refuse = (message: string): Effect.Effect<never, SqlError.SqlError> =>
  Effect.fail(sqliteError(undefined, "open", message))

/** The options of a file, completed. */
const complete = ({ busyTimeout = 5_000, exclusive = false, filename, readOnly = false }: NodeSqliteOptions) => ({
  busyTimeout,
  exclusive,
  filename,
  readOnly
})

const openDatabase = Effect.fnUntraced(function*(
  { busyTimeout, exclusive, filename, readOnly }: ReturnType<typeof complete>
): Effect.fn.Return<DatabaseSync, SqlError.SqlError, Scope.Scope> {
  // SQLite takes it for a file that is nobody else's and gone once it is closed.
  if (filename === "") return yield* refuse("filename must not be empty")
  if (exclusive) yield* holdExclusively({ busyTimeout, filename, readOnly })
  const database = yield* Effect.acquireRelease(
    attempt("open", () => new DatabaseSync(filename, { readOnly, timeout: busyTimeout })),
    (database) => Effect.sync(() => database.close())
  )
  if (!readOnly && (yield* useLog(database, busyTimeout)) !== "wal" && !isInMemory(filename)) {
    return yield* refuse(`${filename} cannot have a write-ahead log: it must be a file on a local disk, or ":memory:"`)
  }
  yield* attempt("open", () => database.exec("PRAGMA synchronous = FULL"))
  return database
})

const isInput = (value: unknown): value is SQLInputValue =>
  value === null || ["number", "bigint", "string"].includes(typeof value) || ArrayBuffer.isView(value)

const inputOf = (value: unknown): SQLInputValue => {
  if (isInput(value)) return value
  throw new TypeError(`SQLite has no value for a ${typeof value}`)
}

const isArray = (row: unknown): row is ReadonlyArray<unknown> => Array.isArray(row)

const makeConnection = (database: DatabaseSync): SqlConnection.Connection => {
  const prepared = makeStatements(database)
  const rows = (statement: () => StatementSync, params: ReadonlyArray<unknown>) =>
    attempt("execute", () => statement().all(...params.map(inputOf)))
  // Prepared anew, so that a statement that stays prepared always yields objects.
  const values = (sql: string, params: ReadonlyArray<unknown>) =>
    Effect.map(
      rows(() => {
        const statement = database.prepare(sql)
        statement.setReturnArrays(true)
        return statement
      }, params),
      (rows: ReadonlyArray<unknown>) => rows.filter(isArray)
    )
  return {
    execute: (sql, params, transformRows) =>
      Effect.map(rows(() => prepared(sql), params), (rows) => transformRows?.(rows) ?? rows),
    executeUnprepared: (sql, params, transformRows) =>
      Effect.map(rows(() => database.prepare(sql), params), (rows) => transformRows?.(rows) ?? rows),
    executeRaw: (sql, params) => rows(() => prepared(sql), params),
    executeValues: values,
    executeValuesUnprepared: values,
    executeStream: (sql, params) => Stream.unwrap(Effect.map(rows(() => prepared(sql), params), Stream.fromIterable))
  }
}

const make = Effect.fnUntraced(function*(options: NodeSqliteOptions) {
  const database = yield* openDatabase(complete(options))
  return yield* SqlClient.make({
    ...SqlClient.makeSqliteAcquirers({
      connection: Effect.succeed(makeConnection(database)),
      semaphore: yield* Semaphore.make(1),
      isTransaction: () => database.isTransaction
    }),
    compiler: Statement.makeCompilerSqlite(),
    driver: "node-sqlite",
    beginTransaction: "BEGIN IMMEDIATE",
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    spanAttributes: [["db.system.name", "sqlite"]]
  })
})

/**
 * A client of a database in a file: one connection, which its users take in turns. What it commits is on the disk.
 *
 * @example
 * ```ts
 * import { Layer } from "effect"
 * import { RefundJournal } from "effect-flexfactor"
 * import * as NodeSqlite from "effect-flexfactor/NodeSqlite"
 *
 * const journal = RefundJournal.layerSql().pipe(Layer.provide(NodeSqlite.layer({ filename: "refunds.db" })))
 * ```
 */
export const layer = (options: NodeSqliteOptions): Layer.Layer<SqlClient.SqlClient, SqlError.SqlError> =>
  Layer.effect(SqlClient.SqlClient, make(options)).pipe(Layer.provide(Reactivity.layer))
