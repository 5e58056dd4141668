/**
 * Durable refunds on several processes over one PostgreSQL, and what they are worth when things go wrong: a producer asks
 * for refunds, three runners carry them out, answers of FlexFactor get lost, and the runners are killed one after the
 * other. In the end FlexFactor's books are compared with the journal.
 *
 * FlexFactor is the simulator, served over HTTP. The PostgreSQL is the one of DATABASE_URL, or else a throwaway one, where
 * its programs are installed.
 *
 *   npm run example:cluster
 */
import { NodeHttpServer, NodeRuntime, NodeServices } from "@effect/platform-node"
import { PgClient } from "@effect/sql-pg"
import { Console, Duration, Effect, Layer, Random, Schedule, Stream } from "effect"
import { RefundJournal } from "effect-flexfactor"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { HttpServer } from "effect/http"
import { createServer } from "node:http"
import { dollars, tableOf } from "../refund-csv/screen.ts"
import { audit } from "./audit.ts"
import { makeDatabase } from "./postgres.ts"
import { type Environment, makeRunner, type Runner, runProducer } from "./processes.ts"
import { totals } from "./settings.ts"
import { faults, kills, orders, refunds, requests, runnerCount } from "./story.ts"

const exitStatus1 = Effect.sync(() => {
  process.exitCode = 1
})

const openRefunds = RefundJournal.RefundJournal.use(({ open }) => Stream.runCollect(open))

const untilMoneyMoves = FlexFactorSimulator.FlexFactorSimulator.use(({ ledger }) =>
  Effect.repeat(ledger, { until: (ledger) => ledger.length > 0, schedule: Schedule.spaced("50 millis") })
)

const untilNothingIsOpen = Effect.repeat(openRefunds, {
  until: (open) => open.length === 0,
  schedule: Schedule.spaced("200 millis")
})

/** Kills runners, as the seed says, once the first refund was carried out. */
const killRunners = (runners: ReadonlyArray<Runner>) =>
  Effect.gen(function*() {
    yield* untilMoneyMoves
    for (let kill = 1; kill <= kills.count; kill++) {
      yield* Effect.sleep(yield* Random.nextIntBetween(kills.shortestPause, kills.longestPause))
      const { port, replace } = yield* Random.choice(runners)
      const { length } = yield* openRefunds
      yield* replace
      yield* Console.log(`kill -9: the runner at port ${port}. Refunds on their way: ${length}. Another runner starts.`)
    }
  }).pipe(Random.withSeed(kills.seed))

/** Lets the processes work until all is settled, and kills runners meanwhile. */
const work = Effect.fnUntraced(function*(environment: Environment) {
  const runners = yield* Effect.replicateEffect(makeRunner(environment), runnerCount)
  yield* Console.log(`${runnerCount} runners start, at the ports ${runners.map(({ port }) => port).join(", ")}.\n`)
  const settled = Effect.andThen(runProducer(environment), untilNothingIsOpen)
  yield* Effect.raceAllFirst([
    Effect.all([settled, killRunners(runners)], { concurrency: "unbounded" }),
    ...runners.map(({ ended }) => ended)
  ])
})

const demo = Effect.fnUntraced(function*(environment: Environment) {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  yield* Effect.forEach(orders, simulator.addOrder)
  yield* simulator.failBySeed(faults)
  yield* Console.log(
    `FlexFactor is a simulator at ${environment.flexFactor}, with ${orders.length} orders.\n`
      + `A producer asks for ${requests.length} refunds, by ${refunds.length} keys.`
  )
  const [time, complaints] = yield* Effect.timed(
    work(environment).pipe(
      Effect.as<ReadonlyArray<string>>([]),
      Effect.timeoutOrElse({
        duration: "4 minutes",
        orElse: () => Effect.succeed(["the refunds were not settled within four minutes"])
      }),
      Effect.catchTag("ProcessEnded", ({ message }) => Effect.succeed([message]))
    )
  )
  const books = yield* audit
  const failed = Object.values(yield* simulator.faultCounts).reduce((sum, count) => sum + count, 0)

  yield* Console.log(`\n${
    tableOf(["in all", ">"], [
      ["runners", String(runnerCount)],
      ["kills", String(kills.count)],
      ["requests that went wrong", String(failed)],
      ["refunds asked for", String(refunds.length)],
      ["refunded", String(books.refunded)],
      ["refused", String(books.refused)],
      ["movements of money", String(books.movements)],
      ["dollars moved", dollars(books.cents)],
      ["seconds", Duration.toSeconds(time).toFixed(1)]
    ])
  }\n`)
  const wrong = [...complaints, ...books.complaints]
  if (wrong.length === 0) {
    yield* Console.log("Each refunded key moved exactly once, and nothing else moved. The books are clean.")
  } else {
    yield* Console.log(["The books are not clean:", ...wrong].join("\n  "))
    yield* exitStatus1
  }
})

const simulator = FlexFactorSimulator.layerHttpServer({ totals }).pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
)

Effect.gen(function*() {
  const database = yield* makeDatabase
  const { address } = yield* HttpServer.HttpServer
  const flexFactor = address._tag === "InetAddressV4" ? `http://127.0.0.1:${address.port}` : address._tag
  yield* demo({ database, flexFactor }).pipe(
    Effect.scoped,
    Effect.provide(RefundJournal.layerSql().pipe(Layer.provide(PgClient.layer({ url: database }))))
  )
}).pipe(
  Effect.scoped,
  Effect.catchTag("PostgresMissing", (error) => Effect.andThen(Console.error(error.message), exitStatus1)),
  Effect.provide([simulator, NodeServices.layer]),
  NodeRuntime.runMain
)
