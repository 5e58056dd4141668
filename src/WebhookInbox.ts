/**
 * Keeps the events that FlexFactor reports by webhook: each once, however often it is delivered, and until it is handled,
 * also by a program that starts after this one ended.
 *
 * A program that answers FlexFactor keeps (`Verifier.keep`); the same one or another handles (`layerHandler`).
 */
import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import type * as Scope from "effect/Scope"
import type { MigrationError } from "effect/sql/Migrator"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type * as Stream from "effect/Stream"
import { startWorkers } from "./internal/webhook/inboxWorker.ts"
import { makeMemoryInbox } from "./internal/webhook/memoryInbox.ts"
import { layerQueueLogs } from "./internal/webhook/queueLogs.ts"
import { makeSqlInbox } from "./internal/webhook/sqlInbox.ts"
import { migrateInbox } from "./internal/webhook/sqlMigrations.ts"
import { findQueue, makeSqlQueueStore } from "./internal/webhook/sqlQueueStore.ts"
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
 * - `"replayed"`: its event was kept before, and a delivery with its nonce came before;
 * - `"redelivered"`: its event was kept before, from a delivery with another nonce.
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
  /**
   * All events about an order, in the order in which they happened. It fails if one of them cannot be read, because the
   * one that is missing could be the one that says that a refund was carried out.
   */
  readonly ofOrder: (orderId: OrderId) => Effect.Effect<ReadonlyArray<WebhookEvent>, WebhookInboxError>
  /**
   * Waits for an event that nobody has handled, and hands it over. It is done once the handler succeeds; if the handler
   * fails, or the process ends, it is handed over again, later. So a handler may see an event twice.
   *
   * What the handler fails with comes out as it is. An interruption gives the event back at once. A
   * `WebhookInboxError` after the handler succeeded says that this could not be written down: the event comes again.
   */
  readonly handleNext: <A, E, R>(
    handler: (event: WebhookEvent) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | WebhookInboxError, R>
  /**
   * The events that nobody has handled, as they come; it does not end by itself. An event is done once the next one is
   * asked for, or the stream is done with; if the stream fails, it comes again later, and if it is interrupted, at once.
   *
   * Whatever asks ahead, such as `Stream.buffer` or a `concurrency`, has events done that nobody looked at: use
   * `handleNext` for those that must not be lost.
   */
  readonly events: Stream.Stream<WebhookEvent, WebhookInboxError>
}>()("effect-flexfactor/WebhookInbox") {}

/** What is done leaves the queue after a while. The event stays in a table of its own, which tells what came before. */
const cleanup = PersistedQueue.layerCleanup({ timeToLive: "1 day" })

/**
 * An inbox that lives as long as the program, for tests, and for one process that can do without events after a restart.
 * It keeps every event, and all of them are lost when the program ends.
 *
 * @example
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { WebhookInbox } from "effect-flexfactor"
 *
 * const printer = WebhookInbox.layerHandler((event) => Effect.log(event.event)).pipe(
 *   Layer.provideMerge(WebhookInbox.layerMemory)
 * )
 * ```
 */
export const layerMemory: Layer.Layer<WebhookInbox> = Layer.effect(WebhookInbox, makeMemoryInbox).pipe(
  Layer.provide(Layer.fresh(Layer.provideMerge(cleanup, PersistedQueue.layerStoreMemory)))
)

/** How an inbox in a database is set up. */
export interface SqlOptions {
  /**
   * Whether to make the tables where they are missing: `true`, unless said otherwise. With `false` they must be there,
   * made by a program of the same version that starts with more rights. This one then needs no more than to read and
   * write all of them and, on PostgreSQL, `USAGE` of the sequence `flexfactor_webhook_queue_sequence_seq`.
   */
  readonly migrate?: boolean | undefined
}

