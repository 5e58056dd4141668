/**
 * What Node's SQLite throws, as an `SqlError`.
 */
import * as Effect from "effect/Effect"
import * as SqlError from "effect/sql/SqlError"
import { withDefined } from "../withDefined.ts"

/** Node gives SQLite's code as `errcode`; Effect looks for `errno`. */
export const sqliteError = (cause: unknown, operation: string, message?: string): SqlError.SqlError => {
  const known = cause instanceof Error && "errcode" in cause ? Object.assign(cause, { errno: cause.errcode }) : cause
  return new SqlError.SqlError({
    reason: SqlError.classifySqliteError(known, { operation, ...withDefined({ message }) })
  })
}

/** Runs what can throw. The message, if there is one, says it in other words than SQLite. */
export const attempt = <A>(
  operation: string,
  evaluate: () => A,
  message?: string
): Effect.Effect<A, SqlError.SqlError> =>
  Effect.try({ try: evaluate, catch: (cause) => sqliteError(cause, operation, message) })
