/**
 * What happens in the demo: the orders, the refunds that are asked for, what goes wrong at FlexFactor, and when runners
 * are killed.
 */
import { Cents, OrderId, RefundKey, type Refunds } from "effect-flexfactor"
import type { FlexFactorSimulator } from "effect-flexfactor/testing"

const seed = "cluster 1"

const idOf = (n: number): OrderId => OrderId.make(`7c1f0e5a-0000-4000-8000-${String(n).padStart(12, "0")}`)

/** Amounts that look like those of a shop. */
const priceOf = (n: number): Cents => Cents.make(2995 + ((n * 7919) % 240) * 100)

const orderCount = 56

export const orders: ReadonlyArray<FlexFactorSimulator.OrderSeed> = Array.from({ length: orderCount }, (_, n) => ({
  id: idOf(n),
  amount: priceOf(n)
}))

/** The order of which two refunds want more than it was charged: one of them is refused, whichever comes second. */
const overdrawn = 7

/** The message tells its movement of money from any other. */
const refundOf = (order: number, key: string): Refunds.KeyedRefund => ({
  key: RefundKey.make(key),
  orderId: idOf(order),
  amount: Cents.make(Math.floor(priceOf(order) * (order === overdrawn ? 0.6 : 0.25))),
  message: key
})

/** One refund of each order, and two of every twelfth one, which are asked for at once. */
export const refunds: ReadonlyArray<Refunds.KeyedRefund> = orders.flatMap((_, order) => {
  const one = refundOf(order, `ticket-${1001 + order}`)
  return order % 12 === overdrawn ? [one, refundOf(order, `ticket-${2001 + order}`)] : [one]
})

/** Some are asked for twice by the same key: two at once, and two in the end. */
export const requests: ReadonlyArray<Refunds.KeyedRefund> = [
  ...refunds.flatMap((refund, n) => n === 20 || n === 40 ? [refund, refund] : [refund]),
  ...refunds.slice(10, 12)
]

/** Of these, one is refunded and one refused. */
export const rivals: ReadonlyArray<RefundKey> = refunds.filter(({ orderId }) => orderId === idOf(overdrawn))
  .map(({ key }) => key)

/** Of any five requests, about one goes wrong. */
export const faults: FlexFactorSimulator.SeededFaults = {
  seed,
  rate: 0.2,
  kinds: [
    "request lost",
    "answer lost",
    "late commit",
    "server error before acting",
    "server error after acting",
    "answer delayed"
  ],
  maxLateCommit: "2 seconds",
  maxDelay: "1 second"
}

export const runnerCount = 3

/** How often a runner is killed, and between which pauses, in milliseconds. The seed draws the pauses and the runners. */
export const kills = { seed, count: 6, shortestPause: 1000, longestPause: 2500 }
