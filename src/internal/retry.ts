/**
 * Repeats a call that may be repeated: after a random time that may grow with each attempt, never before FlexFactor's
 * `Retry-After`, never past the deadline, and never so often that retries become the load.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type { OrdersError, RepeatableError } from "../OrdersError.ts"
import { isRepeatable } from "../OrdersError.ts"

/** Full jitter over an exponential backoff: 0 to 0.2 s, 0 to 0.4 s, 0 to 0.8 s ... at most 5 s. */
export const defaultSchedule = (times: number): Schedule.Schedule<unknown> =>
  Schedule.exponential("200 millis").pipe(
    Schedule.modifyDelay(({ duration }) =>
      Effect.map(Random.next, (random) => Math.floor(Math.min(Duration.toMillis(duration), 5000) * random))
    ),
    Schedule.upTo({ times })
  )

/** How often calls were repeated, by operation and by what made them. */
export const retries = Metric.counter("flexfactor_retries", {
  description: "Requests to FlexFactor that were repeated",
  incremental: true
})

/**
 * What a client may spend on retries: a stock for hiccups, refilled by one for every twenty calls that succeed. In an
 * outage the stock runs out and each call is sent once, so that a struggling FlexFactor does not get several times the
 * load.
 */
interface RetryBudget {
  readonly earn: () => void
  readonly spend: Effect.Effect<boolean>
}

const callsForOneRetry = 20
const stock = 50 * callsForOneRetry

export const makeRetryBudget: Effect.Effect<RetryBudget> = Effect.sync(() => {
  let left = stock
  return {
    earn: () => {
      left = Math.min(stock, left + 1)
    },
    spend: Effect.sync(() => {
      if (left < callsForOneRetry) return false
      left -= callsForOneRetry
      return true
    })
  }
})

/** How long FlexFactor asks to wait. */
export const askedWait = (error: RepeatableError): Duration.Duration =>
  Object.hasOwn(error, "retryAfter") && "retryAfter" in error ? error.retryAfter ?? Duration.zero : Duration.zero

export type RetrySchedule = Schedule.Schedule<unknown, OrdersError>

export interface RetryPolicy {
  readonly schedule: RetrySchedule
  readonly budget: RetryBudget
  readonly timeout: Duration.Duration
}

/** Whether this call may be made again after a transient error. */
export type MayRepeat = (error: RepeatableError) => boolean

/**
 * Ends where the call may not be made again, the wait would pass the deadline, or the budget is spent. Waits at least
 * as long as FlexFactor asks.
 */
const bounded = ({ budget, schedule }: RetryPolicy, mayRepeat: MayRepeat, deadline: number): RetrySchedule =>
  Schedule.fromStep(Effect.map(Schedule.toStep(schedule), (step) => (now: number, error: OrdersError) => {
    if (!isRepeatable(error) || !mayRepeat(error)) return Cause.done(undefined)
    return Effect.flatMap(step(now, error), ([output, backoff]) => {
      const delay = Duration.max(backoff, askedWait(error))
      if (now + Duration.toMillis(delay) >= deadline) return Cause.done(output)
      return Effect.flatMap(
        budget.spend,
        (isGranted) => isGranted ? Effect.succeed<[unknown, Duration.Duration]>([output, delay]) : Cause.done(output)
      )
    })
  }))

const report = (metadata: Schedule.Metadata<unknown, OrdersError>): Effect.Effect<void> => {
  const { _tag: reason, operation } = metadata.input
  return Effect.logWarning("FlexFactor request will be repeated").pipe(
    Effect.annotateLogs({ operation, reason, attempt: metadata.attempt, delay: Duration.format(metadata.duration) }),
    Effect.andThen(Metric.update(Metric.withAttributes(retries, { operation, reason }), 1))
  )
}

/** Fails first with an error that has already occurred, and from then on does what the effect does. */
const after = <A, E, R>(error: E, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  let isFirst = true
  return Effect.suspend(() => {
    if (!isFirst) return effect
    isFirst = false
    return Effect.fail(error)
  })
}

/**
 * Repeats an attempt as the policy allows. What surfaces in the end is the error of the last attempt. Nothing is
 * prepared for retries before the first attempt has failed: hardly any does.
 */
export const retry =
  (policy: RetryPolicy, mayRepeat: MayRepeat) =>
  <A, E extends OrdersError, R>(attempt: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.clockWith((clock) => {
      const start = clock.currentTimeMillisUnsafe()
      const earning = Effect.map(attempt, (value) => {
        policy.budget.earn()
        return value
      })
      return Effect.catch(earning, (error) => {
        if (!isRepeatable(error) || !mayRepeat(error)) return Effect.fail(error)
        const deadline = start + Duration.toMillis(policy.timeout)
        return Effect.retry(
          after(error, earning),
          bounded(policy, mayRepeat, deadline).pipe(Schedule.tap(report))
        )
      })
    })
