/**
 * Keeps other processes out of a database in a file, by a lock on a file of its own, so that the database itself stays
 * readable for all.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import { DatabaseSync } from "node:sqlite"
import { attempt } from "./sqliteError.ts"

/** Where a database is, whatever links lead there: text that is empty if it is in memory. The file is made if missing. */
const pathOf = (filename: string, readOnly: boolean): string => {
  const database = new DatabaseSync(filename, { readOnly })
  try {
    return String(database.prepare("PRAGMA database_list").get()?.["file"] ?? "")
  } finally {
    database.close()
  }
}

/** The system ends the hold with the process, however that ends. */
const hold = (path: string, busyTimeout: number): Effect.Effect<void, SqlError, Scope.Scope> =>
  Effect.suspend(() => {
    const refusal =
      `${path} is to be used by one process at a time, and cannot be held: another process holds it, or it `
      + "cannot be written"
    return Effect.acquireRelease(
      attempt("hold", () => new DatabaseSync(`${path}-exclusive`, { timeout: busyTimeout }), refusal),
      (lock) => Effect.sync(() => lock.close())
    ).pipe(
      Effect.flatMap((lock) => attempt("hold", () => lock.exec("BEGIN EXCLUSIVE"), refusal))
    )
  })

/** Holds a database until the scope ends. Waits so many milliseconds for another process that holds it, and then fails. */
export const holdExclusively = (
  { busyTimeout, filename, readOnly }: {
    readonly busyTimeout: number
    readonly filename: string
    readonly readOnly: boolean
  }
): Effect.Effect<void, SqlError, Scope.Scope> =>
  Effect.flatMap(
    attempt("open", () => pathOf(filename, readOnly)),
    (path) => path === "" ? Effect.void : hold(path, busyTimeout)
  )
