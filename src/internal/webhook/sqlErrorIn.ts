/**
 * The failure of a database that stands behind another one: a queue wraps it, and a transaction that cannot be rolled
 * back dies of it.
 */
import * as Cause from "effect/Cause"
import { PersistedQueueError } from "effect/persistence/PersistedQueue"
import { isSqlError, type SqlError } from "effect/sql/SqlError"

export const sqlErrorIn = (value: unknown): SqlError | undefined => {
  if (isSqlError(value)) return value
  if (value instanceof PersistedQueueError) return sqlErrorIn(value.cause)
  if (!Cause.isCause(value)) return undefined
  for (const reason of value.reasons) {
    const found = Cause.isFailReason(reason)
      ? sqlErrorIn(reason.error)
      : Cause.isDieReason(reason)
      ? sqlErrorIn(reason.defect)
      : undefined
    if (found !== undefined) return found
  }
  return undefined
}
