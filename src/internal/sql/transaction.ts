/**
 * Whether a call stands in a transaction of the caller's.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as SqlClient from "effect/sql/SqlClient"

/** Fails, with a reason, within a transaction of this client. */
export const outsideTransaction = (sql: SqlClient.SqlClient): Effect.Effect<void, string> =>
  Effect.flatMap(
    Effect.serviceOption(sql.transactionService),
    (transaction) => Option.isSome(transaction) ? Effect.fail("it is called within a transaction") : Effect.void
  )
