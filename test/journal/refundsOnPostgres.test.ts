/**
 * Programs that share a journal in PostgreSQL, each with connections and turns of its own.
 */
import { assert, describe } from "@effect/vitest"
import { Effect, Layer, Logger, Result, Stream } from "effect"
import { Cents, type OrderId, RefundEvidence, RefundJournal, RefundKey, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import { itOnPostgres, layerPostgres, postgresSchema } from "../support/postgres.ts"

const totals = { charged: "amount", refunded: "amountRefunded" } as const
const charged = Cents.fromDollars("100.00")
const most = Cents.fromDollars("60.00")
const policy = { readingGap: "50 millis", patience: "30 seconds", sendTimeout: "10 seconds" } as const

const isolations = ["read committed", "repeatable read", "serializable"] as const

type Isolation = (typeof isolations)[number]

/** A program: `Refunds` with a client of its own on the database that all share. */
const program = (schema: string, isolation: Isolation) =>
  Effect.map(
    Layer.build(Layer.fresh(
      Refunds.layer(policy).pipe(
        Layer.provide(
          RefundJournal.layerSql().pipe(Layer.provide(layerPostgres(schema, {
            startupParameters: { search_path: schema, default_transaction_isolation: isolation }
          })))
        ),
        Layer.provide(RefundEvidence.fromOrder(totals))
      )
    )),
    (context) => Refunds.Refunds.pipe(Effect.provideContext(context))
  ).pipe(Effect.flatten)

const race = Effect.fnUntraced(function*(
  isolation: Isolation,
  orderCount: number,
  keyOf: (id: OrderId, program: number) => string
) {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const schema = yield* postgresSchema
  const programs = yield* Effect.replicateEffect(program(schema, isolation), 3)
  const orders = yield* Effect.replicateEffect(simulator.addOrder({ amount: charged }), orderCount)
  yield* simulator.failNext(
    "Orders.refund",
    ...orders.map((_, index) =>
      index % 3 === 0 ? Fault.connectionLost({ serverActs: true }) : Fault.delayed("10 millis")
    )
  )
  const results = yield* Effect.forEach(programs, (refunds, index) =>
    Stream.runCollect(refunds.many(
      orders.map(({ id }) => ({ key: RefundKey.make(keyOf(id, index)), orderId: id, amount: most })),
      { concurrency: 8 }
    )), { concurrency: "unbounded" })
  const ledger = yield* simulator.ledger
  const open = yield* Stream.runCollect(programs[0]?.open ?? Stream.empty)
  return {
    moved: ledger.length,
    open: open.length,
    verdicts: new Set(
      results.flat().map(({ result }) => Result.isSuccess(result) ? "refunded" : result.failure._tag)
    )
  }
})

const withSimulator = Effect.provide([FlexFactorSimulator.layer({ totals }), Logger.layer([])])

describe.each(isolations)("Three programs on PostgreSQL, in transactions that are %s,", (isolation) => {
  itOnPostgres(
    "that refund one order under one key move its money once, and all of them say so",
    () =>
      Effect.gen(function*() {
        const raced = yield* race(isolation, 40, (id) => id)
        assert.deepStrictEqual(raced, { moved: 40, open: 0, verdicts: new Set(["refunded"]) })
      }).pipe(withSimulator)
  )

  itOnPostgres(
    "that refund more than an order holds, under keys of their own, move what fits",
    () =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* race(isolation, 40, (id, program) => `${id} by ${program}`), {
          moved: 40,
          open: 0,
          verdicts: new Set(["refunded", "RefundExceedsBalance"])
        })
      }).pipe(withSimulator)
  )
})
