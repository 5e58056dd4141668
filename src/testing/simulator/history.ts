/**
 * The changes of the simulated orders, each with its time. The rules go by what an order is; a reader who sees an old
 * state, as from a database that copies with a delay, is shown what it was. What a webhook reports is noted here too.
 */
import * as DateTime from "effect/DateTime"
import { oneId } from "../../internal/oneId.ts"
import type { OrderId } from "../../OrderId.ts"
import { eventAbout, eventOfChange, occur } from "./occurrences.ts"
import type { LedgerEntry, SimulatedOrder, State } from "./state.ts"

/** The order with an id, in whatever case the id is written. */
export const orderById = (state: State, id: OrderId): SimulatedOrder | undefined => state.orders.get(oneId(id))

/** Puts an order in, in place of another with its id. */
export const addOrder = (state: State, order: SimulatedOrder, at: DateTime.Utc): void => {
  const id = oneId(order.id)
  state.orders.set(id, order)
  state.versions.set(id, [{ since: at, order }])
}

/** Makes an order what it is from now on, and keeps what it was. */
export const changeOrder = (state: State, order: SimulatedOrder, at: DateTime.Utc): void => {
  const id = oneId(order.id)
  const event = eventOfChange(state.orders.get(id), order)
  state.orders.set(id, order)
  state.versions.get(id)?.push({ since: at, order })
  if (event !== undefined) occur(state, { at, event })
}

/** Takes an order out of sight. Its money stays in the ledger. */
export const removeOrder = (state: State, id: OrderId): void => {
  state.orders.delete(oneId(id))
  state.versions.delete(oneId(id))
}

/** What an order was like at a time. One that was not there yet is shown as it came. */
export const orderAt = (state: State, order: SimulatedOrder, time: DateTime.Utc): SimulatedOrder => {
  const versions = state.versions.get(oneId(order.id)) ?? []
  const version = versions.findLast(({ since }) => DateTime.isLessThanOrEqualTo(since, time)) ?? versions[0]
  return version?.order ?? order
}

const none: ReadonlyArray<LedgerEntry> = []

/** The movements of an order's money, in order. */
export const movementsOf = (state: State, id: OrderId): ReadonlyArray<LedgerEntry> =>
  state.movements.get(oneId(id)) ?? none

/** Writes a movement of money into the ledger. The order is changed besides. */
export const moveMoney = (state: State, entry: LedgerEntry): void => {
  state.ledger.push(entry)
  const { amount, at, orderId } = entry
  const movements = state.movements.get(oneId(orderId))
  if (movements === undefined) state.movements.set(oneId(orderId), [entry])
  else movements.push(entry)
  const order = orderById(state, orderId)
  if (order !== undefined) occur(state, { at, event: eventAbout("order.refunded", order), amount })
}
