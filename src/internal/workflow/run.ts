/**
 * Runs one durable refund: each step is an activity, and the waits between them are durable.
 *
 * The engine runs this function again from its beginning whenever the refund goes on, and gives it the results of the
 * steps that were made. So nothing is decided here: the steps decide, and their results say what is next.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Activity from "effect/workflow/Activity"
import * as DurableClock from "effect/workflow/DurableClock"
import * as DurableDeferred from "effect/workflow/DurableDeferred"
import type { WorkflowEngine, WorkflowInstance } from "effect/workflow/WorkflowEngine"
import type { RefundReceipt } from "../../Refund.ts"
import { checkSame, type Intent } from "../refunds/intent.ts"
import type { WaitForTurn } from "../refunds/turns.ts"
import { verdictOf } from "../refunds/verdict.ts"
import type { Workplace } from "../refunds/workplace.ts"
import { RefundFailure } from "./failure.ts"
import { Next } from "./next.ts"
import { lookOnce, prepare, sendOnce } from "./steps.ts"

/** The signal that a refund was settled by somebody else, so that there is nothing to wait for. */
export const settledElsewhere = DurableDeferred.make("Settled elsewhere")

type Wait = Extract<Next, { readonly _tag: "Wait" }>
type Rest = Wait | Extract<Next, { readonly _tag: "Done" }>

/** Makes the next step; what is to be done besides steps is given back as it is. */
const execute = (place: Workplace, intent: Intent, next: Exclude<Next, Rest>): Effect.Effect<Next, RefundFailure> => {
  switch (next._tag) {
    case "Prepare":
      return Effect.flatMap(
        DateTime.now,
        (now) => prepare(place, intent, next.since ?? DateTime.toEpochMillis(now))
      )
    case "Send":
      return sendOnce(place, intent, next)
    case "Look":
      return lookOnce(place, next)
  }
}

/** Waits, at most until the refund is settled elsewhere. That is signalled once, and heard once. */
const pause = (name: string, duration: number, isHeard: boolean) => {
  const sleep = Effect.as(DurableClock.sleep({ name, duration }), isHeard)
  if (isHeard) return sleep
  return DurableDeferred.raceAll({
    name,
    success: Schema.Boolean,
    error: Schema.Never,
    effects: [sleep, Effect.as(DurableDeferred.await(settledElsewhere), true)]
  })
}

/**
 * Runs a refund until it is settled, or has gone on in doubt for as long as it should. It takes its turn where it begins,
 * and gives it back where it waits.
 */
export const run = Effect.fnUntraced(function*(
  place: Workplace,
  waitForTurn: WaitForTurn,
  intent: Intent
): Effect.fn.Return<RefundReceipt, RefundFailure, WorkflowEngine | WorkflowInstance> {
  let steps = 0
  let isHeard = false

  const untilRest = Effect.fnUntraced(function*(
    start: Next,
    scope: Scope.Scope
  ): Effect.fn.Return<Rest, RefundFailure, WorkflowEngine | WorkflowInstance> {
    let next = start
    // Within the step, so that no turn is taken for one whose result the engine has; once, also if it begins twice.
    const turn = yield* Effect.cached(Scope.provide(waitForTurn(intent.orderId), scope))
    while (next._tag !== "Wait" && next._tag !== "Done") {
      steps += 1
      next = yield* Activity.make({
        name: `${next._tag} ${steps}`,
        success: Next,
        error: RefundFailure,
        execute: next._tag === "Prepare"
          ? Effect.andThen(turn, execute(place, intent, next))
          : execute(place, intent, next)
      })
    }
    return next
  })

  let next: Next = { _tag: "Prepare" }
  while (true) {
    const start: Next = next
    const rest: Rest = yield* Effect.scopedWith((scope) => untilRest(start, scope))
    if (rest._tag === "Done") {
      // It may have gone on with an entry of other content, made when nobody knew how much was left.
      yield* checkSame(rest.entry, intent)
      return yield* verdictOf(rest.entry)
    }
    const { entry, millis, since }: Wait = rest
    isHeard = yield* pause(`Wait ${steps}`, millis, isHeard)
    next = entry === undefined ? { _tag: "Prepare", since } : { _tag: "Look", entry, since }
  }
})
