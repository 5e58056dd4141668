/**
 * How long the journal may take where nobody can interrupt it.
 */
import * as Effect from "effect/Effect"
import { RefundJournalError } from "../../RefundsError.ts"

/** A journal that hangs must not keep the order and its caller for ever. */
export const withinDeadline = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E | RefundJournalError> =>
  Effect.timeoutOrElse(Effect.interruptible(effect), {
    duration: "5 seconds",
    orElse: () => Effect.fail(new RefundJournalError({ operation: "write", reason: "it does not answer" }))
  })
