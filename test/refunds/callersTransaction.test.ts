/**
 * A refund within a transaction of its caller, over a database with one connection.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Result } from "effect"
import { SqlClient } from "effect/sql"
import { Cents, OrderId, RefundEvidence, RefundJournal, RefundKey, Refunds } from "../../src/index.ts"
import { layer as layerSqlite } from "../../src/NodeSqlite.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"

const orderId = OrderId.make("00000000-0000-4000-8000-000000000001")
const totals = { charged: "amount", refunded: "amountRefunded" } as const

const layer = Refunds.layer({ readingGap: "50 millis", patience: "1 second" }).pipe(
  Layer.provide(RefundJournal.layerSql()),
  Layer.provideMerge(layerSqlite({ filename: ":memory:" })),
  Layer.provide(RefundEvidence.fromOrder(totals)),
  Layer.provideMerge(FlexFactorSimulator.layer({ orders: [{ id: orderId, amount: Cents.make(5000) }], totals })),
  Layer.provideMerge(Logger.layer([])),
  Layer.orDie
)

const refund = (name: string) =>
  Refunds.Refunds.use((refunds) =>
    Effect.result(refunds.refund({ key: RefundKey.make(name), orderId, amount: Cents.make(1000) }))
  )

const giveBack = (name: string) =>
  Refunds.Refunds.use((refunds) => Effect.result(refunds.refundOrCancel({ key: RefundKey.make(name), orderId })))

const tagOf = (result: Result.Result<unknown, { readonly _tag: string }>): string =>
  Result.match(result, { onSuccess: () => "refunded", onFailure: ({ _tag }) => _tag })

describe("a refund within a transaction of its caller", () => {
  it.live("is refused, also where it could join one that is under way, and holds up nobody", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* simulator.failNext("Orders.refund", Fault.delayed("200 millis"))
      const within = (name: string) => sql.withTransaction(refund(name))
      const results = yield* Effect.all([
        refund("ticket-1"),
        Effect.delay(within("ticket-1"), "50 millis"),
        Effect.delay(within("ticket-2"), "50 millis"),
        Effect.delay(sql.withTransaction(giveBack("ticket-2")), "50 millis")
      ], { concurrency: "unbounded" })
      assert.deepStrictEqual(results.map((result) => tagOf(result)), [
        "refunded",
        ...Array.from({ length: 3 }, () => "RefundJournalError")
      ])
      const readings = (yield* simulator.requests).filter(({ operation }) => operation === "Orders.get")
      assert.lengthOf(readings, 2)
      assert.strictEqual(tagOf(yield* refund("ticket-2")), "refunded")
      assert.lengthOf(yield* simulator.ledger, 2)
    }).pipe(Effect.provide(layer)))
})
