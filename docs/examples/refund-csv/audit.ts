/**
 * Compares the rows of the file with the movements of money, which only the simulator can show.
 */
import { Effect, Option } from "effect"
import { RefundJournal, type RefundKey } from "effect-flexfactor"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { dollars, tableOf } from "./screen.ts"
import type { Row } from "./story.ts"

const times = (count: number): string => count === 1 ? "once" : count === 0 ? "not at all" : `${count} times`

/** How often a row may have moved money, by what the journal says of it; a row that is not in it was never sent. */
const allowed = (state: string): ReadonlyArray<number> =>
  state === "refunded" ? [1] : state === "sending" || state === "in doubt" ? [0, 1] : [0]

/** The table of the audit, and whether each row moved money as often as its verdict says. */
export const audit = Effect.fnUntraced(function*(rows: ReadonlyArray<Row>, cutOff: ReadonlyArray<RefundKey>) {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const journal = yield* RefundJournal.RefundJournal
  const movements = Map.groupBy(yield* simulator.ledger, ({ message }) => message)
  const sent = (yield* simulator.requests).filter(({ operation }) => operation === "Orders.refund")

  const audited = yield* Effect.forEach(rows, ({ amount, key, message }) =>
    Effect.map(journal.find(key), (entry) => {
      const state = Option.match(entry, { onNone: () => "not sent", onSome: ({ state }) => state })
      const moved = movements.get(message) ?? []
      const isRight = allowed(state).includes(moved.length) && moved.every((movement) => movement.amount === amount)
      return { key, state, moved: moved.length, cents: amount * moved.length, isRight }
    }))

  const kinds = Map.groupBy(audited, ({ moved, state }) => `${state}|${times(moved)}`)
  const lines = [...kinds].map(([kind, ofKind]) => {
    const [state = "", moved = ""] = kind.split("|")
    const cents = ofKind.reduce((sum, { cents }) => sum + cents, 0)
    return [String(ofKind.length), state, moved, dollars(cents), ofKind.every(({ isRight }) => isRight) ? "yes" : "no"]
  })
  const wrong = audited.filter(({ isRight }) => !isRight).map(({ key }) => key)
  const rescued = audited.filter(({ key }) => cutOff.includes(key)).map(({ key, moved, state }) =>
    `  ${key}: ${state}, moved ${times(moved)}`
  )

  const text = [
    tableOf([">rows", "the journal says", "money moved", ">dollars", "right"], lines),
    "",
    "Those that the kill caught on their way:",
    ...rescued,
    "",
    `${sent.length} requests to refund arrived, for ${rows.length} rows.`,
    wrong.length === 0
      ? "Each refunded row moved exactly once, and no rejected row moved. The books are clean."
      : `The books are not clean: ${wrong.join(", ")}`
  ].join("\n")
  return { isClean: wrong.length === 0, text }
})
