import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Redacted, Result, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { Cents, FlexFactor, RefundEvidence, RefundJournal, RefundKey, Refunds } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { audit, rowOf } from "./audit.ts"
import { startChaosProxy } from "./chaosProxy.ts"
import { type Ending, totals } from "./protocol.ts"
import { serveSimulator } from "./simulatorServer.ts"

const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair

const refundsAt = (baseUrl: string) =>
  Refunds.layer({
    settleWindow: "1 second",
    readingGap: "50 millis",
    patience: "10 seconds",
    sendTimeout: "2 seconds",
    maximumSends: 20
  }).pipe(
    Layer.provide([RefundJournal.layerMemory, RefundEvidence.fromOrder(totals)]),
    Layer.provide(FlexFactor.sandbox({ baseUrl, appKey, appSecret: Redacted.make(appSecret), timeout: "2 seconds" }))
  )

describe.concurrent("Refunds through a proxy that tears connections down at random bytes", () => {
  it.live.each(
    [
      ["fetch", FetchHttpClient.layer],
      ["undici", NodeHttpClient.layerUndici]
    ] as const
  )("300 refunds over %s move once each, or are listed as in doubt", ([transport, http]) =>
    Effect.gen(function*() {
      const server = yield* serveSimulator()
      const { simulator } = server
      const proxy = yield* startChaosProxy({ seed: transport, port: server.port, lifetime: 2500, longestDelay: 2 })
      const orders = yield* Effect.replicateEffect(simulator.addOrder({ amount: Cents.make(10_000) }), 120)
      const rows = Array.from({ length: 300 }, (_, n) => n).flatMap((n) => {
        const order = orders[n % orders.length]
        return order === undefined
          ? []
          : [rowOf({ key: RefundKey.make(`row-${n}`), orderId: order.id, amount: Cents.make(2000) })]
      })

      yield* Effect.gen(function*() {
        const refunds = yield* Refunds.Refunds
        const ask = (row: Refunds.KeyedRefund) =>
          Effect.map(Effect.result(refunds.refund(row)), (result): Ending => ({
            key: row.key,
            orderId: row.orderId,
            verdict: Result.isSuccess(result) ? "Refunded" : result.failure._tag
          }))
        let endings: ReadonlyArray<Ending> = []
        for (
          let asked = 0;
          asked < 5 && (asked === 0 || endings.some(({ verdict }) => verdict !== "Refunded"));
          asked++
        ) {
          endings = yield* Effect.forEach(rows, ask, { concurrency: 32 })
        }
        const open = yield* Stream.runCollect(refunds.open)
        assert.deepStrictEqual(audit({ rows, endings, ledger: yield* simulator.ledger, open }), [])
        assert.isAbove(Math.min(proxy.cuts().there, proxy.cuts().back), 30)
      }).pipe(Effect.provide([Layer.provide(refundsAt(proxy.url), http), Logger.layer([])]))
    }).pipe(Effect.scoped), { timeout: 240_000 })
})
