/** A program that keeps its refunds in a file, by the SQLite of its runtime. It prints what the journal holds. */
import { Console, Effect, Layer } from "effect"
import { Cents, RefundEvidence, RefundJournal, RefundKey, Refunds } from "effect-flexfactor"
import * as NodeSqlite from "effect-flexfactor/NodeSqlite"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const folder = mkdtempSync(join(tmpdir(), "journal-"))

const program = Effect.gen(function*() {
  const refunds = yield* Refunds.Refunds
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const { id } = yield* simulator.addOrder({ amount: Cents.fromDollars("50.00") })
  yield* refunds.refund({ key: RefundKey.make("ticket-1"), orderId: id, amount: Cents.make(100) })
  const journal = yield* RefundJournal.RefundJournal
  const entries = yield* journal.ofOrder(id)
  yield* Console.log(entries.map(({ key, state }) => `${key} ${state}`).join())
})

const layer = Refunds.layer().pipe(
  Layer.provide(RefundEvidence.fromOrder({ refunded: "amountRefunded" })),
  Layer.provideMerge(RefundJournal.layerSql()),
  Layer.provide(NodeSqlite.layer({ filename: join(folder, "refunds.db") })),
  Layer.provideMerge(FlexFactorSimulator.layer({ totals: { refunded: "amountRefunded" } }))
)

await Effect.runPromise(Effect.provide(program, layer)).finally(() => rmSync(folder, { recursive: true }))
