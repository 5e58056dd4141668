/**
 * Begins a refund of which nothing was sent yet: it is refused here, or sent for the first time.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { RefundOutcomeUnknown } from "../../OrdersError.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import { OrderNotRefundable, RefundExceedsBalance, type RefundJournalError } from "../../RefundsError.ts"
import { type NotSentError, send } from "./send.ts"
import type { Workplace } from "./workplace.ts"

/** How a refund can end before anything is sent, or without being carried out. */
export type UnsentError = NotSentError | OrderNotRefundable | RefundExceedsBalance | RefundJournalError

/** The entry after the first send; `undefined` if another refund of the order or of the key came first. */
export const begin = Effect.fnUntraced(function*(
  place: Workplace,
  entry: RefundEntry
): Effect.fn.Return<RefundEntry | undefined, UnsentError | RefundOutcomeUnknown> {
  const { amount, balance = amount, before, key, orderId } = entry
  const now = DateTime.toEpochMillis(yield* DateTime.now)
  const step = place.decide(entry, "unread", place.policy, { now, since: now })
  if (step._tag === "ExceedsBalance") return yield* new RefundExceedsBalance({ key, orderId, amount, balance })
  if (step._tag !== "Send") return yield* new OrderNotRefundable({ key, orderId, status: before.status ?? "unknown" })
  const sent = yield* send(place, entry)
  if (sent._tag !== "Recorded") return undefined
  return sent.error === undefined ? sent.entry : yield* Effect.fail(sent.error)
})
