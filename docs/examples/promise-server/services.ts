/**
 * What the handlers stand on, as layers: with FlexFactor itself, or with a simulated one.
 */
import { Layer } from "effect"
import { Cents, FlexFactor, OrderId, RefundEvidence, RefundJournal, Refunds } from "effect-flexfactor"
import * as NodeSqlite from "effect-flexfactor/NodeSqlite"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { FetchHttpClient } from "effect/http"

/** The names under which orders show their money: look at an order of your own that was refunded partly. */
const totals = { charged: "amount", refunded: "amountRefunded" } as const

const refunds = (policy?: Refunds.RefundPolicy) =>
  Refunds.layer(policy).pipe(Layer.provide(RefundEvidence.fromOrder(totals)))

/** FlexFactor as `FLEXFACTOR_ENVIRONMENT` and its credentials say, and a journal in a file. */
export const live = refunds().pipe(
  Layer.provideMerge(RefundJournal.layerSql().pipe(Layer.provide(NodeSqlite.layer({ filename: "refunds.db" })))),
  Layer.provideMerge(FlexFactor.layerConfig()),
  Layer.provide(FetchHttpClient.layer)
)

/** The orders of the simulator, over $50.00 each. */
export const orderIds = [OrderId.make("order-1"), OrderId.make("order-2"), OrderId.make("order-3")]

/** The same with a FlexFactor in memory: no network, no account, nothing is kept. */
export const simulated = (policy?: Refunds.RefundPolicy) =>
  refunds(policy).pipe(
    Layer.provideMerge(RefundJournal.layerMemory),
    Layer.provideMerge(FlexFactorSimulator.layer({
      totals,
      orders: orderIds.map((id) => ({ id, amount: Cents.fromDollars("50.00") }))
    }))
  )
