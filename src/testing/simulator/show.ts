/**
 * Shows a simulated order as FlexFactor shows one: amounts are not among the documented fields.
 */
import type { Order } from "../../Order.ts"
import { statusCode } from "../../OrderStatus.ts"
import type { SimulatedOrder } from "./state.ts"

export const showOrder = (order: SimulatedOrder): Order => {
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
    extra: order.extra
  }
}
