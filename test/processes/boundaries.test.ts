import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cents, RefundKey } from "../../src/index.ts"
import { audit, openIn, rowOf } from "./audit.ts"
import type { Loss } from "./protocol.ts"
import { serveSimulator } from "./simulatorServer.ts"
import { setUp, work } from "./workers.ts"

/** What happens to a refund, how many boundaries its steps have at least, and how it ends once it is asked for again. */
const stories: ReadonlyArray<readonly [story: string, loses: Loss, dollars: string, steps: number, verdict: string]> = [
  ["all goes well", "nothing", "20.00", 3, "Refunded"],
  ["its answer is lost", "the answer", "20.00", 3, "Refunded"],
  ["it is lost on its way, so that it is sent again", "the request", "20.00", 5, "Refunded"],
  ["FlexFactor refuses it", "nothing", "70.00", 3, "RefundRejected"]
]

describe.concurrent("A program that ends before or after any journal write, or before or after it sends a refund", () => {
  it.live.each(stories)(
    "settles the refund once when it is started again: %s",
    ([, loses, dollars, steps, verdict]) =>
      Effect.gen(function*() {
        const server = yield* serveSimulator({ largestPartialRefund: 0.6 })
        const { simulator } = server
        const setup = yield* setUp(server)
        const nextRow = Effect.fnUntraced(function*(key: string) {
          const { id } = yield* simulator.addOrder({ amount: Cents.make(10_000) })
          return rowOf({ key: RefundKey.make(key), orderId: id, amount: Cents.fromDollars(dollars) })
        })

        const whole = yield* nextRow("whole")
        const report = yield* work(setup, { rows: [whole], concurrency: 1, loses })
        const boundaries = report?.boundaries ?? 0
        assert.strictEqual(report?.endings[0]?.verdict, verdict)
        assert.isAtLeast(boundaries, 2 * steps)

        const cut = yield* Effect.forEach(
          Array.from({ length: boundaries }, (_, index) => index + 1),
          Effect.fnUntraced(function*(diesAt) {
            const row = yield* nextRow(`cut at ${diesAt}`)
            assert.isUndefined(yield* work(setup, { rows: [row], concurrency: 1, loses, diesAt }), "it did not die")
            return row
          }),
          { concurrency: 2 }
        )

        const rows = [whole, ...cut]
        const resumed = yield* work(setup, { rows, concurrency: rows.length })
        const endings = resumed?.endings ?? []
        assert.deepStrictEqual(new Set(endings.map((ending) => ending.verdict)), new Set([verdict]))
        const open = yield* openIn(setup.journal)
        assert.deepStrictEqual(audit({ rows, endings, ledger: yield* simulator.ledger, open }), [])
      }).pipe(Effect.scoped),
    { timeout: 240_000 }
  )
})
