/**
 * What the handlers stand on, as layers: with FlexFactor itself, or with a simulated one.
 */
import { Effect, Layer, Redacted } from "effect"
import {
  Cents,
  FlexFactor,
  OrderId,
  RefundEvidence,
  RefundJournal,
  Refunds,
  Webhook,
  WebhookInbox
} from "effect-flexfactor"
import * as NodeSqlite from "effect-flexfactor/NodeSqlite"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { FetchHttpClient } from "effect/http"

/** The names under which orders show their money: look at an order of your own that was refunded partly. */
const totals = { charged: "amount", refunded: "amountRefunded" } as const

/** Refunds that settle. One in doubt is looked at again as soon as FlexFactor reports a refund of its order. */
const refunds = (policy?: Refunds.RefundPolicy) =>
  WebhookInbox.layerHandler(Refunds.resolveReported).pipe(
    Layer.provideMerge(Refunds.layer(policy)),
    Layer.provide(RefundEvidence.fromOrder(totals))
  )

/** FlexFactor as `FLEXFACTOR_ENVIRONMENT` and its credentials say; the journal and the inbox are in a file. */
export const live = refunds().pipe(
  Layer.provideMerge([RefundJournal.layerSql(), WebhookInbox.layerSql()]),
  Layer.provideMerge(FlexFactor.layerConfig()),
  Layer.provide([NodeSqlite.layer({ filename: "refunds.db" }), FetchHttpClient.layer])
)

/** The endpoint of the webhooks, from the environment. One that breaks a rule fails here, not at the first delivery. */
export const liveEndpoint = Effect.tap(Webhook.optionsConfig(), Webhook.make)

/** The orders of the simulator, over $50.00 each. */
export const orderIds = [OrderId.make("order-1"), OrderId.make("order-2"), OrderId.make("order-3")]

/** The endpoint that the simulator signs its webhooks for. */
export const simulatedEndpoint = { key: Redacted.make("a2V5IG9mIGEgdGVzdA=="), host: "shop.example" }

/** The same with a FlexFactor in memory: no network, no account, nothing is kept. */
export const simulated = (policy?: Refunds.RefundPolicy) =>
  refunds(policy).pipe(
    Layer.provideMerge([RefundJournal.layerMemory, WebhookInbox.layerMemory]),
    Layer.provideMerge(FlexFactorSimulator.layer({
      totals,
      webhooks: simulatedEndpoint,
      orders: orderIds.map((id) => ({ id, amount: Cents.fromDollars("50.00") }))
    }))
  )
