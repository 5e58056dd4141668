/**
 * Shows a simulated order as FlexFactor shows one. Amounts are not among the documented fields: there are none, unless
 * the simulator is told under which names to show them.
 */
import { Cents } from "../../Money.ts"
import type { Order } from "../../Order.ts"
import { statusCode } from "../../OrderStatus.ts"
import { refundable } from "./rules.ts"
import type { SimulatedOrder } from "./state.ts"

/**
 * Under which names an order shows its money when it is read or listed; what has no name is not shown.
 *
 * - `charged`: the name of the price.
 * - `refunded`: the name of what went back.
 * - `refundable`: the name of what can still go back.
 * - `unit`: how the amounts are written, `"dollars"` by default: `19.99`, or 1999 `"cents"`.
 */
export interface Totals {
  readonly charged?: string | undefined
  readonly refunded?: string | undefined
  readonly refundable?: string | undefined
  readonly unit?: "dollars" | "cents" | undefined
}

const showTotals = (
  order: SimulatedOrder,
  { unit = "dollars", ...names }: Totals
): Readonly<Record<string, number>> => {
  const amounts: ReadonlyArray<readonly [name: string | undefined, amount: Cents]> = [
    [names.charged, order.amount],
    [names.refunded, order.refunded],
    [names.refundable, refundable(order)]
  ]
  return Object.fromEntries(
    amounts.flatMap(([name, amount]) =>
      name === undefined ? [] : [[name, unit === "cents" ? amount : Number(Cents.toDollars(amount))] as const]
    )
  )
}

/** Writes an order as the answer to a read or a list has it. */
export const showOrder = (order: SimulatedOrder, totals: Totals | undefined): Order => {
  const code = statusCode(order.status)
  return {
    id: order.id,
    status: order.status,
    ...(code === undefined ? {} : { statusCode: code }),
    // The sandbox writes the name in capitals (observed).
    statusName: order.status.toUpperCase(),
    correlationId: `correlation-${order.externalId}`,
    referenceNumber: order.externalId,
    orderPlacedDate: order.placedAt,
    billingAddress: { country: "US", city: "Springfield", postalCode: "12345" },
    firstName: order.firstName,
    lastName: order.lastName,
    email: order.email,
    currencyCode: "USD",
    currencySymbol: "$",
    extra: totals === undefined ? order.extra : { ...order.extra, ...showTotals(order, totals) }
  }
}
