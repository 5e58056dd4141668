/**
 * Everything that a program prints, logs, traces, counts or clones.
 */
import { Cause, Effect, Exit, Logger, Metric, type Tracer } from "effect"
import { inspect } from "node:util"
import { isOrdersError, type OrdersError } from "../../src/index.ts"
import { makeTracer, observedBy } from "../support/observed.ts"
import { whileTimePasses } from "../support/time.ts"
import { found } from "./sentinels.ts"

export type Sink = readonly [name: string, text: string]

const shallow = { depth: null, maxStringLength: null, maxArrayLength: null } as const
const all = { ...shallow, showHidden: true, getters: false } as const

const cloned = (value: unknown): unknown => {
  try {
    return structuredClone(value)
  } catch (error) {
    return error
  }
}

const attempt = (render: () => unknown): string => {
  try {
    return String(render())
  } catch (error) {
    return String(error)
  }
}

/** Every way in which a program renders a failure that it caught. */
const renderError = (error: OrdersError.OrdersError): ReadonlyArray<Sink> => [
  ["String", String(error)],
  ["message", error.message],
  ["stack", error.stack ?? ""],
  ["JSON", attempt(() => JSON.stringify(error))],
  ["inspect", inspect(error, shallow)],
  ["inspect with hidden properties", inspect(error, all)],
  ["spread", attempt(() => JSON.stringify({ ...error }))],
  ["spread, inspected", inspect({ ...error }, all)],
  ["entries", attempt(() => JSON.stringify(Object.entries(error)))],
  ["own properties", inspect(Object.getOwnPropertyDescriptors(error), all)],
  ["structuredClone", inspect(cloned(error), all)],
  ["structuredClone of its fields", inspect(cloned({ ...error }), all)],
  ["as a cause", inspect(new Error("wrapped", { cause: error }), all)]
]

const renderExit = (exit: Exit.Exit<unknown, unknown>): ReadonlyArray<Sink> => [
  ["Exit as JSON", attempt(() => JSON.stringify(exit))],
  ["Exit as text", String(exit)],
  ["Exit, inspected", inspect(exit, all)],
  ...(Exit.isFailure(exit)
    ? [
      ["Cause, pretty", Cause.pretty(exit.cause)],
      ["Cause as JSON", attempt(() => JSON.stringify(exit.cause))],
      ["Cause as text", String(exit.cause)],
      ["Cause, inspected", inspect(exit.cause, all)],
      ["Cause, squashed", inspect(Cause.squash(exit.cause), all)]
    ] as const
    : [])
]

/** Loggers that keep what they would write. */
const capturingLogger = (lines: Array<Sink>): Logger.Logger<unknown, void> =>
  Logger.make((options) => {
    lines.push(
      ["log as JSON", Logger.formatJson.log(options)],
      ["log as logfmt", Logger.formatLogFmt.log(options)],
      ["log as text", Logger.formatSimple.log(options)],
      ["log as a structure", inspect(Logger.formatStructured.log(options), all)],
      ["log message", inspect(options.message, all)],
      ["log cause", inspect(options.cause, all)]
    )
  })

export const renderSpan = (span: Tracer.NativeSpan): ReadonlyArray<Sink> => [
  ["span name", span.name],
  ["span attributes", inspect(span.attributes, all)],
  ["span events", inspect(span.events, all)],
  ["span status", inspect(span.status, all)],
  ["span links", inspect(span.links, all)]
]

/** Runs an effect, and collects every trace that it leaves anywhere. */
export const traces = Effect.fnUntraced(function*(run: Effect.Effect<unknown, unknown>) {
  const lines: Array<Sink> = []
  const { spans, tracer } = makeTracer()
  const { exit, metrics } = yield* whileTimePasses(
    Effect.gen(function*() {
      const exit = yield* Effect.exit(run)
      // What a program does with a failure that it does not understand.
      if (Exit.isFailure(exit)) {
        yield* Effect.logError("failed", exit.cause)
        yield* Effect.logError(exit.cause)
        yield* Effect.logError(Cause.squash(exit.cause))
        yield* Effect.log("failed").pipe(Effect.annotateLogs("error", Cause.squash(exit.cause)))
      }
      return { exit, metrics: [inspect(yield* Metric.snapshot, all), yield* Metric.dump] }
    }).pipe(
      Effect.withSpan("program"),
      observedBy(tracer, [capturingLogger(lines), Logger.tracerLogger])
    ),
    "5 minutes"
  )
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  const sinks: ReadonlyArray<Sink> = [
    ...(isOrdersError(error) ? renderError(error) : []),
    ...renderExit(exit),
    ...lines,
    ...spans.flatMap(renderSpan),
    ...metrics.map((text) => ["metrics", text] as const)
  ]
  return { exit, error, sinks, spans, lines }
})

export const leaks = (sinks: ReadonlyArray<Sink>): ReadonlyArray<string> =>
  sinks.flatMap(([name, text]) => found(text).map((leak) => `${name}: ${leak}`))
