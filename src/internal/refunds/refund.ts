/**
 * One refund by its key, from what the journal knows of it to its entry, settled or in doubt.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { RefundOutcomeUnknown } from "../../OrdersError.ts"
import { isOpen, type RefundEntry } from "../../RefundEntry.ts"
import type { RefundKey } from "../../RefundKey.ts"
import {
  RefundBlocked,
  type RefundJournalError,
  type RefundKeyReused,
  RefundKeyUnknown,
  RefundNotInDoubt
} from "../../RefundsError.ts"
import { begin, type Begun, type UnsentError } from "./begin.ts"
import type { Intent } from "./intent.ts"
import { contradicts } from "./reread.ts"
import { settle } from "./settle.ts"
import { isFree, letGo, standingOf, unblock } from "./standing.ts"
import type { Workplace } from "./workplace.ts"

/** How a refund can fail before there is a verdict of its own. */
export type BeginError = UnsentError | RefundOutcomeUnknown | RefundKeyReused | RefundBlocked

/** A refund with what became of it, and whether it was settled before it was asked for. */
export interface Refunded extends Begun {
  readonly wasSettled: boolean
}

/** Looks what there is, and goes on from there; `undefined` if somebody else came first meanwhile. */
const attempt = Effect.fnUntraced(function*(
  place: Workplace,
  intent: Intent,
  since: number
): Effect.fn.Return<Refunded | undefined, BeginError> {
  const { key, orderId } = intent
  const standing = yield* standingOf(place, intent)
  switch (standing._tag) {
    case "Begun": {
      const entry = yield* settle(place, standing.entry, since)
      return (yield* isFree(entry)) ? undefined : { entry, wasSettled: !isOpen(standing.entry) }
    }
    case "Blocked": {
      const { by } = standing
      // If another worker is at it, it is waited for, and not longer than a send takes, whatever its clock says.
      const end = Math.min(
        DateTime.toEpochMillis(by.sendEndsAt),
        (yield* Clock.currentTimeMillis) + place.policy.sendTimeout
      )
      const patienceFrom = by.state === "in doubt" ? -Infinity : end
      if (yield* unblock(place, by, patienceFrom)) return undefined
      return yield* new RefundBlocked({ key, orderId, blockedBy: by.key })
    }
    case "Free": {
      const sent = yield* begin(place, intent, standing.revision)
      if (sent === undefined) return undefined
      return { ...sent, entry: yield* settle(place, sent.entry, yield* Clock.currentTimeMillis), wasSettled: false }
    }
  }
})

/** How often in a row somebody else can come first. A journal that goes on to say so contradicts itself. */
const maximumAttempts = 100

/** Refunds, and gives the entry. */
export const refund = (place: Workplace) => (intent: Intent): Effect.Effect<Refunded, BeginError> =>
  Effect.gen(function*() {
    const since = yield* Clock.currentTimeMillis
    for (let attempts = 0; attempts < maximumAttempts; attempts++) {
      const done = yield* attempt(place, intent, since)
      if (done !== undefined) return done
    }
    return yield* contradicts()
  }).pipe(place.takeTurns(intent.orderId))

/** The entry of a key. */
export const findEntry = Effect.fnUntraced(function*(
  { journal }: Workplace,
  key: RefundKey
): Effect.fn.Return<RefundEntry, RefundKeyUnknown | RefundJournalError> {
  const found = yield* journal.find(key)
  return Option.isSome(found) ? found.value : yield* new RefundKeyUnknown({ key })
})

/** Goes on with a refund that was begun. One that was not sent is not begun. */
export const resolve = (place: Workplace) =>
  Effect.fnUntraced(function*(key: RefundKey): Effect.fn.Return<
    RefundEntry,
    RefundKeyUnknown | RefundNotInDoubt | RefundJournalError | RefundOutcomeUnknown
  > {
    const { orderId } = yield* findEntry(place, key)
    const goOn = Effect.gen(function*() {
      const entry = yield* settle(place, yield* findEntry(place, key), yield* Clock.currentTimeMillis)
      if (!(yield* isFree(entry))) return entry
      yield* letGo(place, entry)
      return yield* new RefundNotInDoubt({ key, state: entry.state })
    })
    return yield* place.takeTurns(orderId)(goOn)
  })
