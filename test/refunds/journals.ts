/**
 * Journals in memory of which some calls go another way.
 */
import { Effect, Layer } from "effect"
import { type RefundEntry, RefundJournal } from "../../src/index.ts"

export type Journal = RefundJournal.RefundJournal["Service"]

export const journalWith = (change: (journal: Journal) => Partial<Journal>) =>
  Layer.effect(
    RefundJournal.RefundJournal,
    Effect.map(RefundJournal.RefundJournal, (journal) => ({ ...journal, ...change(journal) }))
  ).pipe(Layer.provide(RefundJournal.layerMemory))

/** A journal in which something else happens at the first write that is meant. */
export const atFirst = (
  isMeant: (entry: RefundEntry) => boolean,
  instead: (journal: Journal, entry: RefundEntry) => ReturnType<Journal["write"]>
) => {
  let isFirst = true
  return journalWith((journal) => ({
    write: (entry) => {
      if (!isFirst || !isMeant(entry)) return journal.write(entry)
      isFirst = false
      return instead(journal, entry)
    }
  }))
}
