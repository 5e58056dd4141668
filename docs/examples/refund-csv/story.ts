/**
 * What happens in the demo: the orders, the rows of the file, and what goes wrong.
 */
import { Duration } from "effect"
import { Cents, OrderId, RefundKey } from "effect-flexfactor"
import { Fault, type FlexFactorSimulator } from "effect-flexfactor/testing"

/** Where the orders show their money. */
export const totals = { charged: "amountCharged", refunded: "amountRefunded" } as const

/** A row of the file. The message tells its movement of money from any other. */
export interface Row {
  readonly key: RefundKey
  readonly order: OrderId
  readonly amount: Cents
  readonly message: string
}

const idOf = (n: number): OrderId => OrderId.make(`7c1f0e5a-0000-4000-8000-${String(n).padStart(12, "0")}`)

/** Amounts that look like those of a shop. */
const priceOf = (n: number): Cents => Cents.make(2995 + ((n * 7919) % 240) * 100)

const orderCount = 58

const ordinary = (n: number): FlexFactorSimulator.OrderSeed => ({ id: idOf(n), amount: priceOf(n) })

const orders: ReadonlyArray<FlexFactorSimulator.OrderSeed> = Array.from({ length: orderCount }, (_, n) => {
  // One that is not captured yet, and one of which most went back before.
  if (n === 13) return { ...ordinary(n), status: "Processing" }
  if (n === 31) return { ...ordinary(n), refunded: Cents.make(priceOf(n) - 500) }
  return ordinary(n)
})

const rowOf = (n: number): Row => ({
  key: RefundKey.make(`ticket-${1001 + n}`),
  order: idOf(n % orderCount),
  amount: Cents.make(Math.floor(priceOf(n % orderCount) / (n % 3 === 0 ? 2 : 4))),
  message: `Ticket ${1001 + n}`
})

/** The last two rows refund more of an order that has a row already. */
const rows: ReadonlyArray<Row> = Array.from({ length: orderCount + 2 }, (_, n) => rowOf(n))

export const story = { orders, rows, inPortal: rowOf(50) }

/** An answer that takes its time, so that there is something to look at. */
const slowly = Fault.delayed(Duration.millis(150))

const bad: ReadonlyMap<number, Fault.Fault> = new Map([
  [4, Fault.connectionLost({ serverActs: true })],
  [9, Fault.answer(502, { serverActs: true })],
  [14, Fault.truncated],
  [19, Fault.connectionLost({ serverActs: false })],
  [32, Fault.connectionLost({ serverActs: true, after: "2 seconds" })],
  [37, Fault.answer(503)],
  [42, Fault.answer(200, { body: { success: false, status: "FAILED", responseCode: "2046" } })],
  [47, Fault.connectionLost({ serverActs: true })]
])

/** What the nth refund that arrives meets. */
export const refundFaults: ReadonlyArray<Fault.Fault> = Array.from({ length: 90 }, (_, n) => bad.get(n) ?? slowly)
