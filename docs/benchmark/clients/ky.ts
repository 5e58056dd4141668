/**
 * ky, a small client over `fetch`.
 */
import ky from "ky"
import { refundCents, refundMessage } from "../calls/bodies.ts"
import { deadline, fetchToken, fromPromises, type Open, orderId } from "../calls/client.ts"
import { isDone, type OrderBody, type PageBody, type RefundBody } from "../calls/wire.ts"

export const open: Open = async (baseUrl) => {
  const client = ky.create({
    prefix: `${baseUrl}/v1`,
    headers: { authorization: `Bearer ${await fetchToken(baseUrl)}` },
    timeout: deadline
  })
  const json = { amountToRefund: refundCents / 100, refundMessage }

  return fromPromises({
    get: async () => (await client.get<OrderBody>(`orders/${orderId}`).json()).id,
    refund: async () => isDone(await client.post<RefundBody>(`orders/${orderId}/refund`, { json }).json()),
    list: async (pageSize) => (await client.get<PageBody>("orders", { searchParams: { pageSize } }).json()).items.length
  })
}
