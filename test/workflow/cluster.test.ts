/**
 * Runners in processes of their own, over one PostgreSQL.
 */
import { assert, describe } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { Cents, RefundKey, type Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import { audit, rowOf } from "../processes/audit.ts"
import { overlaps } from "../processes/overlaps.ts"
import { serveSimulator, type SimulatorServer } from "../processes/simulatorServer.ts"
import { itOnPostgres } from "../support/postgres.ts"
import { startPostgresProxy } from "./postgresProxy.ts"
import { makeRunners } from "./runners.ts"

const charged = Cents.fromDollars("100.00")

const nextRow = Effect.fnUntraced(function*({ simulator }: SimulatorServer, key: string) {
  const { id } = yield* simulator.addOrder({ amount: charged })
  return rowOf({ key: RefundKey.make(key), orderId: id, amount: Cents.fromDollars("20.00") })
})

const rowsOf = (server: SimulatorServer, count: number) =>
  Effect.forEach(Array.from({ length: count }).keys(), (n) => nextRow(server, `row-${n}`))

describe("Two runners", () => {
  itOnPostgres(
    "that are asked to refund the same orders take turns: what fits moves once",
    () =>
      Effect.gen(function*() {
        const server = yield* serveSimulator()
        const { simulator } = server
        yield* simulator.failBySeed({ seed: "racing", rate: 1, kinds: ["answer delayed"], maxDelay: "30 millis" })
        const runners = yield* makeRunners(server)
        const workers = [yield* runners.start(), yield* runners.start()]
        const orders = yield* Effect.replicateEffect(simulator.addOrder({ amount: charged }), 30)
        const amount = Cents.fromDollars("60.00")
        const rows: Array<Refunds.KeyedRefund> = []
        const reports = yield* Effect.forEach(workers, (worker, index) =>
          Effect.gen(function*() {
            const own = orders.map(({ id }) => rowOf({ key: RefundKey.make(`${id} by ${index}`), orderId: id, amount }))
            rows.push(...own)
            yield* worker.begin({ rows: own, concurrency: own.length })
            return yield* worker.report
          }), { concurrency: "unbounded" })
        const endings = reports.flatMap((report) => report?.endings ?? [])
        const ledger = yield* simulator.ledger
        assert.deepStrictEqual(audit({ rows, endings, ledger, open: yield* runners.open }), [])
        assert.deepStrictEqual(
          new Map([...Map.groupBy(endings, ({ verdict }) => verdict)].map(([verdict, all]) => [verdict, all.length])),
          new Map([["RefundExceedsBalance", orders.length], ["Refunded", orders.length]])
        )
        assert.lengthOf(server.refunds(), orders.length)
        assert.deepStrictEqual(overlaps(server.refunds()), [])
      }).pipe(Effect.scoped),
    { timeout: 240_000 }
  )

  itOnPostgres(
    "share the work, and what one leaves behind as it is killed, the other one finishes",
    () =>
      Effect.gen(function*() {
        const server = yield* serveSimulator()
        const { simulator } = server
        const runners = yield* makeRunners(server)
        const one = yield* runners.start()
        const other = yield* runners.start()
        const rows = yield* rowsOf(server, 40)
        yield* simulator.failNext("Orders.refund", ...rows.map(() => Fault.delayed("200 millis")))
        yield* other.begin({ rows, concurrency: rows.length })
        yield* server.nthRequest(60, "comes")
        yield* one.kill
        yield* runners.untilSettled(rows.map(({ key }) => key))
        yield* other.report
        yield* other.begin({ rows, concurrency: rows.length })
        const endings = (yield* other.report)?.endings ?? []
        const ledger = yield* simulator.ledger
        assert.deepStrictEqual(audit({ rows, endings, ledger, open: yield* runners.open }), [])
        assert.lengthOf(ledger, rows.length)
      }).pipe(Effect.scoped),
    { timeout: 240_000 }
  )
})

describe("A runner", () => {
  itOnPostgres(
    "that loses its database for ten seconds in the middle of its work refunds each order once, and finishes",
    () =>
      Effect.gen(function*() {
        const server = yield* serveSimulator()
        const { simulator } = server
        const runners = yield* makeRunners(server)
        const proxy = yield* startPostgresProxy(runners.database)
        const runner = yield* runners.start({ database: proxy.url })
        const rows = yield* rowsOf(server, 100)
        yield* simulator.failNext("Orders.refund", ...rows.map(() => Fault.delayed("300 millis")))
        yield* runner.begin({ rows, concurrency: 16 })
        yield* server.nthRequest(60, "comes")
        yield* proxy.without(Effect.sleep("10 seconds"))
        yield* runner.report
        yield* runner.begin({ rows, concurrency: rows.length })
        yield* runners.untilSettled(rows.map(({ key }) => key))
        yield* runner.report
        yield* runner.begin({ rows, concurrency: rows.length })
        const endings = (yield* runner.report)?.endings ?? []
        const ledger = yield* simulator.ledger
        assert.deepStrictEqual(audit({ rows, endings, ledger, open: yield* runners.open }), [])
        assert.lengthOf(ledger, rows.length)
      }).pipe(Effect.scoped),
    { timeout: 240_000 }
  )

  itOnPostgres(
    "that is started a week later goes on with a refund in doubt by itself",
    () =>
      Effect.gen(function*() {
        const server = yield* serveSimulator()
        const { simulator } = server
        const runners = yield* makeRunners(server, {
          settleWindow: undefined,
          patience: "1 second",
          goOnFor: "30 days"
        })
        const { port } = runners
        const row = yield* nextRow(server, "a week")
        yield* simulator.failNext("Orders.refund", Fault.connectionLost({ serverActs: false }))
        const first = yield* runners.start({ port })
        yield* first.begin({ rows: [row], concurrency: 1 })
        assert.strictEqual((yield* first.report)?.endings[0]?.verdict, "RefundOutcomeUnknown")
        const waiting = runners.sql<{ readonly count: number }>`
          SELECT count(*)::int AS count FROM cluster_messages WHERE payload LIKE '%Wait%'
        `
        while ((yield* Effect.orDie(waiting))[0]?.count === 0) yield* Effect.sleep("50 millis")
        yield* first.kill

        // Ten minutes later it reads again, and goes to sleep in the database.
        const second = yield* runners.start({ port, ahead: Duration.toMillis("10 minutes") })
        const sleeping = runners.sql<{ readonly count: number }>`
          SELECT count(*)::int AS count FROM cluster_messages
          WHERE entity_type = 'Workflow/-/DurableClock' AND NOT processed
        `
        while ((yield* Effect.orDie(sleeping))[0]?.count !== 1) yield* Effect.sleep("50 millis")
        yield* second.kill
        assert.strictEqual((yield* runners.find(row.key))?.state, "in doubt")

        yield* simulator.refundInPortal(row.orderId, row.amount)
        yield* runners.start({ port, ahead: Duration.toMillis("7 days") })
        yield* runners.untilSettled([row.key])
        assert.strictEqual((yield* runners.find(row.key))?.confirmedBy, "evidence")
        assert.lengthOf(yield* simulator.ledger, 1)
      }).pipe(Effect.scoped),
    { timeout: 240_000 }
  )
})
