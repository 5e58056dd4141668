/**
 * Settles a refund by the word of a person who looked.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { FlexFactorInvalidRequest } from "../../OrdersError.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { RefundKey } from "../../RefundKey.ts"
import type { PersonsFinding } from "../../Refunds.ts"
import { type RefundJournalError, type RefundKeyUnknown, RefundNotInDoubt } from "../../RefundsError.ts"
import { textRule } from "../textRule.ts"
import { withDefined } from "../withDefined.ts"
import { stageOf } from "./facts.ts"
import { invalid } from "./intent.ts"
import { findEntry } from "./refund.ts"
import { rereadChanged } from "./reread.ts"
import { letGo } from "./standing.ts"
import { settled } from "./transitions.ts"
import type { Workplace } from "./workplace.ts"

const verdicts = new Map<unknown, "refunded" | "not applied">([
  ["refunded", "refunded"],
  ["not refunded", "not applied"]
])

const maximumNoteLength = 2000

export const settleByPerson = Effect.fnUntraced(function*(
  place: Workplace,
  key: RefundKey,
  { note, verdict }: PersonsFinding
): Effect.fn.Return<
  RefundEntry,
  FlexFactorInvalidRequest | RefundKeyUnknown | RefundNotInDoubt | RefundJournalError
> {
  const state = verdicts.get(verdict)
  if (state === undefined) return yield* invalid("verdict", "must be \"refunded\" or \"not refunded\"")
  const rule = note === undefined ? undefined : textRule(note, maximumNoteLength)
  if (rule !== undefined) return yield* invalid("note", rule)
  let entry = yield* findEntry(place, key)
  while (true) {
    const now = yield* DateTime.now
    const stage = stageOf(entry, DateTime.toEpochMillis(now))
    if (stage !== "sent") {
      if (stage === "unsent") yield* letGo(place, entry)
      return yield* new RefundNotInDoubt({ key, state: entry.state })
    }
    const next = {
      ...settled(entry, state, "person", now),
      ...withDefined({ note }),
      revision: entry.revision + 1
    }
    if ((yield* place.journal.write(next)) === "written") return next
    entry = yield* rereadChanged(place, entry)
  }
})
