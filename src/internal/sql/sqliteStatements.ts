/**
 * The statements of a database that stay prepared.
 *
 * Some SQL is never the same twice, such as that of Effect's queue, which has a new id in it once a second. So the
 * statement that was not used for longest is let go when there are too many.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite"

const most = 100

/** Prepares SQL, or finds it prepared. */
export const makeStatements = (database: DatabaseSync): (sql: string) => StatementSync => {
  /** The one that was used last is the last one. */
  const statements = new Map<string, StatementSync>()
  return (sql) => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.delete(sql)
    statements.set(sql, statement)
    for (const oldest of statements.keys()) {
      if (statements.size <= most) break
      statements.delete(oldest)
    }
    return statement
  }
}
