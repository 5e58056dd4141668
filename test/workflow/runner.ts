/**
 * A runner of durable refunds over PostgreSQL. It gets its jobs from the test that started it, and may be killed at any
 * moment, by the test or by itself.
 */
import { NodeClusterSocket } from "@effect/platform-node"
import { PgClient } from "@effect/sql-pg"
import { Clock, Effect, Layer, Logger, ManagedRuntime, Option, Redacted, Result, Stream } from "effect"
import { ClusterWorkflowEngine, RunnerAddress } from "effect/cluster"
import { FetchHttpClient, HttpClient, HttpClientError, type HttpClientRequest } from "effect/http"
import { WorkflowEngine } from "effect/workflow"
import { flushCompileCache } from "node:module"
import { FlexFactor, RefundEvidence, RefundJournal, Refunds } from "../../src/index.ts"
import { DurableRefunds } from "../../src/workflow/index.ts"
import { type Ending, totals } from "../processes/protocol.ts"
import type { FromRunner, Job, Report, Setup } from "./protocol.ts"
import { shiftedClock } from "./shiftedClock.ts"

const setup = JSON.parse(process.argv.at(-1) ?? "") as Setup

let job: Job = { rows: [], concurrency: 1 }
let boundaries = 0
let sends = 0

/** A boundary of a durable step: here the process may end. */
const boundary = Effect.sync(() => {
  boundaries += 1
  if (boundaries === job.diesAt) process.kill(process.pid, "SIGKILL")
})

const between = <A, E, R>(step: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  boundary.pipe(Effect.andThen(step), Effect.ensuring(boundary))

const journal = Layer.effect(
  RefundJournal.RefundJournal,
  Effect.map(
    RefundJournal.RefundJournal,
    (journal) => ({ ...journal, write: (entry) => between(journal.write(entry)) })
  )
).pipe(Layer.provide(RefundJournal.layerSql()))

const engine = Layer.effect(
  WorkflowEngine.WorkflowEngine,
  Effect.map(WorkflowEngine.WorkflowEngine, (engine): WorkflowEngine.WorkflowEngine["Service"] => ({
    ...engine,
    activityExecute: (activity, attempt) => between(engine.activityExecute(activity, attempt)),
    scheduleClock: (workflow, options) => between(engine.scheduleClock(workflow, options))
  }))
).pipe(Layer.provide(ClusterWorkflowEngine.layer))

const connectionLost = (request: HttpClientRequest.HttpClientRequest) =>
  new HttpClientError.HttpClientError({
    reason: new HttpClientError.TransportError({
      request,
      cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" })
    })
  })

const http = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(
    HttpClient.HttpClient,
    HttpClient.transform((answer, request) => {
      if (!request.url.endsWith("/refund")) return answer
      sends += 1
      const loses = sends === 1 ? job.loses : "nothing"
      const lost = Effect.fail(connectionLost(request))
      if (loses === "the request") return between(lost)
      return between(loses === "the answer" ? Effect.andThen(answer, lost) : answer)
    })
  )
).pipe(Layer.provide(FetchHttpClient.layer))

const { appKey, appSecret } = setup.keyPair

const orders = FlexFactor.sandbox({
  baseUrl: setup.url,
  timeout: setup.timeout,
  appKey,
  appSecret: Redacted.make(appSecret)
}).pipe(Layer.provide(http))

const cluster = NodeClusterSocket.layer({
  shardingConfig: {
    runnerAddress: Option.some(RunnerAddress.RunnerAddress.make({ host: "127.0.0.1", port: setup.port })),
    shardsPerGroup: 20,
    refreshAssignmentsInterval: "200 millis",
    runnerHealthCheckInterval: "1 second",
    entityMessagePollInterval: "500 millis",
    entityTerminationTimeout: "2 seconds",
    shardLockExpiration: "12 seconds"
  }
})

const runtime = ManagedRuntime.make(
  DurableRefunds.layer(setup.policy).pipe(
    Layer.provide([engine, journal, RefundEvidence.fromOrder(totals)]),
    Layer.provide(cluster),
    Layer.provide(orders),
    Layer.provide(PgClient.layer({ url: Redacted.make(setup.database) })),
    Layer.provideMerge(Layer.effect(Clock.Clock, shiftedClock(() => setup.ahead))),
    Layer.provideMerge(Logger.layer(process.env["RUNNER_LOG"] === undefined ? [] : [Logger.consolePretty()]))
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
  const report: Report = { endings, stopped: Result.isFailure(exit), boundaries }
  return report
})

const say = (message: FromRunner): void => {
  process.send?.(message)
}

process.on("message", (next: Job) => {
  job = next
  boundaries = 0
  sends = 0
  void runtime.runPromise(run(job)).then(say)
})
process.once("disconnect", () => process.exit())
// Whoever is killed cannot leave its compiled code to the next one at the end.
flushCompileCache()
void runtime.runPromise(Effect.void).then(() => say("ready"))
