/**
 * A journal over a network: some writes fail before they are kept, some after, and some are kept long after whoever wrote
 * them has given up.
 */
import { Effect } from "effect"
import { type RefundJournal, RefundJournalError } from "../../src/index.ts"
import type { Dice } from "./scenario.ts"
import type { VirtualTime } from "./virtualTime.ts"

type Journal = RefundJournal.RefundJournal["Service"]

const longestOutage = 20_000
const latestWrite = 30_000

const fail = (operation: RefundJournalError["operation"]) =>
  Effect.fail(new RefundJournalError({ operation, reason: "the connection is lost" }))

/** The journal as one process has it. Its connection can be away for a while, which others do not notice. */
export const failingJournal = (journal: Journal, dice: Dice, time: VirtualTime): Journal => {
  let awayUntil = 0
  const leave = (probability: number): void => {
    if (dice.chance(probability)) awayUntil = time.now() + dice.below(longestOutage)
  }
  const reading = <A>(operation: RefundJournalError["operation"], read: Effect.Effect<A, RefundJournalError>) =>
    Effect.suspend(() => time.now() < awayUntil ? fail(operation) : read)

  const keptLate = (entry: Parameters<Journal["write"]>[0]): ReturnType<Journal["write"]> =>
    Effect.callback((resume) => {
      time.at(time.now() + dice.below(latestWrite), () => resume(Effect.runSync(Effect.exit(journal.write(entry)))))
    })

  return {
    find: (key) => reading("find", journal.find(key)),
    ofOrder: (orderId) => reading("ofOrder", journal.ofOrder(orderId)),
    open: journal.open,
    write: (entry) =>
      Effect.suspend(() => {
        leave(0.03)
        if (time.now() < awayUntil || dice.chance(0.03)) return fail("write")
        if (dice.chance(0.02)) return keptLate(entry)
        if (!dice.chance(0.1)) return journal.write(entry)
        leave(0.5)
        return Effect.andThen(journal.write(entry), fail("write"))
      })
  }
}
