/**
 * An order to read with a token, and the answers to that.
 */
import { OrderId, Orders } from "../../src/index.ts"
import { json } from "../support/script.ts"

export const id = OrderId.make("order-1")
export const order = () => json({ id: "order-1", status: 7 })
export const readOrder = Orders.use((orders) => orders.get(id))
export const unauthorized = () => new Response("", { status: 401 })
