/**
 * A refund as a durable workflow: it goes on after the process ended, on this machine or another, and a wait of days
 * keeps nothing in memory.
 *
 * It stands on modules that Effect calls unstable: `effect/workflow` and `effect/cluster`.
 */
import * as Schema from "effect/Schema"
import * as Workflow from "effect/workflow/Workflow"
import { oneId } from "../internal/oneId.ts"
import { RefundFailure } from "../internal/workflow/failure.ts"
import { Cents } from "../Money.ts"
import { OrderId } from "../OrderId.ts"
import { RefundReceipt } from "../Refund.ts"
import { RefundKey } from "../RefundKey.ts"

/**
 * What a durable refund is asked for: as for `Refunds`, and
 *
 * - `amount`: cents; all that is left of the order, if it is not given;
 * - `attempt`: counts the executions of one key, from 1. An execution that ended without a verdict, such as on an order
 *   that cannot be refunded yet, stays ended: to ask again is the next attempt.
 */
export const RefundPayload = Schema.Struct({
  key: RefundKey,
  orderId: OrderId,
  amount: Schema.optionalKey(Cents.check(Schema.isGreaterThan(0))),
  message: Schema.optionalKey(Schema.String),
  charged: Schema.optionalKey(Cents),
  attempt: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)))
})

/** What a durable refund is asked for. */
export interface RefundPayload extends Schema.Schema.Type<typeof RefundPayload> {}

/**
 * The workflow of one refund, for programs that run workflows themselves. `DurableRefunds` is the same behind `Refunds`,
 * and what most programs want.
 *
 * Its execution is known by key, order, amount, message and attempt: to execute it again joins it, or gives its result. A
 * GUID in capitals names the same order as in small letters.
 * `RefundOutcomeUnknown` means that it gave up in doubt, after as long as its policy goes on. What FlexFactor wrote is
 * not kept: its failures have codes and ids, and no words.
 *
 * @example
 * ```ts
 * import { Cents, OrderId, RefundKey } from "effect-flexfactor"
 * import { RefundWorkflow } from "effect-flexfactor/workflow"
 *
 * // Returns once the engine has written it down. A runner carries it out.
 * const submitted = RefundWorkflow.execute(
 *   { key: RefundKey.make("ticket-1"), orderId: OrderId.make("8f2f6f5e"), amount: Cents.make(1999) },
 *   { discard: true }
 * )
 * ```
 */
export const RefundWorkflow = Workflow.make("FlexFactor/Refund", {
  payload: RefundPayload,
  success: RefundReceipt,
  error: RefundFailure,
  idempotencyKey: ({ amount, attempt = 1, key, message, orderId }) =>
    JSON.stringify([key, oneId(orderId), amount ?? "remaining", message ?? null, attempt])
})
  // What breaks underneath, such as the engine's database, breaks a run, and never ends a refund.
  .annotate(Workflow.CaptureDefects, false)
