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
import * as SqlError from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { makeStatements } from "./internal/sql/sqliteStatements.ts"
import { withDefined } from "./internal/withDefined.ts"

/**
 * Where the database is, and how it is used.
 *
 * - `filename`: made if it is missing; SQLite keeps files beside it, and it must be on a local disk. `":memory:"` is a
 *   database that is gone with the program. It must not be empty.
 * - `readOnly`: nothing is written.
 * - `isAlone`: no other process that asks for the same is let in at the same time. It waits for `busyTimeout`, and then
 *   fails. The system ends the hold with the process, however that ends. Programs that just read are let in.
 * - `busyTimeout`: how long to wait while another connection writes, in milliseconds; 5000. The whole thread waits.
 */
export interface NodeSqliteOptions {
  readonly filename: string
  readonly readOnly?: boolean | undefined
  readonly isAlone?: boolean | undefined
  readonly busyTimeout?: number | undefined
}

/** Node gives SQLite's code as `errcode`; Effect looks for `errno`. */
const sqlError = (cause: unknown, operation: string, message?: string): SqlError.SqlError => {
  const known = cause instanceof Error && "errcode" in cause ? Object.assign(cause, { errno: cause.errcode }) : cause
  return new SqlError.SqlError({
    reason: SqlError.classifySqliteError(known, { operation, ...withDefined({ message }) })
  })
}

const attempt = <A>(operation: string, evaluate: () => A, message?: string): Effect.Effect<A, SqlError.SqlError> =>
  Effect.try({ try: evaluate, catch: (cause) => sqlError(cause, operation, message) })

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
  Effect.fail(sqlError(undefined, "open", message))

const openDatabase = Effect.fnUntraced(function*(
  { busyTimeout = 5_000, filename, readOnly = false }: NodeSqliteOptions
): Effect.fn.Return<DatabaseSync, SqlError.SqlError, Scope.Scope> {
  // SQLite takes it for a file that is nobody else's and gone once it is closed.
  if (filename === "") return yield* refuse("filename must not be empty")
  const database = yield* Effect.acquireRelease(
    attempt("open", () => new DatabaseSync(filename, { readOnly, timeout: busyTimeout })),
    (database) => Effect.sync(() => database.close())
  )
  if (!readOnly && (yield* useLog(database, busyTimeout)) !== "wal" && !isInMemory(filename)) {
    return yield* refuse(`${filename} cannot have a write-ahead log: it must be a file on a local disk`)
  }
  yield* attempt("open", () => database.exec("PRAGMA synchronous = FULL"))
  return database
})

/** Keeps other processes out by a lock on a file of its own, so that the database itself stays readable for all. */
const holdAlone = ({ busyTimeout = 5_000, filename }: NodeSqliteOptions): Effect.Effect<
  void,
  SqlError.SqlError,
  Scope.Scope
> =>
  Effect.asVoid(Effect.acquireRelease(
    attempt(
      "hold",
      () => {
        const lock = new DatabaseSync(`${filename}-alone`, { timeout: busyTimeout })
        lock.exec("BEGIN EXCLUSIVE")
        return lock
      },
      `${filename} is to be used by one process at a time, and cannot be held: another process holds it, or it cannot be `
        + "written"
    ),
    (lock) => Effect.sync(() => lock.close())
  ))

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
  if (options.isAlone === true && options.filename !== ":memory:") yield* holdAlone(options)
  const database = yield* openDatabase(options)
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
