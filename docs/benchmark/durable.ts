/**
 * Measures durable refunds: how many a second, in memory, in a file and over PostgreSQL, one after the other and 32 at
 * once; and how long after a kill another process has settled what was under way.
 *
 * PostgreSQL is that of DATABASE_URL, or a throwaway one.
 *
 *   npm run bench:durable [-- --write docs/durable.md]
 */
import { NodeHttpServer, NodeRuntime, NodeServices } from "@effect/platform-node"
import { PgClient } from "@effect/sql-pg"
import { Console, Effect, FileSystem, Layer, Logger, Redacted, Stream } from "effect"
import { Cents, type Orders, RefundKey, Refunds } from "effect-flexfactor"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { HttpServer } from "effect/http"
import { ChildProcess } from "effect/process"
import { SqlClient } from "effect/sql"
import { createServer } from "node:http"
import { cpus } from "node:os"
import { fileURLToPath } from "node:url"
import { makeDatabase } from "../examples/cluster/postgres.ts"
import { inFile, inMemory, inPostgres, totals } from "./engines.ts"

const program = fileURLToPath(new URL("durableProcess.ts", import.meta.url))
const refundsOfOne = 100
const kills = 7

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Refunds a second, of orders of their own. */
const rate = Effect.fnUntraced(function*(round: string, concurrency: number) {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const refunds = yield* Refunds.Refunds
  const orders = yield* Effect.replicateEffect(simulator.addOrder({ amount: Cents.make(5000) }), refundsOfOne)
  const start = performance.now()
  yield* Effect.forEach(
    orders,
    ({ id }) => refunds.refund({ key: RefundKey.make(`${round}-${id}`), orderId: id, amount: Cents.make(1000) }),
    { concurrency }
  )
  return (refundsOfOne * 1000) / (performance.now() - start)
})

/** The rate one at a time and 32 at once, each the median of three rounds after one that does not count. */
const rates = <E>(layer: Layer.Layer<Refunds.Refunds, E, Orders>) =>
  Effect.gen(function*() {
    yield* rate("warm", 32)
    const alone: Array<number> = []
    const together: Array<number> = []
    for (const round of ["first", "second", "third"]) {
      alone.push(yield* rate(`${round} alone`, 1))
      together.push(yield* rate(`${round} together`, 32))
    }
    return [median(alone), median(together)] as const
  }).pipe(Effect.provide(layer.pipe(Layer.provideMerge(FlexFactorSimulator.layer({ totals })))))

const start = (...args: ReadonlyArray<string>) =>
  ChildProcess.make(process.execPath, [
    "--conditions=effect-flexfactor-source",
    "--no-warnings",
    program,
    ...args
  ], { stderr: "inherit" })

/** How long after its start a process has settled what a killed one left, in milliseconds. */
const resumption = Effect.fnUntraced(function*(kind: "file" | "postgres", place: string, flexFactor: string) {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const times: Array<number> = []
  for (let kill = 0; kill < kills; kill++) {
    const { id } = yield* simulator.addOrder({ amount: Cents.make(5000) })
    const killed = yield* start(kind, place, flexFactor, `${kind}-${id}`, id)
    yield* Effect.exit(killed.exitCode)
    const next = yield* start(kind, place, flexFactor, `${kind}-${id}`)
    times.push(Number(yield* next.stdout.pipe(Stream.decodeText, Stream.mkString)))
  }
  const { length } = yield* simulator.ledger
  if (length % kills !== 0) {
    return yield* Effect.die(new Error(`${length} refunds moved, and not ${kills} of each kind`))
  }
  return median(times)
}, Effect.scoped)

const figure = (value: number) => value >= 100 ? String(Math.round(value)) : value.toFixed(0)

const write = Effect.fnUntraced(function*(file: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const [begin, end] = ["<!-- durable: written by `npm run bench:durable` -->", "<!-- /durable -->"]
  const document = yield* fs.readFileString(file)
  const [head, rest] = [document.slice(0, document.indexOf(begin)), document.slice(document.indexOf(end))]
  yield* fs.writeFileString(file, `${head}${begin}\n\n${text}\n\n${rest}`)
})

const simulator = FlexFactorSimulator.layerHttpServer({ totals }).pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
)

const benchmark = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped()
  const database = Redacted.value(yield* makeDatabase)
  const { address } = yield* HttpServer.HttpServer
  const flexFactor = address._tag === "InetAddressV4" ? `http://127.0.0.1:${address.port}` : address._tag
  const [settings] = yield* SqlClient.SqlClient.use((sql) =>
    sql<{ readonly version: string; readonly fsync: string }>`
      SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync`
  ).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(database), maxConnections: 1 })))

  const memory = yield* rates(inMemory)
  const file = yield* rates(inFile(`${folder}/rates.db`))
  const postgres = yield* rates(inPostgres(database))
  const fileResumed = yield* resumption("file", `${folder}/resumed.db`, flexFactor)
  // Another database: each simulator counts its orders from one, and a journal would take them for the same.
  const postgresResumed = yield* resumption("postgres", Redacted.value(yield* makeDatabase), flexFactor)

  const text = [
    `\`npm run bench:durable\`, ${
      new Date().toISOString().slice(0, 10)
    }, Node ${process.versions.node}, ${cpus().length} threads on ${
      cpus()[0]?.model.trim() ?? "an unknown processor"
    }; PostgreSQL ${settings?.version} on the same `
    + `machine, fsync ${settings?.fsync}. A refund is three steps of the engine and four writes of the journal; FlexFactor `
    + "is the simulator, and answers at once.",
    "",
    "| | refunds a second, one at a time | 32 at once | settled after a kill, from the start of the next process |",
    "| --- | --- | --- | --- |",
    `| in memory | ${figure(memory[0])} | ${figure(memory[1])} | |`,
    `| in a file | ${figure(file[0])} | ${figure(file[1])} | ${Math.round(fileResumed)} ms |`,
    `| PostgreSQL, one runner | ${figure(postgres[0])} | ${figure(postgres[1])} | ${
      Math.round(postgresResumed)
    } ms, at the same address |`
  ].join("\n")
  yield* Console.log(text)
  const option = process.argv.indexOf("--write")
  const target = option === -1 ? undefined : process.argv[option + 1]
  if (target !== undefined) yield* write(target, text)
})

benchmark.pipe(
  Effect.scoped,
  Effect.provide([simulator, NodeServices.layer, Logger.layer([])]),
  NodeRuntime.runMain
)
