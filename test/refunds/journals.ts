/**
 * Journals in memory of which some calls go another way.
 */
import { Effect, Layer } from "effect"
import { RefundJournal } from "../../src/index.ts"

export type Journal = RefundJournal.RefundJournal["Service"]

export const journalWith = (change: (journal: Journal) => Partial<Journal>) =>
  Layer.effect(
    RefundJournal.RefundJournal,
    Effect.map(RefundJournal.RefundJournal, (journal) => ({ ...journal, ...change(journal) }))
  ).pipe(Layer.provide(RefundJournal.layerMemory))
