/**
 * Compares what the journal says with the movements of money, which only the simulator can show.
 */
import { Effect, Option } from "effect"
import { RefundJournal } from "effect-flexfactor"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { refunds, rivals } from "./story.ts"

/** What each refund came to, and what is wrong with that, each as a sentence. */
export const audit = Effect.gen(function*() {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const journal = yield* RefundJournal.RefundJournal
  const ledger = yield* simulator.ledger
  const movements = Map.groupBy(ledger, ({ message }) => message)

  const audited = yield* Effect.forEach(
    refunds,
    ({ amount, key, orderId }) =>
      Effect.map(journal.find(key), (entry) => {
        const state = Option.match(entry, { onNone: () => "not begun", onSome: ({ state }) => state })
        const moved = movements.get(key) ?? []
        const isExact = moved.every((movement) => movement.amount === amount && movement.orderId === orderId)
        const isRight = isExact && moved.length === (state === "refunded" ? 1 : 0)
        return { key, state, isRight, text: `${key} is ${state}, with ${moved.length} movements of money` }
      })
  )

  const refused = audited.filter(({ state }) => state !== "refunded")
  const known = new Set<string | undefined>(refunds.map(({ key }) => key))
  const complaints = [
    ...audited.filter(({ isRight }) => !isRight).map(({ text }) => text),
    ...refused.filter(({ key }) => !rivals.includes(key)).map(({ text }) => `${text}, although it fits`),
    ...(refused.length === 1 ? [] : [`one of ${rivals.join(" and ")} should be refused, and nothing else`]),
    ...ledger.filter(({ message }) => !known.has(message)).map(({ orderId }) =>
      `money of order ${orderId} moved, and nobody asked for it`
    )
  ]
  return {
    refunded: audited.length - refused.length,
    refused: refused.length,
    movements: ledger.length,
    cents: ledger.reduce((sum, { amount }) => sum + amount, 0),
    complaints
  }
})
