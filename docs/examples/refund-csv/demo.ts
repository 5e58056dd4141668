/**
 * Shows `refund-csv.ts` at work, and what it is worth when things go wrong: answers get lost, one refund is carried out
 * late, somebody refunds in the portal at the same moment, and the program is killed in the middle. Then it is run
 * again, and the books are compared with the file.
 *
 * It needs neither a network nor an account: FlexFactor is the simulator, served over HTTP.
 *
 *   npm run example:refund-csv
 */
import { NodeHttpServer, NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Layer, Schedule, Stream } from "effect"
import { Cents, RefundJournal } from "effect-flexfactor"
import * as NodeSqlite from "effect-flexfactor/NodeSqlite"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { Csv } from "effect/encoding"
import { HttpServer } from "effect/http"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import { audit } from "./audit.ts"
import { dollars } from "./screen.ts"
import { refundFaults, type Row, story, totals } from "./story.ts"

const concurrency = 4
const program = fileURLToPath(new URL("refund-csv.ts", import.meta.url))
const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair

const heading = (text: string) => Console.log(`\n${text}\n${"─".repeat(text.length)}`)

/** The program, as one would call it. The times of a minute or more are those of seconds here. */
const run = (file: string, baseUrl: string) =>
  ChildProcess.make(
    process.execPath,
    [...process.execArgv, "--no-warnings", program, file, "--concurrency", String(concurrency)],
    {
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
      extendEnv: true,
      env: {
        FLEXFACTOR_ENVIRONMENT: "sandbox",
        FLEXFACTOR_BASE_URL: baseUrl,
        FLEXFACTOR_APP_KEY: appKey,
        FLEXFACTOR_APP_SECRET: appSecret,
        FLEXFACTOR_TIMEOUT: "2 seconds",
        REFUND_SEND_TIMEOUT: "3 seconds",
        REFUND_SETTLE_WINDOW: "3 seconds",
        REFUND_READING_GAP: "500 millis",
        REFUND_PATIENCE: "25 seconds"
      }
    }
  )

const writeCsv = (file: string, rows: ReadonlyArray<Row>) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Stream.fromIterable(rows).pipe(
      Stream.map(({ amount, key, message, order }) => ({ key, order, amount: Cents.toDollars(amount), message })),
      Stream.pipeThroughChannel(Csv.encode({ headers: true, columns: ["key", "order", "amount", "message"] })),
      Stream.run(fs.sink(file))
    ))

/** Waits until many refunds moved money and some are on their way, and says which these are. */
const middleOfRun = Effect.gen(function*() {
  const { ledger } = yield* FlexFactorSimulator.FlexFactorSimulator
  const journal = yield* RefundJournal.RefundJournal
  const moved = (yield* ledger).length
  const open = yield* Stream.runCollect(journal.open)
  const onTheWay = open.filter(({ state }) => state === "sending").map(({ key }) => key)
  return { moved, onTheWay, isPreparing: open.some(({ state }) => state === "preparing") }
}).pipe(Effect.repeat({
  // An order that is about to be read stays reserved for a while. The demo does not want to wait for that.
  until: ({ isPreparing, moved, onTheWay }) => moved >= 24 && onTheWay.length >= 2 && !isPreparing,
  schedule: Schedule.spaced("3 millis")
}))

/** Somebody refunds an order in the portal, as the program's own refund of it arrives. */
const refundInPortal = ({ order }: Row) =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    yield* Effect.repeat(simulator.requests, {
      until: (requests) => requests.some(({ path }) => path.endsWith(`${order}/refund`)),
      schedule: Schedule.spaced("3 millis")
    })
    yield* simulator.refundInPortal(order, Cents.fromDollars("5.00"))
  })

const demo = (folder: string, baseUrl: string) =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
    const file = `${folder}/refunds.csv`
    const { inPortal, orders, rows } = story
    yield* Effect.forEach(orders, simulator.addOrder)
    yield* simulator.failNext("Orders.refund", ...refundFaults)
    yield* writeCsv(file, rows)
    const asked = rows.reduce((sum, { amount }) => sum + amount, 0)
    yield* Console.log(
      `FlexFactor is a simulator at ${baseUrl}, with ${orders.length} orders.\n`
        + `refunds.csv asks for ${rows.length} refunds, ${dollars(asked)} in all.\n\n`
        + "Some answers will get lost, one refund will not arrive, one will be carried out late, one refused. And just\n"
        + `when ${inPortal.key} is refunded, somebody refunds $5.00 of the same order in the portal.`
    )

    yield* heading("The first run, which is killed")
    const first = yield* spawner.spawn(run(file, baseUrl))
    yield* Effect.forkScoped(refundInPortal(inPortal))
    const { moved, onTheWay } = yield* Effect.raceFirst(
      middleOfRun,
      Effect.andThen(Effect.exit(first.exitCode), Effect.die(new Error("the first run ended before it was killed")))
    )
    yield* first.kill({ killSignal: "SIGKILL" })
    yield* Console.log(`\nkill -9, after ${moved} refunds. These were on their way:\n  ${onTheWay.join(", ")}`)

    yield* heading("The second run, by the same command")
    const status = yield* spawner.exitCode(run(file, baseUrl))
    yield* Console.log(`\nexit status ${status}${status === 1 ? ": a person is needed" : ""}`)

    yield* heading("The audit: FlexFactor's books against the file")
    const { isClean, text } = yield* audit(rows, onTheWay)
    yield* Console.log(text)
    if (!isClean) process.exitCode = 1
  }).pipe(
    Effect.provide(
      RefundJournal.layerSql().pipe(Layer.provide(NodeSqlite.layer({ filename: `${folder}/refunds.csv.journal` })))
    )
  )

const simulator = FlexFactorSimulator.layerHttpServer({ totals }).pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
)

Effect.gen(function*() {
  const folder = yield* Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())
  const { address } = yield* HttpServer.HttpServer
  yield* demo(folder, address._tag === "InetAddressV4" ? `http://127.0.0.1:${address.port}` : address._tag)
}).pipe(
  Effect.scoped,
  Effect.provide([simulator, NodeServices.layer]),
  NodeRuntime.runMain
)
