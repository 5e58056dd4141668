/**
 * got, a client over Node's `http`.
 */
import got from "got"
import { refundCents, refundMessage } from "../calls/bodies.ts"
import { deadline, fetchToken, fromPromises, type Open, orderId } from "../calls/client.ts"
import { isDone, type OrderBody, type PageBody, type RefundBody } from "../calls/wire.ts"

export const open: Open = async (baseUrl) => {
  const client = got.extend({
    prefixUrl: `${baseUrl}/v1`,
    headers: { authorization: `Bearer ${await fetchToken(baseUrl)}` },
    timeout: { request: deadline }
  })
  const json = { amountToRefund: refundCents / 100, refundMessage }

  return fromPromises({
    get: async () => (await client.get(`orders/${orderId}`).json<OrderBody>()).id,
    refund: async () => isDone(await client.post(`orders/${orderId}/refund`, { json }).json<RefundBody>()),
    list: async (pageSize) => (await client.get("orders", { searchParams: { pageSize } }).json<PageBody>()).items.length
  })
}
