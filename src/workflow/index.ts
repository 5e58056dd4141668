/**
 * Refunds that outlive the machine: on Effect's durable workflow engine, in one process or many.
 *
 * It stands on modules that Effect calls unstable: `effect/workflow` and `effect/cluster`.
 */
export * as DurableRefunds from "./DurableRefunds.ts"
export { RefundPayload, RefundWorkflow } from "./RefundWorkflow.ts"
