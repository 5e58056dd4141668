/**
 * Refunds a stream of requests, a bounded number at once and in constant memory. One request that fails does not stop
 * the others. While FlexFactor is busy or away, all of them wait together; if it stays so, the run ends, and can be run
 * again with the same input.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { isOrdersError, isRepeatable, type RepeatableError } from "../../OrdersError.ts"
import type { RefundReceipt } from "../../Refund.ts"
import type { KeyedRefund, ManyOptions, RefundProgress, RefundResult } from "../../Refunds.ts"
import { type RefundsError, RefundsStopped } from "../../RefundsError.ts"
import { noProgress, progressed } from "./progress.ts"
import type { Joined } from "./runs.ts"

/** One refund, and whether it was settled before this run asked for it. */
export type RefundOne = (request: KeyedRefund) => Effect.Effect<Joined<RefundReceipt>, RefundsError>

/** How often a request is tried while FlexFactor is busy or away. */
const maximumAttempts = 6

/** How many requests in a row may come to nothing before the run ends. */
const maximumInVain = 10

const isAway = (error: RefundsError): error is RepeatableError => isOrdersError(error) && isRepeatable(error)

/** As long as FlexFactor asks for, or twice as long each time, and at most a minute. */
const pauseOf = (error: RepeatableError, attempt: number): number => {
  const asked = "retryAfter" in error && error.retryAfter !== undefined ? Duration.toMillis(error.retryAfter) : 0
  return Math.min(60_000, Math.max(asked, 1000 * 2 ** (attempt - 1)))
}

/** What the requests of a run share: until when they wait, and how many came to nothing in a row. */
const makeRun = (refundOne: RefundOne) => {
  let pausedUntil = 0
  let inVain = 0

  /** Meanwhile another request may have asked for more time. */
  const pause = Effect.gen(function*() {
    for (let now = yield* Clock.currentTimeMillis; now < pausedUntil; now = yield* Clock.currentTimeMillis) {
      yield* Effect.sleep(pausedUntil - now)
    }
  })

  return Effect.fnUntraced(function*(request: KeyedRefund): Effect.fn.Return<RefundResult, RefundsStopped> {
    for (let attempt = 1;; attempt++) {
      yield* pause
      const result = yield* Effect.result(refundOne(request))
      if (Result.isSuccess(result)) {
        inVain = 0
        return { request, result: Result.succeed(result.success.value), isRepeated: result.success.isJoined }
      }
      const error = result.failure
      if (!isAway(error)) {
        inVain = 0
        return { request, result: Result.fail(error), isRepeated: false }
      }
      if (attempt === maximumAttempts) {
        inVain += 1
        if (inVain >= maximumInVain) return yield* new RefundsStopped({ key: request.key, reason: error._tag })
        return { request, result: Result.fail(error), isRepeated: false }
      }
      pausedUntil = Math.max(pausedUntil, (yield* Clock.currentTimeMillis) + pauseOf(error, attempt))
    }
  })
}

const report = (options: ManyOptions, startedAt: number, total: number | undefined) => {
  let progress: RefundProgress = noProgress(total)
  return (one: RefundResult): Effect.Effect<void> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      progress = progressed(progress, one, now - startedAt)
      return options.onProgress?.(progress) ?? Effect.void
    })
}

export const many = <E, R>(
  refundOne: RefundOne,
  requests: Iterable<KeyedRefund> | Stream.Stream<KeyedRefund, E, R>,
  options: ManyOptions
): Stream.Stream<RefundResult, E | RefundsStopped, R> =>
  Stream.unwrap(Effect.map(Clock.currentTimeMillis, (startedAt) => {
    const given = Stream.isStream(requests) ? requests : Stream.fromIterable(requests)
    const total = options.total ?? (Array.isArray(requests) ? requests.length : undefined)
    const { concurrency = 8, rate } = options
    const paced = rate === undefined
      ? given
      : Stream.throttle(Stream.rechunk(given, 1), {
        cost: (rows) => rows.length,
        units: rate.refunds,
        duration: rate.per,
        strategy: "shape"
      })
    return paced.pipe(
      Stream.mapEffect(makeRun(refundOne), { concurrency, unordered: options.ordered !== true }),
      Stream.tap(report(options, startedAt, total))
    )
  }))
