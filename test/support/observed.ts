/**
 * What a program leaves in its traces, logs and metrics, kept apart from every other program's.
 */
import { Effect, Logger, Metric, References, Tracer } from "effect"

/** A tracer that keeps its spans. */
export const makeTracer = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span(options) {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer }
}

/** Runs an effect with a tracer, with loggers that get every level, and with metrics of its own. */
export const observedBy =
  (tracer: Tracer.Tracer, loggers: ReadonlyArray<Logger.Logger<unknown, unknown>>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    effect.pipe(
      Effect.withTracer(tracer),
      Effect.provide(Logger.layer(loggers)),
      Effect.provideService(References.MinimumLogLevel, "All"),
      Effect.provideService(Metric.MetricRegistry, new Map())
    )
