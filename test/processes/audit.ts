/**
 * Compares what programs said about their refunds with the money that moved, and with what the journal lists.
 */
import { Effect, Layer, Stream } from "effect"
import { type RefundEntry, RefundJournal, type Refunds } from "../../src/index.ts"
import * as NodeSqlite from "../../src/NodeSqlite.ts"
import type { FlexFactorSimulator } from "../../src/testing/index.ts"
import type { Ending } from "./protocol.ts"

/** A row whose movements of money can be told from those of any other: its key is its message as well. */
export const rowOf = (row: Omit<Refunds.KeyedRefund, "message">): Refunds.KeyedRefund => ({ ...row, message: row.key })

/** The refunds that a journal file lists as open. */
export const openIn = (journal: string): Effect.Effect<ReadonlyArray<RefundEntry>> =>
  RefundJournal.RefundJournal.use(({ open }) => Stream.runCollect(open)).pipe(
    Effect.provide(
      RefundJournal.layerSql({ migrate: false }).pipe(Layer.provide(NodeSqlite.layer({ filename: journal })))
    ),
    Effect.orDie
  )

interface Books {
  readonly rows: ReadonlyArray<Refunds.KeyedRefund>
  /** How the rows ended, in the last run. */
  readonly endings: ReadonlyArray<Ending>
  readonly ledger: ReadonlyArray<FlexFactorSimulator.LedgerEntry>
  readonly open: ReadonlyArray<RefundEntry>
}

/** What does not fit, each as a sentence; nothing if all is well. */
export const audit = ({ endings, ledger, open, rows }: Books): ReadonlyArray<string> => {
  const listed = new Set<string>(open.map(({ key }) => key))
  const expected = new Set<string | undefined>(rows.map(({ key }) => key))
  const movements = Map.groupBy(ledger, ({ message }) => message)
  const verdicts = Map.groupBy(endings, ({ key }) => key)

  const complaints = rows.flatMap(({ amount, key, orderId }): ReadonlyArray<string> => {
    const said = new Set(verdicts.get(key)?.map(({ verdict }) => verdict))
    const moved = movements.get(key) ?? []
    const isRight = moved.every((entry) => entry.amount === amount && entry.orderId === orderId)
    const [verdict] = said
    if (verdict === undefined) return [`${key} has no verdict`]
    if (said.size > 1) return [`${key} has several verdicts: ${[...said].join(", ")}`]
    if (!isRight) return [`${key} moved another amount, or another order's`]
    if (verdict === "RefundOutcomeUnknown") {
      if (!listed.has(key)) return [`${key} is in doubt and not listed as open`]
      return moved.length <= 1 ? [] : [`${key} is in doubt and moved ${moved.length} times`]
    }
    if (listed.has(key)) return [`${key} is ${verdict} and listed as open`]
    const times = verdict === "Refunded" ? 1 : 0
    return moved.length === times ? [] : [`${key} is ${verdict} and moved ${moved.length} times`]
  })

  const strangers = ledger.filter(({ message }) => !expected.has(message))
  return [...complaints, ...strangers.map(({ message }) => `${message ?? "money"} moved, and nobody asked for it`)]
}
