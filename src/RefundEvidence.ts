/**
 * Where the truth about a refund can be read, besides FlexFactor's answer: the order itself, or FlexFactor's reports.
 *
 * Public documents show no total of refunds on an order (docs/wire.md). Where a merchant's orders carry one, its name
 * is an option of `fromOrder`; without it only the status speaks, and it says little.
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { combineReadings, readTotals } from "./internal/refunds/readings.ts"
import { readReports } from "./internal/webhook/reports.ts"
import type { Cents } from "./Money.ts"
import type { Order } from "./Order.ts"
import type { OrderId } from "./OrderId.ts"
import { Orders } from "./Orders.ts"
import type { GetError } from "./OrdersError.ts"
import type { RefundReading } from "./RefundReading.ts"
import type { AmountOptions } from "./WebhookEvent.ts"
import { WebhookInbox } from "./WebhookInbox.ts"

/**
 * A refund of an order that FlexFactor reported.
 *
 * - `at`: when it happened, by FlexFactor's clock.
 * - `amount`: its cents, where the report shows them.
 * - `fitsAnyAmount`: whether a report that shows no amount counts for a refund of any amount.
 */
export interface RefundReport {
  readonly at: DateTime.Utc
  readonly amount?: Cents | undefined
  readonly fitsAnyAmount?: boolean | undefined
}

/**
 * What is known of an order at one moment: what it shows, and the refunds of it that FlexFactor reported. Reports that are
 * `"unreadable"` could say whose refund it was that moved money: meanwhile such a reading decides nothing.
 */
export interface Evidence extends RefundReading {
  readonly reports?: ReadonlyArray<RefundReport> | "unreadable" | undefined
}

/**
 * The source of evidence that `Refunds` reads before a refund is sent, and after.
 *
 * An implementation must read afresh each time, end within a deadline of its own, and say only what the source says: a
 * total that is not known is absent, never zero. `at` is a time before the reading began.
 */
export class RefundEvidence extends Context.Service<RefundEvidence, {
  readonly read: (orderId: OrderId) => Effect.Effect<Evidence, GetError>
}>()("effect-flexfactor/RefundEvidence") {}

/** Where an order shows an amount: the name of its field in `extra`, or a function of the order. */
export type AmountField = string | ((order: Order) => Cents | undefined)

/**
 * Where a merchant's orders show money. No public document names such a field, so there is no default. Look at an order
 * of your own that was refunded partly, then name what you see.
 *
 * - `refunded`: what went back so far; `refundable`: what still can; `charged`: what was charged. One of the first two
 *   is enough to settle a doubt. `charged` with `refunded` tells what is left.
 * - `unit`: whether those fields are decimal dollars or whole cents; `"dollars"` if not given.
 */
export interface OrderTotals {
  readonly refunded?: AmountField | undefined
  readonly refundable?: AmountField | undefined
  readonly charged?: AmountField | undefined
  readonly unit?: "dollars" | "cents" | undefined
}

/**
 * Evidence from the order itself. Without options only its status is read.
 *
 * @example
 * ```ts
 * import { RefundEvidence } from "effect-flexfactor"
 *
 * const evidence = RefundEvidence.fromOrder({ refunded: "amountRefunded", charged: "amount", unit: "dollars" })
 * ```
 */
export const fromOrder = (totals: OrderTotals = {}): Layer.Layer<RefundEvidence, never, Orders> =>
  Layer.effect(
    RefundEvidence,
    Effect.map(Orders, (orders) =>
      RefundEvidence.of({
        read: (orderId) =>
          Effect.flatMap(
            DateTime.now,
            (at) =>
              Effect.map(orders.get(orderId), (order) => ({ at, status: order.status, ...readTotals(totals, order) }))
          )
      }))
  )

/**
 * The refunds that FlexFactor reported by webhook, as a store of the program keeps them: each once, however often it was
 * delivered. `layerReports` reads them from the inbox of webhooks.
 */
export class RefundReports extends Context.Service<RefundReports, {
  /** The reports about an order; `"unreadable"` if they cannot be read, or not all of them. */
  readonly ofOrder: (orderId: OrderId) => Effect.Effect<ReadonlyArray<RefundReport> | "unreadable">
}>()("effect-flexfactor/RefundReports") {}

