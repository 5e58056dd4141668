/**
 * The steps of a durable refund. The engine runs a step again if the process ended during it, so that each one asks the
 * journal first: it decides what was done already, and it keeps two runners from doing the same.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { isRepeatable, type RefundOutcomeUnknown } from "../../OrdersError.ts"
import { isOpen, type RefundEntry } from "../../RefundEntry.ts"
import { RefundBlocked, type RefundJournalError, type RefundRemainingError } from "../../RefundsError.ts"
import { longestReservation, release, reserve } from "../refunds/begin.ts"
import type { Intent } from "../refunds/intent.ts"
import { look } from "../refunds/look.ts"
import { reread } from "../refunds/reread.ts"
import { send } from "../refunds/send.ts"
import { isFree, standingOf, unblock } from "../refunds/standing.ts"
import type { Workplace } from "../refunds/workplace.ts"
import { withDefined } from "../withDefined.ts"
import type { Next } from "./next.ts"

const nowInMillis = Effect.map(DateTime.now, DateTime.toEpochMillis)

type Wait = Extract<Next, { readonly _tag: "Wait" }>

/**
 * Waits soon at first, then as long again as it took so far; `undefined` once the refund has gone on for as long as it
 * should.
 */
const wait = Effect.fnUntraced(function*(
  { policy }: Workplace,
  since: number,
  entry?: RefundEntry
): Effect.fn.Return<Wait | undefined> {
  const now = yield* nowInMillis
  const millis = Math.min(policy.longestWait, Math.max(1000, now - since))
  return now + millis > since + policy.patience ? undefined : { _tag: "Wait", millis, since, ...withDefined({ entry }) }
})

/** Waits, or fails if it has gone on for as long as it should. */
const waitOr = <E>(place: Workplace, since: number, error: E): Effect.Effect<Wait, E> =>
  Effect.filterOrFail(wait(place, since), (next) => next !== undefined, () => error)

/** Whether the same step, made again later, does no harm and may succeed. */
const mayPass = (error: RefundRemainingError): boolean => {
  switch (error._tag) {
    case "RefundJournalError":
      return true
    case "RefundKeyReused":
    case "RefundExceedsBalance":
    case "OrderNotRefundable":
    case "RefundBlocked":
    case "RefundNotApplied":
    case "RefundBalanceUnknown":
    case "RefundNothingLeft":
      return false
    default:
      return isRepeatable(error)
  }
}

/** Reserves the order and reads it, unless the refund was begun before or another one holds the order. */
export const prepare = (place: Workplace, intent: Intent, since: number): Effect.Effect<Next, RefundRemainingError> =>
  Effect.gen(function*(): Effect.fn.Return<Next, RefundRemainingError> {
    const { key, orderId } = intent
    const standing = yield* standingOf(place, intent)
    switch (standing._tag) {
      case "Begun":
        return { _tag: "Look", entry: standing.entry, since }
      case "Blocked": {
        const { by } = standing
        if (yield* unblock(place, by, -Infinity)) return { _tag: "Prepare", since }
        return yield* waitOr(place, since, new RefundBlocked({ key, orderId, blockedBy: by.key }))
      }
      case "Free": {
        const entry = yield* Effect.uninterruptibleMask((restore) => reserve(place, intent, standing.revision, restore))
        if (entry === undefined) {
          return yield* waitOr(place, since, new RefundBlocked({ key, orderId, blockedBy: key }))
        }
        return { _tag: "Send", entry, until: DateTime.toEpochMillis(entry.sendEndsAt), since }
      }
    }
  }).pipe(Effect.catchIf(mayPass, (error) => waitOr(place, since, error)))

/** Goes on after nothing was sent: from the beginning if nothing ever was. */
const afterNothing = (entry: RefundEntry, since: number): Next =>
  entry.sends === 0 ? { _tag: "Prepare", since } : { _tag: "Look", entry, since }

/**
 * Sends it, unless that was decided too long ago: what the order showed then may not be true any more. If this very step
 * sent it before, the journal has a newer revision, and it is looked at instead.
 */
export const sendOnce = (
  place: Workplace,
  { entry, since, until }: Extract<Next, { readonly _tag: "Send" }>
): Effect.Effect<Next, RefundRemainingError> =>
  Effect.gen(function*(): Effect.fn.Return<Next, RefundRemainingError> {
    if ((yield* nowInMillis) >= until) return afterNothing(entry, since)
    const sent = yield* send(place, entry).pipe(
      Effect.tapErrorTag("RefundJournalError", () => entry.sends === 0 ? release(place, entry) : Effect.void)
    )
    if (sent._tag !== "Recorded") return afterNothing(entry, since)
    const { error } = sent
    if (error === undefined) return { _tag: "Look", entry: sent.entry, since }
    // Sending it again came to nothing: the doubt about the sends before stays.
    if (isOpen(sent.entry)) return yield* lookLater(place, sent.entry, since)
    return mayPass(error) ? yield* waitOr(place, since, error) : yield* error
  }).pipe(
    Effect.catchTags({
      RefundJournalError: (error) => entry.sends === 0 ? waitOr(place, since, error) : lookLater(place, entry, since),
      RefundOutcomeUnknown: () => lookLater(place, entry, since)
    })
  )

/** Looks again later, or leaves it in doubt if it has gone on for as long as it should. */
const lookLater = (place: Workplace, entry: RefundEntry, since: number): Effect.Effect<Next> =>
  Effect.map(wait(place, since, entry), (next) => next ?? { _tag: "Done", entry })

/** Looks what became of it. */
export const lookOnce = (
  place: Workplace,
  { entry, since }: Extract<Next, { readonly _tag: "Look" }>
): Effect.Effect<Next> =>
  Effect.gen(function*(): Effect.fn.Return<Next, RefundOutcomeUnknown | RefundJournalError> {
    const looked = yield* look(place, yield* reread(place, entry), since)
    switch (looked._tag) {
      case "Send":
        return { _tag: "Send", entry: looked.entry, until: (yield* nowInMillis) + longestReservation, since }
      case "Wait":
        return { _tag: "Wait", entry: looked.entry, millis: looked.millis, since }
      case "Done":
        if (yield* isFree(looked.entry)) return { _tag: "Prepare", since }
        return { _tag: "Done", entry: looked.entry }
    }
  }).pipe(Effect.catch(() => lookLater(place, entry, since)))
