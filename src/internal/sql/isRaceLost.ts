/**
 * Races that a database decides by failing one of the two, as PostgreSQL does in transactions that are stricter than READ
 * COMMITTED. What lost kept nothing and can be made again.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { isInTransaction } from "./transaction.ts"

/** Whether a statement or a transaction lost a race. */
export const isRaceLost = ({ reason }: SqlError): boolean =>
  reason._tag === "SerializationError" || reason._tag === "DeadlockError"

/**
 * Makes again what lost a race, which finds what won at once. A transaction of the caller's is over with a race that is
 * lost in it, and the caller alone can begin it again.
 */
export const untilDecided =
  <E>(sql: SqlClient.SqlClient, isLost: (error: E) => boolean) =>
  <A>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.flatMap(isInTransaction(sql), (isIn) =>
      isIn ? effect : Effect.retry(effect, {
        while: isLost,
        times: 8,
        schedule: Schedule.jittered(Schedule.exponential("5 millis"))
      }))
