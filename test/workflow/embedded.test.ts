/**
 * Durable refunds in a file.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer, Logger, Random } from "effect"
import { Sharding } from "effect/cluster"
import { SqlClient } from "effect/sql"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Cents, RefundEvidence, RefundJournal, RefundKey, Refunds } from "../../src/index.ts"
import * as NodeSqlite from "../../src/NodeSqlite.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import { layerEmbedded } from "../../src/workflow/embedded.ts"
import { audit, openIn, rowOf } from "../processes/audit.ts"
import { serveSimulator } from "../processes/simulatorServer.ts"
import { setUp, startProgram, temporaryFolder } from "../processes/workers.ts"
import { totals } from "../refunds/desk.ts"
import { shiftedClock } from "./shiftedClock.ts"

const program = fileURLToPath(new URL("embeddedRunner.ts", import.meta.url))
const kills = 8

describe("Durable refunds in a file", () => {
  it.live(
    `move money once each, after ${kills} kills at random moments, and what was asked for once is finished unasked`,
    () =>
      Effect.gen(function*() {
        const server = yield* serveSimulator()
        const { simulator } = server
        const setup = yield* setUp(server, { maximumSends: 20 })
        const rows = yield* Effect.forEach(Array.from({ length: 120 }).keys(), (n) =>
          Effect.gen(function*() {
            const { id } = yield* simulator.addOrder({ amount: Cents.make(6000) })
            return rowOf({ key: RefundKey.make(`row-${n}`), orderId: id, amount: Cents.make(2500) })
          }))
        yield* simulator.failBySeed({
          seed: "embedded",
          rate: 0.2,
          kinds: ["answer lost", "late commit", "request lost", "server error after acting", "answer delayed"],
          maxLateCommit: "300 millis",
          maxDelay: "50 millis"
        })
        yield* Effect.scoped(Effect.gen(function*() {
          const worker = yield* startProgram(program, setup)
          yield* worker.begin({ rows, concurrency: rows.length })
          yield* server.nthRequest(20, "comes")
        }))
        for (let killed = 1; killed < kills; killed++) {
          yield* Effect.scoped(Effect.gen(function*() {
            yield* startProgram(program, setup)
            // It may have nothing to do any more: then it is killed while it waits.
            yield* Effect.timeoutOption(
              server.nthRequest(yield* Random.nextIntBetween(1, 40), killed % 2 === 0 ? "comes" : "is over"),
              "1 second"
            )
          }))
        }
        yield* startProgram(program, setup)
        const unfinished = SqlClient.SqlClient.use((sql) =>
          sql<{ readonly count: number }>`SELECT count(*) AS count FROM cluster_messages WHERE processed = 0`
        ).pipe(
          Effect.map(([row]) => row?.count ?? 0),
          Effect.provide(NodeSqlite.layer({ filename: setup.journal, readOnly: true }))
        )
        while ((yield* unfinished) > 0 || (yield* openIn(setup.journal)).length > 0) yield* Effect.sleep("100 millis")
        const ledger = yield* simulator.ledger
        const moved = new Set(ledger.map(({ message }) => message))
        const asked = rows.filter(({ key }) => moved.has(key))
        const endings = asked.map(({ key, orderId }) => ({ key, orderId, verdict: "Refunded" }))
        assert.deepStrictEqual(audit({ rows: asked, endings, ledger, open: [] }), [])
        // Each that the engine had taken over before the first kill was carried out. A long wait of a refund runs too.
        const [taken] = yield* SqlClient.SqlClient.use((sql) =>
          sql<{ readonly count: number }>`
            SELECT count(*) AS count FROM cluster_messages
            WHERE tag = 'run' AND entity_type = 'Workflow/FlexFactor/Refund'
          `
        ).pipe(Effect.provide(NodeSqlite.layer({ filename: setup.journal, readOnly: true })))
        assert.lengthOf(asked, taken?.count ?? 0)
        assert.isAtLeast(asked.length, 5)
      }).pipe(Random.withSeed("embedded"), Effect.scoped),
    { timeout: 240_000 }
  )

  it.live(
    "keep nothing in memory while they wait for long",
    () =>
      Effect.gen(function*() {
        let ahead = 0
        const filename = join(yield* temporaryFolder, "refunds.db")
        const clock = yield* shiftedClock(() => ahead)
        const layer = layerEmbedded({ filename, patience: "1 second" }).pipe(
          Layer.provide(RefundEvidence.fromOrder(totals)),
          Layer.provideMerge(FlexFactorSimulator.layer({ totals })),
          Layer.provideMerge(Layer.succeed(Clock.Clock, clock)),
          Layer.provideMerge(Logger.layer([]))
        )
        yield* Effect.gen(function*() {
          const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
          const sharding = yield* Sharding.Sharding
          const sql = yield* SqlClient.SqlClient
          const orders = yield* Effect.replicateEffect(simulator.addOrder({ amount: Cents.make(5000) }), 50)
          yield* simulator.failNext(
            "Orders.refund",
            ...orders.map(() => Fault.connectionLost({ serverActs: false }))
          )
          yield* Effect.forEach(orders, ({ id }) =>
            Refunds.Refunds.use((refunds) =>
              Effect.flip(refunds.refund({ key: RefundKey.make(id), orderId: id, amount: Cents.make(1000) }))
            ), { concurrency: "unbounded" })
          // Each was read once after it was sent, and waits in memory for a second or two.
          const waiting = sql<{ readonly count: number }>`
            SELECT count(DISTINCT entity_id) AS count FROM cluster_messages WHERE payload LIKE '%Wait%'
          `
          while ((yield* waiting)[0]?.count !== orders.length) {
            yield* Effect.sleep("50 millis")
          }
          assert.isAtLeast(yield* sharding.activeEntityCount, orders.length)

          // Ten minutes later they are read again, and then sleep for as long.
          ahead += 10 * 60_000
          const sleeping = sql<{ readonly count: number }>`
            SELECT count(*) AS count FROM cluster_messages
            WHERE entity_type = 'Workflow/-/DurableClock' AND processed = 0
          `
          while ((yield* sleeping)[0]?.count !== orders.length) {
            yield* Effect.sleep("50 millis")
          }
          ahead += 60_000
          while ((yield* sharding.activeEntityCount) > 0) {
            yield* Effect.sleep("200 millis")
          }

          yield* Effect.forEach(orders, ({ id }) =>
            simulator.refundInPortal(id, Cents.make(1000)))
          ahead += 60 * 60_000
          const journal = yield* RefundJournal.RefundJournal
          for (const { id } of orders) {
            const isRefunded = Effect.map(
              Effect.flatMap(journal.find(RefundKey.make(id)), Effect.fromOption),
              (entry) =>
                entry.state === "refunded"
            )
            while (!(yield* isRefunded)) {
              yield* Effect.sleep("50 millis")
            }
          }
        }).pipe(Effect.provide(layer))
      }).pipe(Effect.scoped),
    { timeout: 180_000 }
  )

  it.live("refuse a second process, and leave the file readable", () =>
    Effect.gen(function*() {
      const filename = join(yield* temporaryFolder, "refunds.db")
      const open = Layer.build(NodeSqlite.layer({ filename, exclusive: true, busyTimeout: 20 }))
      yield* Effect.gen(function*() {
        yield* open
        const error = yield* Effect.flip(open)
        assert.include(error.message, "to be used by one process at a time")
        yield* Layer.build(NodeSqlite.layer({ filename, readOnly: true }))
      }).pipe(Effect.scoped)
      yield* Effect.scoped(open)
    }).pipe(Effect.scoped))
})
