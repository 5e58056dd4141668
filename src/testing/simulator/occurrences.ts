/**
 * What happens to the simulated orders and is worth a webhook: each once, with its time, whether webhooks are on or not.
 */
import type * as DateTime from "effect/DateTime"
import type { Cents } from "../../Money.ts"
import type { KnownWebhookEventName } from "../../WebhookEvent.ts"
import type { EventToSign } from "../signWebhook.ts"
import type { SimulatedOrder, State } from "./state.ts"
import { notify } from "./watchers.ts"

/** Something that FlexFactor reports. */
export interface Occurrence {
  readonly at: DateTime.Utc
  readonly event: EventToSign
  /** The cents that moved, if money did. */
  readonly amount?: Cents
}

/** Writes down that something happened. */
export const occur = (state: State, occurrence: Occurrence): void => {
  state.occurrences.push(occurrence)
  notify(state)
}

/** The name of an event about an order. */
export const eventAbout = (name: KnownWebhookEventName, order: SimulatedOrder): EventToSign => ({
  event: name,
  orderId: order.id,
  externalOrderId: order.externalId
})

/**
 * What is reported of an order that gets a status. (assumed) FlexFactor documents the events, and no source says which
 * status comes with which. It documents no status of an order that expired; here, `Expired` is one.
 */
const eventByStatus: ReadonlyMap<string, KnownWebhookEventName> = new Map([
  ["completed", "order.completed"],
  ["cancelled", "order.cancelled"],
  ["capturerequired", "order.capturerequired"],
  ["expired", "order.expired"]
])

/** The event that reports a change of an order, if one does: nothing is said of a status that was there before. */
export const eventOfChange = (before: SimulatedOrder | undefined, after: SimulatedOrder): EventToSign | undefined => {
  const status = after.status.toLowerCase()
  const name = eventByStatus.get(status)
  return name === undefined || before === undefined || before.status.toLowerCase() === status
    ? undefined
    : eventAbout(name, after)
}
