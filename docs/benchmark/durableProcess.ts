/**
 * A process of the benchmark: asks for one refund and is killed after it was sent; or goes on with it, and says how many
 * milliseconds after its own start the refund was settled.
 *
 *   node durableProcess.ts <"file" or "postgres"> <filename or URL> <FlexFactor's URL> <key> <id of the order, to ask for>
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer, Logger, Redacted } from "effect"
import { Cents, FlexFactor, OrderId, RefundJournal, RefundKey, Refunds } from "effect-flexfactor"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { FetchHttpClient, HttpClient } from "effect/http"
import { inFile, inPostgres } from "./engines.ts"

const [kind = "", place = "", baseUrl = "", name = "", order] = process.argv.slice(2)
const key = RefundKey.make(name)
const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair

let isSent = false

/** Kills the process as it reads the order after the refund was sent. */
const mortal = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(
    HttpClient.HttpClient,
    HttpClient.tapRequest(({ method, url }) =>
      Effect.sync(() => {
        if (order !== undefined && isSent && method === "GET") process.kill(process.pid, "SIGKILL")
        if (url.endsWith("/refund")) isSent = true
      })
    )
  )
).pipe(Layer.provide(FetchHttpClient.layer))

const untilSettled = Effect.gen(function*() {
  const journal = yield* RefundJournal.RefundJournal
  while (true) {
    const entry = yield* Effect.flatMap(journal.find(key), Effect.fromOption)
    if (entry.state === "refunded") return
    yield* Effect.sleep("5 millis")
  }
})

const program: Effect.Effect<unknown, unknown, RefundJournal.RefundJournal | Refunds.Refunds> = order === undefined
  ? Effect.andThen(untilSettled, Effect.suspend(() => Console.log(Math.round(performance.now()))))
  : Refunds.Refunds.use((refunds) => refunds.refund({ key, orderId: OrderId.make(order), amount: Cents.make(1000) }))

const layer = kind === "file" ? inFile(place) : inPostgres(place)

const services = layer.pipe(
  Layer.provide(FlexFactor.sandbox({ baseUrl, appKey, appSecret: Redacted.make(appSecret) })),
  Layer.provide(mortal),
  Layer.provideMerge(Logger.layer([]))
)

NodeRuntime.runMain(Effect.provide(program, services))
