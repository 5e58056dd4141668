/**
 * Asks the engine for a refund, and waits for it a while. The engine goes on with it whether or not anybody waits.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as DurableDeferred from "effect/workflow/DurableDeferred"
import { WorkflowEngine, WorkflowInstance } from "effect/workflow/WorkflowEngine"
import { Cents } from "../../Money.ts"
import { type RefundDoubt, RefundOutcomeUnknown } from "../../OrdersError.ts"
import { isOpen, type RefundEntry } from "../../RefundEntry.ts"
import type { RefundKey } from "../../RefundKey.ts"
import { type RefundPayload, RefundWorkflow } from "../../workflow/RefundWorkflow.ts"
import { type Intent, remaining } from "../refunds/intent.ts"
import type { BeginError, Refunded } from "../refunds/refund.ts"
import { isFree } from "../refunds/standing.ts"
import type { Workplace } from "../refunds/workplace.ts"
import { withDefined } from "../withDefined.ts"
import { currentAttempt, type Unnumbered } from "./attempt.ts"
import { settledElsewhere } from "./run.ts"
import { type Said, settledAsSaid } from "./said.ts"

const payloadOf = ({ amount, charged, key, message, orderId }: Intent): Unnumbered => ({
  key,
  orderId,
  ...withDefined({ amount: amount === remaining ? undefined : amount, charged, message })
})

const unknown = ({ amount, key, orderId }: Intent, doubt: RefundDoubt): RefundOutcomeUnknown =>
  new RefundOutcomeUnknown({ orderId, amount: amount === remaining ? Cents.make(0) : amount, doubt, key })

/** Whether a refund is closed by a verdict. */
const hasVerdict = (entry: RefundEntry): boolean => !isOpen(entry) && entry.state !== "not sent"

/** How long the engine may take to write something down, before it counts as not having done so. */
const longestHandover = "10 seconds"

/** Hands a refund over. Nobody can interrupt it: what the caller hears of it must be true. */
const handOver = (intent: Intent) =>
  currentAttempt(payloadOf(intent)).pipe(
    Effect.tap((payload) => RefundWorkflow.execute(payload, { discard: true })),
    Effect.interruptible,
    Effect.timeout(longestHandover),
    Effect.catchCause((cause) =>
      Effect.andThen(
        Effect.logError("The workflow engine did not take a refund over", cause),
        Effect.fail(unknown(intent, "not handed over"))
      )
    ),
    Effect.uninterruptible
  )

/** Waits for the verdict of an execution, for as long as patience lasts. */
const verdictInTime = (payload: RefundPayload, patience: number) =>
  RefundWorkflow.execute(payload).pipe(
    Effect.map((receipt): Said => Result.succeed(receipt)),
    Effect.catchTag(["RefundRejected", "RefundNotApplied"], (error): Effect.Effect<Said> =>
      Effect.succeed(Result.fail(error))),
    Effect.timeoutOption(patience),
    // Somebody may have interrupted the execution, which is not the caller's end. One that ended without a verdict fails.
    Effect.catchCauseIf(
      (cause) =>
        !Cause.hasFails(cause),
      (cause) =>
        Effect.as(Effect.logError("The workflow engine does not answer for a refund", cause), Option.none<Said>())
    )
  )

/**
 * Carries a refund out on the engine. What became of it is in the journal. If that cannot be read, or is an older copy, the
 * engine's own verdict counts, and then what the journal said before; where neither knows that anything was sent, the refund
 * is pending.
 */
export const ask = ({ journal, policy }: Workplace, engine: WorkflowEngine["Service"]) =>
  Effect.fnUntraced(function*(intent: Intent): Effect.fn.Return<Refunded, BeginError> {
    const known = Option.getOrUndefined(yield* journal.find(intent.key))
    if (known !== undefined && hasVerdict(known)) return { entry: known, wasSettled: true }
    const said = yield* handOver(intent).pipe(
      Effect.flatMap((payload) => verdictInTime(payload, policy.patience)),
      Effect.provideService(WorkflowEngine, engine),
      // A workflow that asks is a caller like any other: it must not sleep beyond patience, nor end the refund with itself.
      Effect.updateContext((caller: Context.Context<never>) => Context.omit(WorkflowInstance)(caller))
    )
    const found = yield* Effect.result(journal.find(intent.key))
    const entry = Result.isSuccess(found) ? Option.getOrUndefined(found.success) : known
    if (Option.isSome(said) && (entry === undefined || !hasVerdict(entry))) {
      return yield* settledAsSaid(intent, said.value)
    }
    if (entry === undefined || entry.state === "preparing" || (yield* isFree(entry))) {
      return yield* unknown(intent, "pending")
    }
    return { entry, wasSettled: false }
  })

/** Tells the engine that a refund has its verdict, so that its execution need not wait any longer to notice. */
export const tellSettled = ({ journal }: Workplace, engine: WorkflowEngine["Service"]) => (key: RefundKey) =>
  Effect.gen(function*() {
    const entry = Option.getOrUndefined(yield* journal.find(key))
    if (entry === undefined || !hasVerdict(entry)) return
    const { amount, message, orderId } = entry
    const payload = { key, orderId, ...withDefined({ message }) }
    // It may have been asked for by its amount, or by all that was left.
    yield* Effect.forEach(
      [{ ...payload, amount }, payload],
      (variant) =>
        currentAttempt(variant).pipe(
          Effect.flatMap((current) => RefundWorkflow.executionId(current)),
          Effect.flatMap((executionId) =>
            DurableDeferred.succeed(settledElsewhere, {
              token: DurableDeferred.tokenFromExecutionId(settledElsewhere, { workflow: RefundWorkflow, executionId }),
              value: undefined
            })
          )
        )
    )
  }).pipe(
    Effect.provideService(WorkflowEngine, engine),
    Effect.interruptible,
    Effect.timeout(longestHandover),
    Effect.catchCause((cause) => Effect.logWarning("The workflow engine was not told of a settled refund", cause))
  )
