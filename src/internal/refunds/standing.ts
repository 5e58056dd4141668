/**
 * Where a refund stands before a worker goes on with it, and which other refund of its order is in the way.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isOpen, type RefundEntry } from "../../RefundEntry.ts"
import type { RefundJournalError, RefundKeyReused } from "../../RefundsError.ts"
import { stageOf } from "./facts.ts"
import { checkSame, type Intent } from "./intent.ts"
import { settle } from "./settle.ts"
import { released } from "./transitions.ts"
import type { Workplace } from "./workplace.ts"

/** Whether nothing was sent and nobody is at it, so that it can be begun. */
export const isFree = (entry: RefundEntry): Effect.Effect<boolean> =>
  Effect.map(Clock.currentTimeMillis, (now) => stageOf(entry, now) === "unsent")

/**
 * A refund that was begun is gone on with; one that is free is begun, at the revision that its key has in the journal;
 * one that is blocked waits for the refund that holds the order.
 */
export type Standing =
  | { readonly _tag: "Begun"; readonly entry: RefundEntry }
  | { readonly _tag: "Blocked"; readonly by: RefundEntry }
  | { readonly _tag: "Free"; readonly revision: number }

/** Asks the journal. */
export const standingOf = Effect.fnUntraced(function*(
  { journal }: Workplace,
  intent: Intent
): Effect.fn.Return<Standing, RefundKeyReused | RefundJournalError> {
  const { key, orderId } = intent
  const found = Option.getOrUndefined(yield* journal.find(key))
  if (found !== undefined && !(yield* isFree(found))) {
    yield* checkSame(found, intent)
    return { _tag: "Begun", entry: found }
  }
  const by = (yield* journal.ofOrder(orderId)).find((entry) => entry.key !== key && isOpen(entry))
  return by === undefined ? { _tag: "Free", revision: found?.revision ?? 0 } : { _tag: "Blocked", by }
})

/** Frees the order of a refund of which nothing was sent and that nobody is at any more. */
export const letGo = ({ journal }: Workplace, entry: RefundEntry): Effect.Effect<void, RefundJournalError> =>
  entry.state === "preparing"
    ? Effect.flatMap(DateTime.now, (now) => Effect.asVoid(journal.write(released(entry, now))))
    : Effect.void

/**
 * Looks at the refund that holds the order, with patience from `since` on, in milliseconds; `true` if the order is free
 * now.
 */
export const unblock = Effect.fnUntraced(function*(place: Workplace, by: RefundEntry, since: number) {
  const entry = yield* settle(place, by, since)
  if (entry.state !== "preparing" || !(yield* isFree(entry))) return !isOpen(entry)
  yield* letGo(place, entry)
  return true
}, Effect.catchTag("RefundOutcomeUnknown", () => Effect.succeed(false)))
