import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Random } from "effect"
import { Cents, type OrderId, RefundKey, type Refunds } from "../../src/index.ts"
import type { FlexFactorSimulator } from "../../src/testing/index.ts"
import { audit, openIn, rowOf } from "./audit.ts"
import type { Job, Report } from "./protocol.ts"
import { serveSimulator, type SimulatorServer } from "./simulatorServer.ts"
import { setUp, startWorker, work } from "./workers.ts"

// REFUND_KILLS makes it longer, REFUND_SEED makes it another one.
const kills = Number(process.env["REFUND_KILLS"] ?? 50)
const seed = process.env["REFUND_SEED"] ?? "killing"
const rowCount = 1000 * Math.ceil(kills / 60)
const orderCount = rowCount * 0.6

/** What the network and FlexFactor do wrong meanwhile; all of it is over within the settle window. */
const faults: FlexFactorSimulator.SeededFaults = {
  seed,
  rate: 0.15,
  kinds: [
    "connection refused",
    "request lost",
    "answer lost",
    "late commit",
    "late commit",
    "late commit",
    "server error before acting",
    "server error after acting",
    "answer truncated",
    "answer delayed",
    "answer as HTML",
    "answer without a body",
    "stale read"
  ],
  maxLateCommit: "300 millis",
  maxDelay: "50 millis",
  maxStaleness: "50 millis"
}

/** Rows of which some ask for more than their order has left. */
const makeRows = (orders: ReadonlyArray<OrderId>) =>
  Effect.forEach(Array.from({ length: rowCount }).keys(), (n) =>
    Effect.gen(function*() {
      const orderId = yield* Effect.fromNullishOr(orders[n % orders.length])
      const amount = Cents.make(yield* Random.nextIntBetween(2500, 4500))
      return rowOf({ key: RefundKey.make(`row-${n}`), orderId, amount })
    }))

/** The rows in another order, and a tenth of them twice. */
const shuffled = Effect.fnUntraced(function*(rows: ReadonlyArray<Refunds.KeyedRefund>) {
  const twice = (yield* Random.shuffle(rows)).slice(0, rows.length / 10)
  return yield* Random.shuffle([...rows, ...twice])
})

/** Waits for a moment to kill a run: soon after its start, as a request comes, as one is over, or a little later. */
const someMoment = Effect.fnUntraced(function*({ nthRequest }: SimulatorServer) {
  const n = yield* Random.nextIntBetween(1, 120)
  const millis = yield* Random.nextIntBetween(0, 60)
  const kind = yield* Random.nextIntBetween(0, 10)
  if (kind === 0) return yield* Effect.sleep(millis)
  yield* nthRequest(n, kind <= 3 ? "is over" : "comes")
  if (kind <= 6) yield* Effect.sleep(millis / 6)
})

const isFinal = ({ endings, stopped }: Report): boolean =>
  !stopped && endings.every(({ verdict }) => verdict === "Refunded" || verdict === "RefundExceedsBalance")

describe("A run of many refunds that is killed", () => {
  it.live(
    `settles each of ${rowCount} rows once, after ${kills} kills at random moments, its rows shuffled and some repeated`,
    () =>
      Effect.gen(function*() {
        const server = yield* serveSimulator()
        const { simulator } = server
        const orders = yield* Effect.forEach(
          Array.from({ length: orderCount }),
          () => Effect.map(simulator.addOrder({ amount: Cents.make(6000) }), ({ id }) => id)
        )
        const rows = yield* makeRows(orders)
        const setup = yield* setUp(server, { maximumSends: 20 })
        // Whoever is about to be killed does not wait for what the one before left behind.
        const hasty = { ...setup, policy: { ...setup.policy, patience: "100 millis" } } as const
        const nextJob = Effect.map(shuffled(rows), (rows): Job => ({ rows, concurrency: 16 }))

        yield* simulator.failBySeed(faults)
        let worker = yield* startWorker(hasty)
        for (let killed = 0; killed < kills; killed++) {
          const moment = yield* Effect.forkScoped(someMoment(server), { startImmediately: true })
          const next = yield* Effect.forkScoped(startWorker(killed < kills - 1 ? hasty : setup))
          yield* worker.begin(yield* nextJob)
          const first = yield* Effect.raceFirst(Effect.as(Fiber.join(moment), "the moment"), worker.report)
          assert.strictEqual(first, "the moment", "the run came to its end before it was killed")
          yield* worker.kill
          worker = yield* Fiber.join(next)
        }

        yield* simulator.failBySeed({ ...faults, rate: 0 })
        yield* worker.begin(yield* nextJob)
        let report = yield* worker.report
        for (let run = 1; run < 5 && (report === undefined || !isFinal(report)); run++) {
          report = yield* work(setup, yield* nextJob)
        }
        const open = yield* openIn(setup.journal)
        const ledger = yield* simulator.ledger
        assert.deepStrictEqual(audit({ rows, endings: report?.endings ?? [], ledger, open }), [])
        assert.deepStrictEqual(open, [])
        assert.isAbove(ledger.length, rowCount / 2)
      }).pipe(Random.withSeed(seed), Effect.scoped),
    { timeout: 4000 * kills + 120_000 }
  )
})
