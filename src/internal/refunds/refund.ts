/**
 * One refund by its key, from what the journal knows of it to its entry, settled or in doubt.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { GetError, RefundOutcomeUnknown } from "../../OrdersError.ts"
import { isOpen, type RefundEntry } from "../../RefundEntry.ts"
import type { RefundKey } from "../../RefundKey.ts"
import {
  type RefundBalanceUnknown,
  RefundBlocked,
  type RefundJournalError,
  type RefundKeyReused,
  RefundKeyUnknown,
  type RefundNothingLeft,
  RefundNotInDoubt
} from "../../RefundsError.ts"
import { begin, type UnsentError } from "./begin.ts"
import { checkSame, intend, type Intent } from "./intent.ts"
import { settle } from "./settle.ts"
import type { Workplace } from "./workplace.ts"

/** How a refund can fail before there is a verdict of its own. */
export type BeginError =
  | UnsentError
  | GetError
  | RefundOutcomeUnknown
  | RefundKeyReused
  | RefundBlocked
  | RefundBalanceUnknown
  | RefundNothingLeft

const nowInMillis = Effect.map(DateTime.now, DateTime.toEpochMillis)

/**
 * Another refund of the order is open. It is looked at once; if another worker is sending it, it is waited for. `true`
 * if it is settled now.
 */
const unblock = Effect.fnUntraced(function*(place: Workplace, other: RefundEntry) {
  const since = other.state === "sending" ? DateTime.toEpochMillis(other.sendEndsAt) : -Infinity
  return !isOpen(yield* settle(place, other, since))
}, Effect.catchTag("RefundOutcomeUnknown", () => Effect.succeed(false)))

/** The entry of a refund, and whether it was settled before it was asked for. */
export interface Refunded {
  readonly entry: RefundEntry
  readonly wasSettled: boolean
}

/** Looks what there is, and goes on from there; `undefined` if somebody else came first meanwhile. */
const attempt = Effect.fnUntraced(function*(
  place: Workplace,
  intent: Intent,
  since: number
): Effect.fn.Return<Refunded | undefined, BeginError> {
  const { key, orderId } = intent
  const found = Option.getOrUndefined(yield* place.journal.find(key))
  if (found !== undefined) yield* checkSame(found, intent)
  if (found !== undefined && found.state !== "not sent") {
    return { entry: yield* settle(place, found, since), wasSettled: !isOpen(found) }
  }
  const others = (yield* place.journal.ofOrder(orderId)).filter((entry) => entry.key !== key)
  const blocking = others.find(isOpen)
  if (blocking !== undefined) {
    if (yield* unblock(place, blocking)) return undefined
    return yield* new RefundBlocked({ key, orderId, blockedBy: blocking.key })
  }
  const snapshot = yield* place.evidence.read(orderId)
  const entry = yield* intend(intent, snapshot, others, found?.revision ?? 0)
  const sent = yield* begin(place, entry)
  return sent === undefined ? undefined : { entry: yield* settle(place, sent, yield* nowInMillis), wasSettled: false }
})

/** Refunds, and gives the entry. */
export const refund = (place: Workplace) => (intent: Intent): Effect.Effect<Refunded, BeginError> =>
  Effect.gen(function*() {
    const since = yield* nowInMillis
    while (true) {
      const done = yield* attempt(place, intent, since)
      if (done !== undefined) return done
    }
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
      const entry = yield* findEntry(place, key)
      if (entry.state === "not sent") return yield* new RefundNotInDoubt({ key, state: entry.state })
      return yield* settle(place, entry, yield* nowInMillis)
    })
    return yield* place.takeTurns(orderId)(goOn)
  })
