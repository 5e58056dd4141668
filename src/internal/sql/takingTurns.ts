/**
 * Programs that start at the same moment make their tables one after the other.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { MigrationError } from "effect/sql/Migrator"
import type { SqlError } from "effect/sql/SqlError"

/** Whether another program is at it: the migrator says so in its own words, a database by its lock. */
const isAtIt = (error: MigrationError | SqlError): boolean =>
  error._tag === "MigrationError"
    ? error.kind === "Locked"
    : ["LockTimeoutError", "DeadlockError", "SerializationError"].includes(error.reason._tag)

/** Makes tables as soon as no other program is at it, for ten seconds at most. */
export const takingTurns = <A, E extends MigrationError | SqlError, R>(
  making: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.retry(making, { while: isAtIt, schedule: Schedule.spaced("100 millis"), times: 100 })