/**
 * How an `order.refunded` event is read. No source shows what is in its `data`; the one event that was recorded has none.
 *
 * - `amount`, `unit`: where an event of your own shows the amount of the refund, as for `Webhook.amountOf`.
 * - `withoutAmount`: what an event without an amount counts for: `"nothing"` by default, or `"refunded"`, which takes
 *   it to confirm its order's refund in doubt, whatever the amount, if that is the only one ever sent. Choose
 *   `"refunded"` only if nobody refunds these orders but programs that share the journal: a refund in the portal would
 *   pass for the one in doubt.
 */
export interface ReportOptions extends Partial<AmountOptions> {
  readonly withoutAmount?: "nothing" | "refunded" | undefined
}

/**
 * The refunds that were reported, from the events in the inbox. While the inbox or an event of the order cannot be read,
 * they are `"unreadable"`, and the log says so.
 *
 * A redelivery is recognised by `Webhook.deliveryKey`. An event that is marked as sent again, with another time than
 * the first of its order and amount, counts only if there is no first one.
 *
 * @example
 * ```ts
 * import { Layer } from "effect"
 * import { RefundEvidence, WebhookInbox } from "effect-flexfactor"
 *
 * const evidence = RefundEvidence.combine(RefundEvidence.fromOrder(), RefundEvidence.fromWebhooks).pipe(
 *   Layer.provide(RefundEvidence.layerReports({ amount: "amount", unit: "dollars" })),
 *   Layer.provideMerge(WebhookInbox.layerMemory)
 * )
 * ```
 */
export const layerReports = (options: ReportOptions = {}): Layer.Layer<RefundReports, never, WebhookInbox> =>
  Layer.effect(
    RefundReports,
    Effect.map(WebhookInbox, (inbox) => ({
      ofOrder: (orderId) =>
        inbox.ofOrder(orderId).pipe(
          Effect.map((events) => readReports(events, options)),
          Effect.catch((error) =>
            Effect.as(Effect.logWarning("Reports of refunds cannot be read", error.message), "unreadable" as const)
          )
        )
    }))
  )

/**
 * Evidence from FlexFactor's reports. A report settles a doubt if it has the refund's amount, is not dated before the
 * reading that the send was prepared with, and can be about no other refund of the order.
 *
 * @example
 * ```ts
 * import { RefundEvidence } from "effect-flexfactor"
 *
 * const evidence = RefundEvidence.combine(RefundEvidence.fromOrder(), RefundEvidence.fromWebhooks)
 * ```
 */
export const fromWebhooks: Layer.Layer<RefundEvidence, never, RefundReports> = Layer.effect(
  RefundEvidence,
  Effect.map(RefundReports, (store) =>
    RefundEvidence.of({
      read: (orderId) =>
        Effect.flatMap(DateTime.now, (at) => Effect.map(store.ofOrder(orderId), (reports) => ({ at, reports })))
    }))
)

/**
 * Several sources as one. All of them are read each time; where two show the same total, the first one counts. It
 * cannot be read if one of them cannot.
 *
 * @example
 * ```ts
 * import { RefundEvidence } from "effect-flexfactor"
 *
 * const evidence = RefundEvidence.combine(
 *   RefundEvidence.fromOrder({ refunded: "amountRefunded" }),
 *   RefundEvidence.fromWebhooks
 * )
 * ```
 */
export const combine = <E1, R1, E2, R2>(
  first: Layer.Layer<RefundEvidence, E1, R1>,
  second: Layer.Layer<RefundEvidence, E2, R2>
): Layer.Layer<RefundEvidence, E1 | E2, R1 | R2> =>
  Layer.effect(
    RefundEvidence,
    Effect.gen(function*() {
      const one = Context.get(yield* Layer.build(first), RefundEvidence)
      const other = Context.get(yield* Layer.build(second), RefundEvidence)
      return RefundEvidence.of({
        read: (orderId) => Effect.zipWith(one.read(orderId), other.read(orderId), combineReadings, { concurrent: true })
      })
    })
  )
