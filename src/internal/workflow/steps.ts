/**
 * The steps of a durable refund. The engine runs a step again if the process ended during it, so that each one asks the
 * journal first: it decides what was done already, and it keeps two runners from doing the same.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { RefundOutcomeUnknown } from "../../OrdersError.ts"
import { isOpen, type RefundEntry } from "../../RefundEntry.ts"
import { RefundBlocked, RefundJournalError, type RefundRemainingError } from "../../RefundsError.ts"
import { longestReservation, reserve } from "../refunds/begin.ts"
import { checkIntent, type Intent } from "../refunds/intent.ts"
import { look } from "../refunds/look.ts"
import { reread } from "../refunds/reread.ts"
import { send } from "../refunds/send.ts"
import { isFree, standingOf, unblock } from "../refunds/standing.ts"
import type { Workplace } from "../refunds/workplace.ts"
import { lookLater, prepareLater } from "./later.ts"
import type { Next } from "./next.ts"

/** When what was read now is too old to send by it. */
const sendUntil = Effect.map(Clock.currentTimeMillis, (now) => now + longestReservation)

/** What is broken need not be the journal. Its error stands for it, as one that may pass. */
const stepBroke = "not reached, because a step of the refund failed with a defect, which is in the log"

const tellBroken = (defect: unknown): Effect.Effect<void> => Effect.logError("A step of a durable refund broke", defect)

/** Something is broken, such as evidence of the application's own. It may be mended while the refund goes on. */
const broken = (defect: unknown): Effect.Effect<never, RefundJournalError> =>
  Effect.andThen(
    tellBroken(defect),
    Effect.fail(new RefundJournalError({ operation: "write", reason: stepBroke }))
  )

/** Reserves the order and reads it, unless the refund was begun before or another one holds the order. */
export const prepare = (place: Workplace, intent: Intent, since: number): Effect.Effect<Next, RefundRemainingError> =>
  Effect.gen(function*(): Effect.fn.Return<Next, RefundRemainingError> {
    yield* checkIntent(intent)
    const { key, orderId } = intent
    const standing = yield* standingOf(place, intent)
    switch (standing._tag) {
      case "Begun":
        return { _tag: "Look", entry: standing.entry, since }
      case "Blocked": {
        const { by } = standing
        if (yield* unblock(place, by, -Infinity)) return { _tag: "Prepare", since }
        return yield* new RefundBlocked({ key, orderId, blockedBy: by.key })
      }
      case "Free": {
        const entry = yield* Effect.uninterruptibleMask((restore) => reserve(place, intent, standing.revision, restore))
        if (entry === undefined) return yield* new RefundBlocked({ key, orderId, blockedBy: key })
        return { _tag: "Send", entry, until: yield* sendUntil, since }
      }
    }
  }).pipe(
    Effect.catchDefect(broken),
    Effect.catch((error) => prepareLater(place, intent, since, error))
  )

/** Whether it is as it was prepared: neither did this very step send it before, nor did another worker take it over. */
const isAsPrepared = (place: Workplace, entry: RefundEntry): Effect.Effect<boolean> =>
  reread(place, entry).pipe(
    Effect.map(({ revision }) => entry.sends === 0 && revision === entry.revision),
    Effect.orElseSucceed(() => false)
  )

/**
 * Sends it, unless that was decided too long ago: what the order showed then may not be true any more. If this very step
 * sent it before, the journal has a newer revision, and it is looked at instead.
 */
export const sendOnce = (
  place: Workplace,
  intent: Intent,
  { entry, since, until }: Extract<Next, { readonly _tag: "Send" }>
): Effect.Effect<Next, RefundRemainingError> => {
  const isFirst = entry.sends === 0
  return Effect.gen(function*(): Effect.fn.Return<Next, RefundRemainingError> {
    const { key, orderId } = entry
    if ((yield* Clock.currentTimeMillis) >= until) {
      if (yield* isAsPrepared(place, entry)) return yield* new RefundBlocked({ key, orderId, blockedBy: key })
      return { _tag: "Look", entry, since }
    }
    const sent = yield* send(place, entry)
    if (sent._tag !== "Recorded") return { _tag: "Look", entry, since }
    if (sent.error === undefined) return { _tag: "Look", entry: sent.entry, since }
    // Sending it again came to nothing: the doubt about the sends before stays.
    return isOpen(sent.entry) ? yield* lookLater(place, sent.entry, since) : yield* sent.error
  }).pipe(
    Effect.catch((error) =>
      isFirst && error._tag !== "RefundOutcomeUnknown"
        ? prepareLater(place, intent, since, error)
        : lookLater(place, entry, since)
    ),
    // It may have been sent before it broke.
    Effect.catchDefect((defect) => Effect.andThen(tellBroken(defect), lookLater(place, entry, since)))
  )
}

/** Looks what became of it. */
export const lookOnce = (
  place: Workplace,
  { entry, since }: Extract<Next, { readonly _tag: "Look" }>
): Effect.Effect<Next> =>
  Effect.gen(function*(): Effect.fn.Return<Next, RefundOutcomeUnknown | RefundJournalError> {
    const looked = yield* look(place, yield* reread(place, entry), since)
    switch (looked._tag) {
      case "Send":
        return { _tag: "Send", entry: looked.entry, until: yield* sendUntil, since }
      case "Wait":
        return { _tag: "Wait", entry: looked.entry, millis: looked.millis, since }
      case "Done":
        if (yield* isFree(looked.entry)) return { _tag: "Prepare", since }
        return { _tag: "Done", entry: looked.entry }
    }
  }).pipe(
    Effect.catchDefect(broken),
    Effect.catch(() => lookLater(place, entry, since))
  )
