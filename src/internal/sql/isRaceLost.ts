/**
 * Whether a statement lost a race that a database decides by failing one of the two, as PostgreSQL does in transactions
 * that are stricter than READ COMMITTED. It kept nothing and can be made again.
 */
import type { SqlError } from "effect/sql/SqlError"

export const isRaceLost = ({ reason }: SqlError): boolean =>
  reason._tag === "SerializationError" || reason._tag === "DeadlockError"
