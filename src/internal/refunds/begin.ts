/**
 * Begins a refund of which nothing was sent yet: the journal reserves the order for it, so that no other refund moves the
 * order's money between the reading and the sending; then the order is read, and the refund is refused here or sent.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { GetError, RefundOutcomeUnknown, RefundRejected } from "../../OrdersError.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import {
  OrderNotRefundable,
  type RefundBalanceUnknown,
  RefundExceedsBalance,
  type RefundJournalError,
  type RefundNothingLeft
} from "../../RefundsError.ts"
import { type Intent, prepared, reservation, withAmount } from "./intent.ts"
import { type NotSentError, send } from "./send.ts"
import { released } from "./transitions.ts"
import type { Workplace } from "./workplace.ts"

/** How a refund can end before anything is sent, or without being carried out. */
export type UnsentError =
  | NotSentError
  | GetError
  | OrderNotRefundable
  | RefundExceedsBalance
  | RefundBalanceUnknown
  | RefundNothingLeft
  | RefundJournalError

/** How long an order stays reserved at most, in milliseconds. Who takes longer may lose it to another, and notices. */
export const longestReservation = 20_000

/** Reads the order, and refuses what FlexFactor would refuse. */
const prepare = Effect.fnUntraced(function*(
  place: Workplace,
  reserved: RefundEntry
): Effect.fn.Return<RefundEntry, UnsentError> {
  const { key, orderId } = reserved
  const others = (yield* place.journal.ofOrder(orderId)).filter((entry) => entry.key !== key)
  const entry = prepared(reserved, yield* place.evidence.read(orderId), others)
  const { amount, balance = amount, before } = entry
  const now = DateTime.toEpochMillis(yield* DateTime.now)
  const step = place.decide(entry, "unread", place.policy, { now, since: now })
  if (step._tag === "ExceedsBalance") return yield* new RefundExceedsBalance({ key, orderId, amount, balance })
  if (step._tag !== "Send") return yield* new OrderNotRefundable({ key, orderId, status: before.status ?? "unknown" })
  return yield* withAmount(entry)
})

/** Lets go of the order. If the journal fails, the reservation ends by itself. */
const release = ({ journal }: Workplace, reserved: RefundEntry): Effect.Effect<void> =>
  Effect.ignore(Effect.flatMap(DateTime.now, (now) => journal.write(released(reserved, now))))

/**
 * Reserves the order for a refund and reads it: the entry that is ready to be sent, with the order held; `undefined` if
 * another refund of the order or of the key came first. `revision` is the one that the key has in the journal, 0 if it
 * has none. Only the reading can be interrupted, by `restore`.
 */
export const reserve = Effect.fnUntraced(function*(
  place: Workplace,
  intent: Intent,
  revision: number,
  restore: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
): Effect.fn.Return<RefundEntry | undefined, UnsentError> {
  const now = yield* DateTime.now
  const endsAt = DateTime.addDuration(now, Math.min(longestReservation, place.policy.sendTimeout))
  const reserved = reservation(intent, revision + 1, now, endsAt)
  if ((yield* place.journal.write(reserved)) !== "written") return undefined
  return yield* restore(prepare(place, reserved)).pipe(
    Effect.onExit((exit) => Exit.isFailure(exit) ? release(place, reserved) : Effect.void)
  )
})

/** A refund after its first send, and FlexFactor's no to it, if it said no. */
export interface Begun {
  readonly entry: RefundEntry
  readonly rejection?: RefundRejected
}

/** Sends it for the first time; `undefined` if another refund came first, as for `reserve`. */
export const begin = (place: Workplace, intent: Intent, revision: number): Effect.Effect<
  Begun | undefined,
  UnsentError | RefundOutcomeUnknown
> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      const entry = yield* reserve(place, intent, revision, restore)
      if (entry === undefined) return undefined
      const sent = yield* send(place, entry)
      if (sent._tag !== "Recorded") return undefined
      return sent.error === undefined ? sent : yield* sent.error
    })
  )
