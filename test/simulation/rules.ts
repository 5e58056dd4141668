/**
 * The rules under which a simulation runs: those of the library, or the same with one of them broken on purpose.
 */
import { Effect } from "effect"
import type { RefundJournal } from "../../src/index.ts"
import { decide, decideFacts } from "../../src/internal/refunds/decision.ts"
import { factsOf } from "../../src/internal/refunds/facts.ts"
import { makeMemoryJournal } from "../../src/internal/refunds/memoryJournal.ts"
import { makeTurns } from "../../src/internal/refunds/turns.ts"
import type { Workplace } from "../../src/internal/refunds/workplace.ts"

export interface Rules {
  readonly decide: Workplace["decide"]
  readonly makeTurns: typeof makeTurns
  readonly makeJournal: () => RefundJournal.RefundJournal["Service"]
}

export const asShipped: Rules = { decide, makeTurns, makeJournal: makeMemoryJournal }

/** After a doubt it sends again at once, as a naive retry does. */
const repeatsAfterDoubt: Rules = {
  ...asShipped,
  decide: (entry, seen, policy, times) => {
    const step = decide(entry, seen, policy, times)
    return entry.state === "in doubt" && entry.answer === undefined && entry.sends < policy.maximumSends
      ? { _tag: "Send" }
      : step
  }
}

/** After two readings that show nothing it sends again, although no cap guards it and no window has passed. */
const sendsUnguarded: Rules = {
  ...asShipped,
  decide: (entry, seen, policy, times) => decideFacts({ ...factsOf(entry, seen, policy, times), isGuarded: true })
}

/** Refunds of one order do not take turns: neither in a process nor among them. */
const takesNoTurns: Rules = {
  ...asShipped,
  makeTurns: Effect.succeed(() => (effect) => effect),
  makeJournal: () => {
    // A journal for each key: it never sees another refund of the order.
    const journals = new Map<string, RefundJournal.RefundJournal["Service"]>()
    const journalOf = (key: string) => {
      const journal = journals.get(key) ?? makeMemoryJournal()
      journals.set(key, journal)
      return journal
    }
    return {
      ...makeMemoryJournal(),
      find: (key) => journalOf(key).find(key),
      ofOrder: () => Effect.succeed([]),
      write: (entry) => journalOf(entry.key).write(entry)
    }
  }
}

export const broken = {
  "sends again after a doubt": repeatsAfterDoubt,
  "sends again after two readings without a guard": sendsUnguarded,
  "takes no turns": takesNoTurns
} as const