/**
 * An inbox in a database, which outlives the program and is shared by all that use it: PostgreSQL or SQLite, over any
 * `SqlClient` of Effect.
 *
 * `keep` writes the nonce, the event and its place in the queue in one transaction, or in the caller's
 * (`sql.withTransaction`), and counts once that is committed. `handleNext` and `events` fail within a transaction.
 *
 * An event whose handler failed comes again after a second, then after twice as long each time and at most five minutes,
 * for as long as it takes. One whose process was killed comes again two minutes later. So does one whose process stood
 * still for two minutes: it may then be handled twice at once. An event that this version cannot read, such as one that a
 * later version kept, is passed over with a warning, and comes again as if its handler had failed.
 *
 * It makes these tables; programs may do so at the same moment:
 *
 * | table | what it holds |
 * | --- | --- |
 * | `flexfactor_webhook_events` | every event, as JSON and in columns to query it by; nothing is removed |
 * | `flexfactor_webhook_nonces` | nonces, which are removed once they expired |
 * | `flexfactor_webhook_queue` | what is to be handled, of Effect's `PersistedQueue`; what is done is removed after a day |
 * | `flexfactor_webhook_migrations`, `flexfactor_webhook_queue_migrations` | versions of the tables |
 *
 * The queue reads the database about once a second while somebody waits. While the database is away it goes on trying,
 * and logs a warning once a minute; a handler's success that cannot be written down is tried again for two minutes, and a
 * program that ends waits for that.
 *
 * On PostgreSQL, the times of the queue have no zone. So all programs must use one `TimeZone` for their sessions, as they do
 * unless they set it, and it should be one without summer time, best `UTC`: while clocks are set back, what is to come again
 * comes an hour later, and when they are set forward, what is in the hands of a handler may come again at once.
 *
 * @example
 * ```ts
 * import { Layer } from "effect"
 * import { WebhookInbox } from "effect-flexfactor"
 * import * as NodeSqlite from "effect-flexfactor/NodeSqlite"
 *
 * const inbox = WebhookInbox.layerSql().pipe(Layer.provide(NodeSqlite.layer({ filename: "webhooks.db" })))
 * ```
 */
export const layerSql = (
  options: SqlOptions = {}
): Layer.Layer<WebhookInbox, MigrationError | SqlError, SqlClient> => {
  const prepared = options.migrate === false ? findQueue : migrateInbox
  const store = Layer.effect(PersistedQueue.PersistedQueueStore, Effect.andThen(prepared, makeSqlQueueStore))
  return Layer.effect(WebhookInbox, makeSqlInbox).pipe(
    Layer.provide(Layer.provideMerge(cleanup, store)),
    Layer.provide(Layer.fresh(layerQueueLogs))
  )
}

/**
 * How an inbox is worked through.
 *
 * - `concurrency`: how many events are handled at once; 4. A whole number of at least 1, or the layer dies.
 */
export interface HandlerOptions {
  readonly concurrency?: number | undefined
}

/**
 * Handles the events of an inbox in the background, for as long as its scope lives: also those that were kept before the
 * program started.
 *
 * An event is done once the handler succeeds. If the handler fails or dies, that is logged as a warning with its cause,
 * the name of the event and the order, and the event comes again later. It may come again after it was handled, so handle
 * it in a way that can be repeated: what `Refunds` does under one key can. Events of one order may come at once, and in
 * another order than they happened: read the order, or `ofOrder`, for what holds now.
 *
 * Nothing ends it but its scope: while the inbox fails it logs a warning and waits, at most a minute at a time. Each event
 * has a `Scope` of its own.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { Orders, Webhook, type WebhookEvent, WebhookInbox } from "effect-flexfactor"
 *
 * // Orders stays open: a layer of FlexFactor provides it.
 * const handler = WebhookInbox.layerHandler(
 *   Effect.fn("handle")(function*(event: WebhookEvent) {
 *     const { orderId } = event
 *     if (!Webhook.isAboutRefund(event) || orderId === undefined) return
 *     const order = yield* Orders.use((orders) => orders.get(orderId))
 *     yield* Effect.log(`${order.id} is ${order.status}`)
 *   }),
 *   { concurrency: 2 }
 * )
 * ```
 */
export const layerHandler = <E, R>(
  handler: (event: WebhookEvent) => Effect.Effect<unknown, E, R>,
  options: HandlerOptions = {}
): Layer.Layer<never, never, WebhookInbox | Exclude<R, Scope.Scope>> =>
  Layer.effectDiscard(Effect.flatMap(WebhookInbox, (inbox) => startWorkers(inbox, handler, options)))
