/**
 * FlexFactor's Orders API for Effect backends.
 */
export * as FlexFactor from "./FlexFactor.ts"
export type { ListQuery } from "./ListQuery.ts"
export { Cents, CentsFromDollars, CentsFromDollarString } from "./Money.ts"
export { JsonObject, Order } from "./Order.ts"
export { ExternalOrderId, OrderId } from "./OrderId.ts"
export { OrderPage } from "./OrderPage.ts"
export { type CancelOptions, Orders } from "./Orders.ts"
export * as OrdersError from "./OrdersError.ts"
export * from "./OrdersError.ts"
export {
  isCancellable,
  isFinal,
  isPending,
  isRefundable,
  type KnownOrderStatus,
  OrderStatus,
  statusCode
} from "./OrderStatus.ts"
export { RefundReceipt, type RefundRequest } from "./Refund.ts"
export { RefundEntry } from "./RefundEntry.ts"
export * as RefundEvidence from "./RefundEvidence.ts"
export * as RefundJournal from "./RefundJournal.ts"
export { RefundKey } from "./RefundKey.ts"
export { RefundReading } from "./RefundReading.ts"
export * as Refunds from "./Refunds.ts"
export * from "./RefundsError.ts"
export * as Webhook from "./Webhook.ts"
export * from "./WebhookError.ts"
export { WebhookEvent, WebhookEventName } from "./WebhookEvent.ts"
export * as WebhookInbox from "./WebhookInbox.ts"
export * as WebhookNonces from "./WebhookNonces.ts"
export * as WebhookRoute from "./WebhookRoute.ts"
