/**
 * FlexFactor's webhooks in the simulation: an `order.refunded` for every movement of money, with what can go wrong on its
 * way. One is lost, one comes late, one is dated later than the money moved, one comes again with another date.
 */
import { DateTime } from "effect"
import type { OrderId, RefundEvidence, WebhookEvent } from "../../src/index.ts"
import { readReports } from "../../src/internal/webhook/reports.ts"
import type { LedgerEntry, State } from "../../src/testing/simulator/state.ts"
import { deliveryKey } from "../../src/WebhookEvent.ts"
import { latest, makeDice, type Scenario } from "./scenario.ts"

interface Delivery {
  readonly arrivesAt: number
  readonly event: WebhookEvent
}

/** What the program has received of an order by a time, each event once. */
export type ReportsOf = (orderId: OrderId, now: number) => ReadonlyArray<RefundEvidence.RefundReport>

export const makeWebhooks = (scenario: Scenario, state: State): ReportsOf => {
  const dice = makeDice(`${scenario.seed} webhooks`)
  const deliveries: Array<ReadonlyArray<Delivery>> = []

  const deliver = ({ amount, at, orderId }: LedgerEntry): ReadonlyArray<Delivery> => {
    const movedAt = DateTime.toEpochMillis(at)
    const make = (isResent: boolean): Delivery => {
      const datedAt = movedAt + (dice.chance(0.3) ? dice.below(latest.webhookDate) : 0)
      return {
        arrivesAt: datedAt + dice.below(dice.chance(0.3) ? latest.webhook : 2000),
        event: {
          event: "order.refunded",
          at: DateTime.makeUnsafe(datedAt),
          orderId,
          isResent,
          ...(scenario.webhooks === "with amounts" ? { data: { amount } } : {}),
          extra: {}
        }
      }
    }
    if (dice.chance(0.05)) return []
    const first = make(false)
    if (dice.chance(0.85)) return [first]
    return dice.chance(0.5) ? [make(true)] : [first, make(true)]
  }

  return (orderId, now) => {
    if (scenario.webhooks === "none") return []
    while (deliveries.length < state.ledger.length) {
      const movement = state.ledger[deliveries.length]
      if (movement !== undefined) deliveries.push(deliver(movement))
    }
    const events = deliveries.flat()
      .filter(({ arrivesAt, event }) => event.orderId === orderId && arrivesAt <= now)
      .map(({ event }) => event)
    return readReports(
      [...new Map(events.map((event) => [deliveryKey(event), event])).values()],
      scenario.webhooks === "with amounts"
        ? { amount: "amount", unit: "cents" }
        : { withoutAmount: "refunded" }
    )
  }
}
