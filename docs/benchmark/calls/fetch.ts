/**
 * What a backend writes without a library: `fetch`, and `JSON.parse` of the text. All others are compared with it.
 */
import { refundCents, refundMessage } from "./bodies.ts"
import { deadline, fetchToken, fromPromises, type Open, orderId } from "./client.ts"
import { isDone, type OrderBody, type PageBody, type RefundBody } from "./wire.ts"

export const open: Open = async (baseUrl) => {
  const headers = { accept: "application/json", authorization: `Bearer ${await fetchToken(baseUrl)}` }

  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${baseUrl}/v1${path}`, { headers, signal: AbortSignal.timeout(deadline) })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return JSON.parse(await response.text())
  }

  const post = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${baseUrl}/v1${path}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(deadline)
    })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return JSON.parse(await response.text())
  }

  return fromPromises({
    get: async () => (await get(`/orders/${orderId}`) as OrderBody).id,
    refund: async () =>
      isDone(
        await post(`/orders/${orderId}/refund`, { amountToRefund: refundCents / 100, refundMessage }) as RefundBody
      ),
    list: async (pageSize) => (await get(`/orders?pageSize=${pageSize}`) as PageBody).items.length
  })
}
