/**
 * Refunds what a CSV file asks for, and can be run again after it was cut off: by Ctrl-C, by an outage, or by `kill -9`.
 *
 *   refund-csv refunds.csv
 *
 * Each refund is written down in a journal beside the file before it is sent, so what is settled is not sent again, and
 * what was on its way is looked up before it may be sent again. The exit status is 1 if something is in doubt or failed:
 * run it again later, or have a person look.
 *
 * Who you are and where FlexFactor is comes from the environment: FLEXFACTOR_ENVIRONMENT, FLEXFACTOR_APP_KEY,
 * FLEXFACTOR_APP_SECRET. How patient refunds are can come from there too: REFUND_SETTLE_WINDOW and the others below.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Config, Console, Effect, Layer, Logger, Option, Schema, Stream } from "effect"
import { FlexFactor, RefundEvidence, RefundJournal, Refunds } from "effect-flexfactor"
import * as NodeSqlite from "effect-flexfactor/NodeSqlite"
import * as NodeTransport from "effect-flexfactor/NodeTransport"
import { Argument, Command, Flag } from "effect/cli"
import { readRefunds } from "./rows.ts"
import { makeBar, makeSummary } from "./screen.ts"

/** Where an order shows its money. Look at an order of yours that was refunded partly, and name what you see. */
const totals: RefundEvidence.OrderTotals = { charged: "amountCharged", refunded: "amountRefunded" }

const duration = (name: string) => Config.withDefault(Config.Duration(name), undefined)

const policy = Config.all({
  settleWindow: duration("REFUND_SETTLE_WINDOW"),
  readingGap: duration("REFUND_READING_GAP"),
  patience: duration("REFUND_PATIENCE"),
  sendTimeout: duration("REFUND_SEND_TIMEOUT")
})

const options = {
  file: Argument.File("file", { mustExist: true }).pipe(
    Argument.withDescription("A CSV file with the columns key, order, amount and message")
  ),
  journal: Flag.String("journal").pipe(
    Flag.withDescription("The file of the journal; beside the CSV file if not given"),
    Flag.optional
  ),
  baseUrl: Flag.String("base-url").pipe(
    Flag.withDescription("Where FlexFactor is, if not where the environment says"),
    Flag.optional
  ),
  concurrency: Flag.Int("concurrency").pipe(
    Flag.withDescription("How many refunds at once"),
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 64 }))),
    Flag.withDefault(8)
  )
}

interface Options {
  readonly file: string
  readonly journal: Option.Option<string>
  readonly baseUrl: Option.Option<string>
}

const exitStatus1 = Effect.sync(() => {
  process.exitCode = 1
})

/** Warnings go to a file, so that the bar stays whole. */
const log = (file: string) => Logger.layer([Logger.toFile(Logger.formatLogFmt, `${file}.log`)])

const services = ({ baseUrl, file, journal }: Options) => {
  const filename = Option.getOrElse(journal, () => `${file}.journal`)
  return Layer.unwrap(Effect.map(policy, Refunds.layer)).pipe(
    Layer.provide([
      RefundJournal.layerSql().pipe(Layer.provide(NodeSqlite.layer({ filename }))),
      RefundEvidence.fromOrder(totals)
    ]),
    Layer.provide(FlexFactor.layerConfig({ baseUrl: Option.getOrUndefined(baseUrl) })),
    Layer.provide(NodeTransport.layer),
    Layer.provideMerge(log(file))
  )
}

const refundCsv = Command.make(
  "refund-csv",
  options,
  Effect.fn(function*({ concurrency, file }) {
    // The whole file is checked before anything is sent. This also tells how many rows there are.
    const total = yield* Stream.runCount(readRefunds(file))

    const refunds = yield* Refunds.Refunds
    const summary = makeSummary()
    const stopped = yield* refunds.many(readRefunds(file), { concurrency, total, onProgress: makeBar() }).pipe(
      Stream.runForEach(summary.add),
      Effect.as(false),
      Effect.catchTag("RefundsStopped", (error) => Effect.as(Console.error(`\n${error.message}`), true))
    )

    yield* Console.log(`\n${summary.render()}`)
    if (stopped || summary.isOpen()) yield* exitStatus1
  }, Effect.catchTag("FileInvalid", (error) => Effect.andThen(Console.error(error.message), exitStatus1)))
).pipe(
  Command.withDescription("Refunds what a CSV file asks for. Run it again after it was cut off."),
  Command.provide((given) => services(given))
)

Command.run(refundCsv, { version: "1.0.0" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
