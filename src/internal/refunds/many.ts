/**
 * Refunds a stream of requests, a bounded number at once and in constant memory. One request that fails does not stop
 * the others. While FlexFactor is busy or away, all of them wait together; if it stays so, the run ends, and can be run
 * again with the same input.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type FlexFactorInvalidRequest, isRepeatable, type RepeatableError } from "../../OrdersError.ts"
import type { RefundReceipt } from "../../Refund.ts"
import type { KeyedRefund, ManyOptions, RefundProgress, RefundResult } from "../../Refunds.ts"
import { type RefundsError, RefundsStopped } from "../../RefundsError.ts"
import { monotonicMillis } from "../monotonic.ts"
import { askedWait } from "../retry.ts"
import { invalid } from "./intent.ts"
import { noProgress, outcomeOf, progressed } from "./progress.ts"
import type { Joined } from "./runs.ts"

/** One refund, and whether it was settled before this run asked for it. */
export type RefundOne = (request: KeyedRefund) => Effect.Effect<Joined<RefundReceipt>, RefundsError>

/** How often a request is tried while FlexFactor is busy or away. */
const maximumAttempts = 6

/** How many requests in a row may come to nothing before the run ends. */
const maximumInVain = 10

/** A refund in doubt because FlexFactor did not answer it. Many of them in a row are an outage, not bad luck. */
const isUnheard = (error: RefundsError): boolean =>
  error._tag === "RefundOutcomeUnknown" && ["timeout", "connection lost", "server error"].includes(error.doubt)

/** The merchant's credentials are refused, and will be for the next request. */
const isShutOut = ({ _tag }: RefundsError): boolean =>
  _tag === "FlexFactorUnauthorized" || _tag === "FlexFactorForbidden"

const reasonOf = (error: RefundsError): string =>
  error._tag === "RefundOutcomeUnknown" ? `${error._tag}, ${error.doubt}` : error._tag

/** As long as FlexFactor asks for, or twice as long each time, and at most a minute. */
const pauseOf = (error: RepeatableError, attempt: number): number =>
  Math.min(60_000, Math.max(Duration.toMillis(askedWait(error)), 1000 * 2 ** (attempt - 1)))

const resultOf = (request: KeyedRefund, result: RefundResult["result"], isRepeated: boolean): RefundResult => ({
  request,
  outcome: outcomeOf(result),
  result,
  isRepeated
})

/** What the requests of a run share: until when they wait, and how many came to nothing in a row. */
const makeRun = (refundOne: RefundOne) => {
  let pausedUntil = 0
  let inVain = 0

  /** Meanwhile another request may have asked for more time. */
  const pause = Effect.gen(function*() {
    for (let now = yield* monotonicMillis; now < pausedUntil; now = yield* monotonicMillis) {
      yield* Effect.sleep(pausedUntil - now)
    }
  })

  return Effect.fnUntraced(function*(request: KeyedRefund): Effect.fn.Return<RefundResult, RefundsStopped> {
    for (let attempt = 1;; attempt++) {
      yield* pause
      const result = yield* Effect.result(refundOne(request))
      if (Result.isSuccess(result)) {
        inVain = 0
        return resultOf(request, Result.succeed(result.success.value), result.success.isJoined)
      }
      const error = result.failure
      const isGivenUp = isUnheard(error) || isShutOut(error) || (isRepeatable(error) && attempt === maximumAttempts)
      if (isGivenUp || !isRepeatable(error)) {
        inVain = isGivenUp ? inVain + 1 : 0
        if (inVain >= maximumInVain) return yield* new RefundsStopped({ key: request.key, reason: reasonOf(error) })
        return resultOf(request, Result.fail(error), false)
      }
      pausedUntil = Math.max(pausedUntil, (yield* monotonicMillis) + pauseOf(error, attempt))
    }
  })
}

const report = (options: ManyOptions, startedAt: number, total: number | undefined) => {
  let progress: RefundProgress = noProgress(total)
  return (one: RefundResult): Effect.Effect<void> =>
    Effect.flatMap(monotonicMillis, (now) => {
      progress = progressed(progress, one, now - startedAt)
      return options.onProgress?.(progress) ?? Effect.void
    })
}

const optionRule = ({ concurrency, rate }: ManyOptions): readonly [field: string, rule: string] | undefined => {
  const isCount = (count: number) => Number.isSafeInteger(count) && count > 0
  if (concurrency !== undefined && !isCount(concurrency)) return ["concurrency", "must be a whole number of at least 1"]
  if (rate === undefined) return undefined
  if (!isCount(rate.refunds)) return ["rate.refunds", "must be a whole number of at least 1"]
  const per = Option.getOrUndefined(Duration.fromInput(rate.per))
  return per === undefined || !Duration.isFinite(per) || Duration.toMillis(per) <= 0
    ? ["rate.per", "must be a finite duration of more than zero"]
    : undefined
}

export const many = <E, R>(
  refundOne: RefundOne,
  requests: Iterable<KeyedRefund> | Stream.Stream<KeyedRefund, E, R>,
  options: ManyOptions
): Stream.Stream<RefundResult, E | RefundsStopped | FlexFactorInvalidRequest, R> => {
  const broken = optionRule(options)
  if (broken !== undefined) {
    const [field, rule] = broken
    return Stream.fail(invalid(field, rule))
  }
  return Stream.unwrap(Effect.map(monotonicMillis, (startedAt) => {
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
}
