import { assert, describe, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import { Cents, type OrderId, RefundKey, type Refunds } from "../../src/index.ts"
import { audit, openIn, rowOf } from "./audit.ts"
import { overlaps } from "./overlaps.ts"
import type { Ending } from "./protocol.ts"
import { serveSimulator } from "./simulatorServer.ts"
import { setUp, startWorker } from "./workers.ts"

const charged = Cents.fromDollars("100.00")

/** How many processes race, by which keys, for how many dollars each, for how many orders, of which 25 at a time. */
const races: ReadonlyArray<
  readonly [processes: number, keys: "keys of their own" | "equal keys", dollars: string, orders: number]
> = [
  [2, "keys of their own", "60.00", 100],
  [4, "keys of their own", "60.00", 75],
  [4, "keys of their own", "30.00", 50],
  [2, "equal keys", "60.00", 50],
  [4, "equal keys", "60.00", 50]
]

const atOnce = 25

const keyOf = (orderId: OrderId, keys: string, process: number): RefundKey =>
  RefundKey.make(keys === "equal keys" ? orderId : `${orderId} by ${process}`)

describe("Processes that share a journal file", () => {
  it.live.each(races)(
    "%i of them, with %s, race for $%s of each order of $100.00: what fits moves once, over %i orders",
    ([processes, keys, dollars, orderCount]) =>
      Effect.gen(function*() {
        const amount = Cents.fromDollars(dollars)
        const server = yield* serveSimulator()
        const { simulator } = server
        yield* simulator.failBySeed({ seed: "racing", rate: 1, kinds: ["answer delayed"], maxDelay: "30 millis" })
        const setup = yield* setUp(server)
        const workers = yield* Effect.replicateEffect(startWorker(setup), processes, { concurrency: 2 })

        const allRows = new Map<RefundKey, Refunds.KeyedRefund>()
        const endings: Array<Ending> = []
        for (let raced = 0; raced < orderCount; raced += atOnce) {
          const orders = yield* Effect.replicateEffect(simulator.addOrder({ amount: charged }), atOnce)
          const reports = yield* Effect.forEach(workers, (worker, process) =>
            Effect.gen(function*() {
              const rows = orders.map(({ id }) => rowOf({ key: keyOf(id, keys, process), orderId: id, amount }))
              for (const row of rows) allRows.set(row.key, row)
              yield* worker.begin({ rows: yield* Random.shuffle(rows), concurrency: atOnce })
              return yield* worker.report
            }), { concurrency: "unbounded" })
          endings.push(...reports.flatMap((report) => report?.endings ?? []))
        }

        const rows = [...allRows.values()]
        const fitting = keys === "equal keys" ? 1 : Math.min(processes, Math.floor(charged / amount))
        const ledger = yield* simulator.ledger
        assert.deepStrictEqual(audit({ rows, endings, ledger, open: yield* openIn(setup.journal) }), [])
        assert.lengthOf(endings, processes * orderCount)
        assert.deepStrictEqual(
          new Set(endings.map(({ verdict }) => verdict)),
          new Set(keys === "equal keys" || fitting === processes ? ["Refunded"] : ["Refunded", "RefundExceedsBalance"])
        )
        assert.lengthOf(ledger, fitting * orderCount)
        assert.lengthOf(server.refunds(), fitting * orderCount)
        assert.deepStrictEqual(overlaps(server.refunds()), [])
      }).pipe(Random.withSeed("racing"), Effect.scoped),
    { timeout: 240_000 }
  )
})
