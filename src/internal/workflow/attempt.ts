/**
 * The executions of one key, which are numbered attempts: one that ended without a verdict stays ended, and whoever asks
 * again begins the next one.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { type RefundPayload, RefundWorkflow } from "../../workflow/RefundWorkflow.ts"

/** What a durable refund is asked for, whichever attempt it is. */
export type Unnumbered = Omit<RefundPayload, "attempt">

const endedInVain = Effect.fnUntraced(function*(payload: RefundPayload) {
  const id = yield* RefundWorkflow.executionId(payload)
  const result = Option.getOrUndefined(yield* RefundWorkflow.poll(id))
  return result?._tag === "Complete" && Exit.isFailure(result.exit)
})

/**
 * The attempt that is under way or has a verdict, or the next one, if the last one ended without. Attempts are made in
 * order, so few of them need to be looked at, however many there are.
 *
 * Where the engine's rows of early attempts are gone, this may be one of those. To execute it is right all the same, since
 * each execution asks the journal first.
 */
export const currentAttempt = Effect.fnUntraced(function*(payload: Unnumbered) {
  let ended = 0
  let attempt = 1
  while (yield* endedInVain({ ...payload, attempt })) {
    ended = attempt
    attempt *= 2
  }
  while (attempt - ended > 1) {
    const between = Math.floor((ended + attempt) / 2)
    if (yield* endedInVain({ ...payload, attempt: between })) ended = between
    else attempt = between
  }
  return { ...payload, attempt }
})
