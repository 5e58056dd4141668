/**
 * axios, which is over Node's `http` on Node.
 */
import { create } from "axios"
import { refundCents, refundMessage } from "../calls/bodies.ts"
import { deadline, fetchToken, fromPromises, type Open, orderId } from "../calls/client.ts"
import { isDone, type OrderBody, type PageBody, type RefundBody } from "../calls/wire.ts"

export const open: Open = async (baseUrl) => {
  const client = create({
    baseURL: `${baseUrl}/v1`,
    headers: { authorization: `Bearer ${await fetchToken(baseUrl)}` },
    timeout: deadline
  })
  const body = { amountToRefund: refundCents / 100, refundMessage }

  return fromPromises({
    get: async () => (await client.get<OrderBody>(`/orders/${orderId}`)).data.id,
    refund: async () => isDone((await client.post<RefundBody>(`/orders/${orderId}/refund`, body)).data),
    list: async (pageSize) => (await client.get<PageBody>("/orders", { params: { pageSize } })).data.items.length
  })
}
