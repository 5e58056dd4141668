/**
 * Settles a refund by the word of a person who looked.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { RefundKey } from "../../RefundKey.ts"
import type { PersonsFinding } from "../../Refunds.ts"
import { type RefundJournalError, type RefundKeyUnknown, RefundNotInDoubt } from "../../RefundsError.ts"
import { findEntry } from "./refund.ts"
import { settled } from "./transitions.ts"
import type { Workplace } from "./workplace.ts"

const isInDoubt = ({ sendEndsAt, state }: RefundEntry, now: DateTime.Utc): boolean =>
  state === "in doubt" || (state === "sending" && DateTime.isGreaterThanOrEqualTo(now, sendEndsAt))

export const settleByPerson = Effect.fnUntraced(function*(
  place: Workplace,
  key: RefundKey,
  { note, verdict }: PersonsFinding
): Effect.fn.Return<RefundEntry, RefundKeyUnknown | RefundNotInDoubt | RefundJournalError> {
  while (true) {
    const entry = yield* findEntry(place, key)
    const now = yield* DateTime.now
    if (!isInDoubt(entry, now)) return yield* new RefundNotInDoubt({ key, state: entry.state })
    const next = {
      ...settled(entry, verdict === "refunded" ? "refunded" : "not applied", "person", now),
      ...(note === undefined ? {} : { note }),
      revision: entry.revision + 1
    }
    if ((yield* place.journal.write(next)) === "written") return next
  }
})
