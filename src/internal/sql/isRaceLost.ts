/**
 * Whether a database undid a transaction because of another one that ran at the same time. Nothing of it is kept, so it
 * can be tried again.
 */
import type { SqlError } from "effect/sql/SqlError"

/** Holds for databases that do not let a transaction see what another one committed meanwhile, and for deadlocks. */
export const isRaceLost = ({ reason }: SqlError): boolean =>
  reason._tag === "SerializationError" || reason._tag === "DeadlockError"
