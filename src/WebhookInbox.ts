/**
 * Keeps the events that FlexFactor reports by webhook: each once, however often it is delivered, and until it is handled,
 * also by a program that starts after this one ended.
 */
import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { OrderId } from "./OrderId.ts"
import type { WebhookInboxError } from "./WebhookError.ts"
import type { WebhookEvent } from "./WebhookEvent.ts"

/** A verified delivery: its event, its nonce, and until when a replay of it would still be taken for right. */
export interface ReceivedDelivery {
  readonly event: WebhookEvent
  readonly nonce: string
  readonly expiresAt: DateTime.Utc
}

/**
 * What became of a delivery:
 *
 * - `"new"`: its event is kept, also if the process ends now, and will be handled;
 * - `"replayed"`: a delivery with its nonce came before;
 * - `"redelivered"`: its event was kept before, from another delivery.
 */
export type Kept = "new" | "replayed" | "redelivered"

/**
 * The events that were received.
 *
 * Whoever implements one keeps two promises, also among several processes: of all deliveries of one event
 * (`Webhook.deliveryKey`), one is `"new"`; and an event that is new is handed to a handler until one succeeds.
 */
export class WebhookInbox extends Context.Service<WebhookInbox, {
  /** Keeps the event of a delivery, all of it or nothing. */
  readonly keep: (delivery: ReceivedDelivery) => Effect.Effect<Kept, WebhookInboxError>
  /** All events about an order, in the order in which they happened. */
  readonly ofOrder: (orderId: OrderId) => Effect.Effect<ReadonlyArray<WebhookEvent>, WebhookInboxError>
  /**
   * Waits for an event that nobody has handled, and hands it over. It is done once the handler succeeds; if the handler
   * fails, or the process ends, it is handed over again, later. So a handler may see an event twice.
   */
  readonly handleNext: <A, E, R>(
    handler: (event: WebhookEvent) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | WebhookInboxError, R>
  /** The events that nobody has handled, as they come. An event is done once the next one is asked for. */
  readonly events: Stream.Stream<WebhookEvent, WebhookInboxError>
}>()("effect-flexfactor/WebhookInbox") {}
