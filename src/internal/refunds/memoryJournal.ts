/**
 * The journal in memory.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Order from "effect/Order"
import * as Stream from "effect/Stream"
import type { OrderId } from "../../OrderId.ts"
import { isOpen, type RefundEntry } from "../../RefundEntry.ts"
import type { RefundJournal, Written } from "../../RefundJournal.ts"
import type { RefundKey } from "../../RefundKey.ts"

const oldestFirst = Order.mapInput(DateTime.Order, ({ createdAt }: RefundEntry) => createdAt)

export const makeMemoryJournal = (): RefundJournal["Service"] => {
  const entries = new Map<RefundKey, RefundEntry>()
  const keysOf = new Map<OrderId, Set<RefundKey>>()
  const openKeyOf = new Map<OrderId, RefundKey>()

  const write = (entry: RefundEntry): Written => {
    const { key, orderId, revision } = entry
    const previous = entries.get(key)
    if ((previous?.revision ?? 0) !== revision - 1) return "changed"
    const openKey = openKeyOf.get(orderId)
    if (isOpen(entry)) {
      if (openKey !== undefined && openKey !== key) return "busy"
      openKeyOf.set(orderId, key)
    } else if (openKey === key) {
      openKeyOf.delete(orderId)
    }
    if (previous !== undefined && previous.orderId !== orderId) {
      keysOf.get(previous.orderId)?.delete(key)
      if (openKeyOf.get(previous.orderId) === key) openKeyOf.delete(previous.orderId)
    }
    entries.set(key, entry)
    const keys = keysOf.get(orderId)
    if (keys === undefined) keysOf.set(orderId, new Set([key]))
    else keys.add(key)
    return "written"
  }

  const entriesOf = (keys: Iterable<RefundKey>): ReadonlyArray<RefundEntry> =>
    Array.from(keys).flatMap((key) => entries.get(key) ?? [])

  return {
    find: (key) => Effect.sync(() => Option.fromUndefinedOr(entries.get(key))),
    ofOrder: (orderId) => Effect.sync(() => entriesOf(keysOf.get(orderId) ?? [])),
    write: (entry) => Effect.sync(() => write(entry)),
    open: Stream.suspend(() => Stream.fromIterable(entriesOf(openKeyOf.values()).toSorted(oldestFirst)))
  }
}
