/**
 * Says what the refunds of a run came to, and counts them.
 */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import { Cents } from "../../Money.ts"
import type { RefundOutcome, RefundProgress, RefundResult } from "../../Refunds.ts"

export const noProgress = (total: number | undefined): RefundProgress => ({
  done: 0,
  refunded: 0,
  rejected: 0,
  inDoubt: 0,
  failed: 0,
  repeated: 0,
  amount: Cents.make(0),
  elapsed: Duration.zero,
  perSecond: 0,
  total,
  remaining: undefined
})

/** What a result comes to. */
export const outcomeOf = (result: RefundResult["result"]): RefundOutcome => {
  if (Result.isSuccess(result)) return "refunded"
  switch (result.failure._tag) {
    case "RefundRejected":
    case "RefundNotApplied":
    case "RefundExceedsBalance":
    case "OrderNotRefundable":
      return "rejected"
    case "RefundOutcomeUnknown":
      return "in doubt"
    default:
      return "failed"
  }
}

/** The progress after one more result, `elapsed` milliseconds after the start. */
export const progressed = (progress: RefundProgress, one: RefundResult, elapsed: number): RefundProgress => {
  const kind = one.outcome === "in doubt" ? "inDoubt" : one.outcome
  const done = progress.done + 1
  const perSecond = elapsed <= 0 ? 0 : (done * 1000) / elapsed
  const moved = Result.isSuccess(one.result) && !one.isRepeated ? one.result.success.amount : 0
  return {
    ...progress,
    [kind]: progress[kind] + 1,
    done,
    repeated: progress.repeated + (one.isRepeated ? 1 : 0),
    amount: Cents.make(progress.amount + moved),
    elapsed: Duration.millis(elapsed),
    perSecond,
    remaining: progress.total === undefined || perSecond === 0
      ? undefined
      : Duration.millis(Math.round((Math.max(0, progress.total - done) * 1000) / perSecond))
  }
}
