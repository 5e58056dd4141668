/**
 * A refund that was sent, with readings of its order.
 */
import { DateTime } from "effect"
import { Cents, OrderId, type RefundEntry, RefundKey } from "../../src/index.ts"
import { type Facts, factsOf } from "../../src/internal/refunds/facts.ts"
import type { Policy } from "../../src/internal/refunds/policy.ts"
import type { Evidence } from "../../src/RefundEvidence.ts"

export const at = (millis: number) => DateTime.makeUnsafe(millis)

/** Sent at the tenth second and lost at the twentieth; nothing had gone back of 50.00. */
export const entry: RefundEntry = {
  key: RefundKey.make("ticket-1"),
  orderId: OrderId.make("order-1"),
  amount: Cents.make(1000),
  balance: Cents.make(5000),
  state: "in doubt",
  revision: 3,
  sends: 1,
  sendEndsAt: at(20_000),
  doubt: "timeout",
  before: { at: at(10_000), status: "Completed", refunded: Cents.make(0) },
  createdAt: at(10_000),
  updatedAt: at(20_000)
}

export const policy: Policy = {
  settleWindow: 60_000,
  readingGap: 10_000,
  longestWait: 10_000,
  patience: 30_000,
  sendTimeout: 120_000,
  maximumSends: 3
}

export const reading = (refunded: number, millis = 30_000): Evidence => ({
  at: at(millis),
  refunded: Cents.make(refunded)
})

export const facts = (
  given: Partial<RefundEntry> = {},
  seen: Parameters<typeof factsOf>[1] = "unread",
  { now = 30_000, since = 30_000, ...rest }: Partial<Policy> & { readonly now?: number; readonly since?: number } = {}
): Facts => factsOf({ ...entry, ...given }, seen, { ...policy, ...rest }, { now, since })
