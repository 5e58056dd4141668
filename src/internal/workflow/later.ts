/**
 * When a durable refund goes on after a step came to nothing, and when it does not any more.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { RefundRemainingError } from "../../RefundsError.ts"
import type { Intent } from "../refunds/intent.ts"
import type { Workplace } from "../refunds/workplace.ts"
import type { Next } from "./next.ts"

/**
 * How long to wait: a second at first, then as long again as it took so far; `undefined` once the refund has gone on for
 * as long as it should.
 */
const waitOf = ({ policy }: Workplace, since: number): Effect.Effect<number | undefined> =>
  Effect.map(DateTime.now, (time) => {
    const now = DateTime.toEpochMillis(time)
    const millis = Math.min(policy.longestWait, Math.max(1000, now - since))
    return now + millis > since + policy.patience ? undefined : millis
  })

/**
 * Whether what is wrong may pass. Where an error comes here, nothing of the refund was carried out, so going on is safe, and
 * the question is only whether it can help.
 */
const mayPass = (error: RefundRemainingError): boolean => {
  switch (error._tag) {
    // The order is held, or the journal does not answer.
    case "RefundJournalError":
    case "RefundBlocked":
    // Somebody has to mend the credentials, or the address of FlexFactor.
    case "FlexFactorUnauthorized":
    case "FlexFactorForbidden":
    case "FlexFactorMethodNotAllowed":
    // FlexFactor is away or busy. What stands in for it meanwhile answers with any status, or with a page.
    case "FlexFactorUnreachable":
    case "FlexFactorTimeout":
    case "FlexFactorConflict":
    case "FlexFactorTooManyRequests":
    case "FlexFactorInternalServerError":
    case "FlexFactorBadGateway":
    case "FlexFactorServiceUnavailable":
    case "FlexFactorGatewayTimeout":
    case "FlexFactorUnexpectedStatus":
    case "FlexFactorInvalidResponse":
      return true
    // FlexFactor read what is asked for, and refuses it or knows no such order.
    case "FlexFactorBadRequest":
    case "FlexFactorNotFound":
    case "FlexFactorUnprocessableEntity":
    // What is asked for cannot be, whatever FlexFactor says.
    case "FlexFactorInvalidRequest":
    case "SandboxDataRefused":
    case "RefundKeyReused":
    case "RefundExceedsBalance":
    case "RefundBalanceUnknown":
    case "RefundNothingLeft":
    case "OrderNotRefundable":
    // These are verdicts or doubts about what was sent, not reasons why it was not.
    case "RefundRejected":
    case "RefundNotApplied":
    case "RefundOutcomeUnknown":
      return false
  }
}

/** Begins again later. If it should not, the refund ends with the error, and nothing of it was carried out. */
export const prepareLater = (
  place: Workplace,
  { key, orderId }: Intent,
  since: number,
  error: RefundRemainingError
): Effect.Effect<Next, RefundRemainingError> =>
  Effect.gen(function*(): Effect.fn.Return<Next, RefundRemainingError> {
    const millis = mayPass(error) ? yield* waitOf(place, since) : undefined
    if (millis !== undefined) {
      yield* Effect.logWarning(`A durable refund waits for ${millis} ms: ${error.message}`)
      return { _tag: "Wait", millis, since }
    }
    yield* Effect.logWarning(`A durable refund ends, and nothing of it was carried out: ${error.message}`)
    return yield* error
  }).pipe(Effect.annotateLogs({ key, orderId }))

/** Looks again later. If it should not, the refund stays in doubt. */
export const lookLater = (place: Workplace, entry: RefundEntry, since: number): Effect.Effect<Next> =>
  Effect.map(
    waitOf(place, since),
    (millis): Next => millis === undefined ? { _tag: "Done", entry } : { _tag: "Wait", entry, millis, since }
  )
