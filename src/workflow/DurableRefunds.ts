/**
 * `Refunds` on a durable workflow: a refund that was asked for goes on after the process ended, on this machine or
 * another, and waits for evidence for days without keeping anything in memory.
 *
 * It stands on modules that Effect calls unstable: `effect/workflow` and `effect/cluster`.
 */
import type { Sharding } from "effect/cluster/Sharding"
import type * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import { remaining } from "../internal/refunds/intent.ts"
import { millis } from "../internal/refunds/policy.ts"
import { intentOf, makeRefunds } from "../internal/refunds/service.ts"
import { turnsInMemory, type WaitForTurn } from "../internal/refunds/turns.ts"
import { makeWorkplace, type Workplace } from "../internal/refunds/workplace.ts"
import { ask, tellSettled } from "../internal/workflow/ask.ts"
import { layerTurns } from "../internal/workflow/refundOrder.ts"
import { run } from "../internal/workflow/run.ts"
import { turnsOfOrders } from "../internal/workflow/turns.ts"
import type { Orders } from "../Orders.ts"
import type { RefundEvidence } from "../RefundEvidence.ts"
import * as RefundJournal from "../RefundJournal.ts"
import { type RefundPolicy, Refunds } from "../Refunds.ts"
import { RefundWorkflow } from "./RefundWorkflow.ts"

/**
 * How patient durable refunds are: as `RefundPolicy`, and
 *
 * - `patience`: how long one call waits for the engine; 30 seconds. Then the call ends with `RefundOutcomeUnknown`, and
 *   the engine goes on: its `doubt` is `"pending"` if nothing was sent yet, as far as is known.
 * - `goOnFor`: how long the engine goes on with one refund; 7 days. It reads evidence again after a second, then after as
 *   long again as it took so far, and at least once an hour.
 */
export interface DurablePolicy extends RefundPolicy {
  readonly goOnFor?: Duration.Input | undefined
}

const longestWait = 60 * 60 * 1000

type Needed = WorkflowEngine.WorkflowEngine | RefundJournal.RefundJournal | Orders | RefundEvidence

/** Has the engine run refunds here. */
const register = Effect.fnUntraced(function*(
  given: DurablePolicy,
  waitForTurn: WaitForTurn
): Effect.fn.Return<void, Config.ConfigError, Needed | Scope.Scope> {
  const place = yield* makeWorkplace(given)
  const patience = yield* millis("goOnFor", given.goOnFor ?? "7 days", 1)
  const durable: Workplace = { ...place, policy: { ...place.policy, patience, longestWait } }
  const engine = yield* WorkflowEngine.WorkflowEngine
  yield* engine.register(
    RefundWorkflow,
    (payload) => run(durable, waitForTurn, intentOf(payload, payload.amount ?? remaining))
  )
})

/**
 * Carries out the durable refunds that anybody asks for: a runner. Every process that shares the engine and the journal
 * must have the same policy, evidence of the same kind, and the same `shardsPerGroup`.
 */
export const layerRunner = (
  policy: DurablePolicy = {}
): Layer.Layer<never, Config.ConfigError, Needed | Sharding> =>
  Layer.merge(
    layerTurns,
    Layer.effectDiscard(Effect.flatMap(turnsOfOrders, (waitForTurn) => register(policy, waitForTurn)))
  )

/**
 * Provides `Refunds` that asks the engine and waits for it, and sends no refund: for a process that has others run its
 * refunds. It must have their policy, evidence of the same kind, and their `shardsPerGroup`: with another one, what it asks
 * for may be handed to nobody.
 *
 * `resolve` reads evidence, and sends nothing. `resolve` and `settle` tell the engine of a verdict: whoever learns of a
 * refund, such as by a webhook, calls `resolve` with its key, and its execution ends. `many` hands requests over also while
 * FlexFactor is away, and stops after ten in a row that were sent and not answered.
 */
export const layerClient = (
  policy: DurablePolicy = {}
): Layer.Layer<Refunds, Config.ConfigError, Needed> =>
  Layer.effect(
    Refunds,
    Effect.gen(function*() {
      const given = yield* makeWorkplace(policy)
      // Whoever asks may read, and settle by what it reads. To send is for runners.
      const place: Workplace = { ...given, policy: { ...given.policy, maximumSends: 0 } }
      const engine = yield* WorkflowEngine.WorkflowEngine
      const refunds = yield* makeRefunds(place, ask(place, engine))
      const tell = tellSettled(place, engine)
      return {
        ...refunds,
        resolve: (key) => Effect.ensuring(refunds.resolve(key), tell(key)),
        settle: (key, finding) => Effect.tap(refunds.settle(key, finding), tell(key))
      }
    })
  )

/**
 * Provides durable `Refunds` and carries them out, on the engine and the journal of the application. Keep both in one
 * database.
 *
 * @example
 * ```ts
 * import { NodeClusterSocket } from "@effect/platform-node"
 * import { PgClient } from "@effect/sql-pg"
 * import { Layer, Redacted } from "effect"
 * import { ClusterWorkflowEngine } from "effect/cluster"
 * import { RefundEvidence, RefundJournal } from "effect-flexfactor"
 * import { DurableRefunds } from "effect-flexfactor/workflow"
 *
 * const engine = ClusterWorkflowEngine.layer.pipe(Layer.provideMerge(NodeClusterSocket.layer()))
 *
 * // Orders stays open: a layer of FlexFactor provides it.
 * const refunds = DurableRefunds.layer({ settleWindow: "15 minutes" }).pipe(
 *   Layer.provide([engine, RefundJournal.layerSql(), RefundEvidence.fromOrder({ refunded: "amountRefunded" })]),
 *   Layer.provide(PgClient.layer({ url: Redacted.make("postgres://shop@localhost/shop") }))
 * )
 * ```
 */
export const layer = (
  policy: DurablePolicy = {}
): Layer.Layer<Refunds, Config.ConfigError, Needed | Sharding> => Layer.merge(layerClient(policy), layerRunner(policy))

/**
 * Durable `Refunds` in memory, for tests: everything is lost when the program ends.
 *
 * @example
 * ```ts
 * import { Layer } from "effect"
 * import { RefundEvidence } from "effect-flexfactor"
 * import { FlexFactorSimulator } from "effect-flexfactor/testing"
 * import { DurableRefunds } from "effect-flexfactor/workflow"
 *
 * const test = DurableRefunds.layerMemory().pipe(
 *   Layer.provide(RefundEvidence.fromOrder()),
 *   Layer.provideMerge(FlexFactorSimulator.layer())
 * )
 * ```
 */
export const layerMemory = (
  policy: DurablePolicy = {}
): Layer.Layer<
  Refunds | RefundJournal.RefundJournal | WorkflowEngine.WorkflowEngine,
  Config.ConfigError,
  Orders | RefundEvidence
> =>
  layerClient(policy).pipe(
    Layer.merge(Layer.effectDiscard(Effect.flatMap(turnsInMemory, (waitForTurn) => register(policy, waitForTurn)))),
    Layer.provideMerge(Layer.merge(WorkflowEngine.layerMemory, Layer.fresh(RefundJournal.layerMemory)))
  )
