/**
 * Whether a call stands in a transaction of the caller's.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as SqlClient from "effect/sql/SqlClient"

/** Whether a call stands in a transaction of this client. */
export const isInTransaction = (sql: SqlClient.SqlClient): Effect.Effect<boolean> =>
  Effect.map(Effect.serviceOption(sql.transactionService), Option.isSome)

/** Fails, with a reason, within a transaction of this client. */
export const outsideTransaction = (sql: SqlClient.SqlClient): Effect.Effect<void, string> =>
  Effect.flatMap(
    isInTransaction(sql),
    (isIn) => isIn ? Effect.fail("it is called within a transaction") : Effect.void
  )
