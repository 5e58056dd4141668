/**
 * Why the queue failed, as far as it can be shown. It wraps a failure of the database, or dies of it.
 */
import * as Cause from "effect/Cause"
import { PersistedQueueError } from "effect/persistence/PersistedQueue"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { failureCode } from "../sql/failureCode.ts"

const sqlErrorIn = (value: unknown): SqlError | undefined => {
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

/** Such as `ConnectionError (ECONNREFUSED)`. */
export const queueFailure = (failure: PersistedQueueError | Cause.Cause<unknown>): string => {
  const error = sqlErrorIn(failure)
  return error === undefined ? "the queue failed" : failureCode(error)
}
