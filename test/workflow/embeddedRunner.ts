/**
 * A program that refunds rows with durable refunds in a file. It gets its jobs from the test that started it, and may be
 * killed at any moment.
 */
import { Effect, Layer, Logger, ManagedRuntime, Redacted, Result, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { flushCompileCache } from "node:module"
import { FlexFactor, RefundEvidence, Refunds } from "../../src/index.ts"
import { layerEmbedded } from "../../src/workflow/embedded.ts"
import { type Ending, type FromWorker, type Job, type Report, type Setup, totals } from "../processes/protocol.ts"

const setup = JSON.parse(process.argv.at(-1) ?? "") as Setup
const { appKey, appSecret } = setup.keyPair

const runtime = ManagedRuntime.make(
  layerEmbedded({ filename: setup.journal, ...setup.policy }).pipe(
    Layer.provide(RefundEvidence.fromOrder(totals)),
    Layer.provide(
      FlexFactor.sandbox({ baseUrl: setup.url, timeout: setup.timeout, appKey, appSecret: Redacted.make(appSecret) })
    ),
    Layer.provide(FetchHttpClient.layer),
    Layer.provideMerge(Logger.layer([]))
  )
)

const run = Effect.fnUntraced(function*({ concurrency, rows }: Job) {
  const refunds = yield* Refunds.Refunds
  const endings: Array<Ending> = []
  const exit = yield* refunds.many(rows, { concurrency }).pipe(
    Stream.runForEach(({ request: { key, orderId }, result }) =>
      Effect.sync(() => {
        endings.push({ key, orderId, verdict: Result.isSuccess(result) ? "Refunded" : result.failure._tag })
      })
    ),
    Effect.result
  )
  const report: Report = { endings, stopped: Result.isFailure(exit), boundaries: 0 }
  return report
})

const say = (message: FromWorker): void => {
  process.send?.(message)
}

process.on("message", (job: Job) => {
  void runtime.runPromise(run(job)).then(say)
})
process.once("disconnect", () => process.exit())
flushCompileCache()
void runtime.runPromise(Effect.void).then(() => say("ready"))
