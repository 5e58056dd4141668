/**
 * Reads an entry again that somebody else may have written meanwhile.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { RefundEntry } from "../../RefundEntry.ts"
import { RefundJournalError } from "../../RefundsError.ts"
import type { Workplace } from "./workplace.ts"

/** The entry as the journal has it now; the one that is given, with what was seen since, if nobody wrote it. */
export const reread = (
  { journal }: Pick<Workplace, "journal">,
  entry: RefundEntry
): Effect.Effect<RefundEntry, RefundJournalError> =>
  Effect.map(journal.find(entry.key), (found) => {
    const current = Option.getOrElse(found, () => entry)
    return current.revision === entry.revision ? entry : current
  })

/** What a journal says that contradicts itself. To ask it again and again would never end. */
export const contradicts = (): RefundJournalError =>
  new RefundJournalError({ operation: "write", reason: "it says that an entry was changed, and shows no change" })

/** The entry after the journal refused a write because of a change. */
export const rereadChanged = (
  place: Pick<Workplace, "journal">,
  entry: RefundEntry
): Effect.Effect<RefundEntry, RefundJournalError> =>
  Effect.filterOrFail(reread(place, entry), (current) => current.revision !== entry.revision, contradicts)
