/**
 * Effect's `SqlClient` on the SQLite that comes with Node: one connection, which its users take in turns.
 */
import { Effect, Layer, Semaphore, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient, type SqlConnection, SqlError, Statement } from "effect/sql"
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"

export interface NodeSqliteOptions {
  readonly filename: string
  readonly readOnly?: boolean
  /** How long to wait while another connection writes, in milliseconds. The whole thread waits. */
  readonly busyTimeout?: number
}

/** Node gives SQLite's code as `errcode`; Effect looks for `errno`. */
const sqlError = (cause: unknown, operation: string): SqlError.SqlError => {
  const known = cause instanceof Error && "errcode" in cause ? Object.assign(cause, { errno: cause.errcode }) : cause
  return new SqlError.SqlError({ reason: SqlError.classifySqliteError(known, { operation }) })
}

const attempt = <A>(operation: string, evaluate: () => A): Effect.Effect<A, SqlError.SqlError> =>
  Effect.try({ try: evaluate, catch: (cause) => sqlError(cause, operation) })

const openDatabase = ({ busyTimeout = 5_000, filename, readOnly = false }: NodeSqliteOptions) =>
  attempt("open", () => {
    const database = new DatabaseSync(filename, { readOnly, timeout: busyTimeout })
    if (!readOnly) database.exec("PRAGMA journal_mode = WAL")
    database.exec("PRAGMA synchronous = FULL")
    return database
  })

const makeConnection = (database: DatabaseSync): SqlConnection.Connection => {
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const rows = (statement: () => StatementSync, params: ReadonlyArray<unknown>) =>
    attempt("execute", () => statement().all(...params as ReadonlyArray<SQLInputValue>))
  const values = (statement: () => StatementSync, params: ReadonlyArray<unknown>) =>
    Effect.map(rows(statement, params), (rows) => rows.map((row) => Object.values(row)))
  return {
    execute: (sql, params, transformRows) =>
      Effect.map(rows(() => prepared(sql), params), (rows) => transformRows?.(rows) ?? rows),
    executeUnprepared: (sql, params, transformRows) =>
      Effect.map(rows(() => database.prepare(sql), params), (rows) => transformRows?.(rows) ?? rows),
    executeRaw: (sql, params) => rows(() => prepared(sql), params),
    executeValues: (sql, params) => values(() => prepared(sql), params),
    executeValuesUnprepared: (sql, params) => values(() => database.prepare(sql), params),
    executeStream: (sql, params) => Stream.unwrap(Effect.map(rows(() => prepared(sql), params), Stream.fromIterable))
  }
}

const make = Effect.fnUntraced(function*(options: NodeSqliteOptions) {
  const database = yield* Effect.acquireRelease(
    openDatabase(options),
    (database) => Effect.sync(() => database.close())
  )
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

/** A client of the database in a file. */
export const layerNodeSqlite = (
  options: NodeSqliteOptions
): Layer.Layer<SqlClient.SqlClient, SqlError.SqlError> =>
  Layer.effect(SqlClient.SqlClient, make(options)).pipe(Layer.provide(Reactivity.layer))
