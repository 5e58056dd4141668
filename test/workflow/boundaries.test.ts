/**
 * A process of the cluster is killed at every step of a refund, and another one takes its place.
 */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { Cents, RefundKey, type Refunds } from "../../src/index.ts"
import { audit, rowOf } from "../processes/audit.ts"
import type { Loss } from "../processes/protocol.ts"
import { serveSimulator } from "../processes/simulatorServer.ts"
import { itOnPostgres } from "../support/postgres.ts"
import { makeRunners } from "./runners.ts"

/** What happens to a refund, how many boundaries its steps have at least, and how it ends. */
const stories: ReadonlyArray<readonly [story: string, loses: Loss, dollars: string, least: number, verdict: string]> = [
  ["all goes well", "nothing", "20.00", 14, "Refunded"],
  ["its answer is lost", "the answer", "20.00", 14, "Refunded"],
  ["it is lost on its way, so that it is sent again", "the request", "20.00", 24, "Refunded"],
  ["FlexFactor refuses it", "nothing", "70.00", 14, "RefundRejected"]
]

describe.concurrent("A runner that ends before or after any step, journal write or send of a refund", () => {
  for (const [story, loses, dollars, least, verdict] of stories) {
    itOnPostgres(
      `leaves the refund to the process that takes its place, which settles it once and unasked: ${story}`,
      () =>
        Effect.gen(function*() {
          const server = yield* serveSimulator({ largestPartialRefund: 0.6 })
          const { simulator } = server
          // What a process leaves behind on its way is waited for, many times.
          const runners = yield* makeRunners(server, { sendTimeout: "1200 millis" })
          const start = runners.start({ port: runners.port, timeout: 1000 })
          const rows: Array<Refunds.KeyedRefund> = []
          let runner = yield* start
          for (let diesAt = 1;; diesAt++) {
            // What the one before left behind is gone on with by itself.
            yield* runners.untilSettled(rows.map(({ key }) => key))
            const { id } = yield* simulator.addOrder({ amount: Cents.make(10_000) })
            const row = rowOf({
              key: RefundKey.make(`cut at ${diesAt}`),
              orderId: id,
              amount: Cents.fromDollars(dollars)
            })
            rows.push(row)
            yield* runner.begin({ rows: [row], concurrency: 1, loses, diesAt })
            if ((yield* runner.report) !== undefined) break
            runner = yield* start
          }
          assert.isAtLeast(rows.length, least)
          yield* runner.begin({ rows, concurrency: rows.length })
          const endings = (yield* runner.report)?.endings ?? []
          assert.deepStrictEqual(new Set(endings.map((ending) => ending.verdict)), new Set([verdict]))
          const ledger = yield* simulator.ledger
          assert.deepStrictEqual(audit({ rows, endings, ledger, open: yield* runners.open }), [])
          assert.lengthOf(ledger, verdict === "Refunded" ? rows.length : 0)
        }).pipe(Effect.scoped),
      { timeout: 480_000 }
    )
  }
})
