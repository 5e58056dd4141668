/**
 * What tests need: a simulator of FlexFactor, the ways it can fail, and its contract.
 */
export * as Fault from "./Fault.ts"
export * as FlexFactorApi from "./FlexFactorApi.ts"
export * as FlexFactorSimulator from "./FlexFactorSimulator.ts"
export { inTime } from "./inTime.ts"
export { type EventToSign, type SignedWebhook, signWebhook, type SignWebhookOptions } from "./signWebhook.ts"
export * as WebhookFault from "./WebhookFault.ts"
export * as WebhookReceiver from "./WebhookReceiver.ts"
