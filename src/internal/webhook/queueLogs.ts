/**
 * What is shown of a queue that fails: what kind of failure it is, and nothing that the database says, which can hold
 * data.
 *
 * While a database is away, the queue tries again twice a second and logs each failure with all of it: instead its kind
 * is logged, once a minute. That the queue reads once a second leaves no spans.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type { PersistedQueueError } from "effect/persistence/PersistedQueue"
import * as References from "effect/References"
import { failureCode } from "../sql/failureCode.ts"
import { sqlErrorIn } from "./sqlErrorIn.ts"

/** Such as `ConnectionError (ECONNREFUSED)`. */
export const queueFailure = (failure: PersistedQueueError | Cause.Cause<unknown>): string => {
  const error = sqlErrorIn(failure)
  return error === undefined ? "the queue failed" : failureCode(error)
}

/** How long the same failure is not logged again, in milliseconds. */
const minute = 60_000

const quietened = (loggers: ReadonlySet<Logger.Logger<unknown, unknown>>): Logger.Logger<unknown, void> => {
  let shown = ""
  let shownAt = Number.NEGATIVE_INFINITY
  return Logger.make((options) => {
    const { cause, date } = options
    // All that it says besides is of its own set-up.
    if (cause.reasons.length === 0 || Cause.hasInterruptsOnly(cause)) return
    const message = `WebhookInbox: its queue cannot be read or written: ${queueFailure(cause)}`
    if (message === shown && date.getTime() - shownAt < minute) return
    shown = message
    shownAt = date.getTime()
    for (const logger of loggers) logger.log({ ...options, cause: Cause.empty, message: [message] })
  })
}

/** The surroundings of a queue: what it runs with, and logs to. */
export const layerQueueLogs: Layer.Layer<never> = Layer.mergeAll(
  Layer.effect(Logger.CurrentLoggers, Effect.map(Logger.CurrentLoggers, (loggers) => new Set([quietened(loggers)]))),
  Layer.succeed(References.TracerEnabled, false)
)
