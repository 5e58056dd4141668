/**
 * `undici.request`, the fastest of what Node's own people offer.
 */
import { request } from "undici"
import { refundCents, refundMessage } from "../calls/bodies.ts"
import { deadline, fetchToken, fromPromises, type Open, orderId } from "../calls/client.ts"
import { isDone, type OrderBody, type PageBody, type RefundBody } from "../calls/wire.ts"

export const open: Open = async (baseUrl) => {
  const headers = { accept: "application/json", authorization: `Bearer ${await fetchToken(baseUrl)}` }

  const ask = async (method: "GET" | "POST", path: string, body?: object): Promise<unknown> => {
    const response = await request(`${baseUrl}/v1${path}`, {
      method,
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(deadline)
    })
    if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode}`)
    return JSON.parse(await response.body.text())
  }

  return fromPromises({
    get: async () => (await ask("GET", `/orders/${orderId}`) as OrderBody).id,
    refund: async () =>
      isDone(
        await ask("POST", `/orders/${orderId}/refund`, {
          amountToRefund: refundCents / 100,
          refundMessage
        }) as RefundBody
      ),
    list: async (pageSize) => (await ask("GET", `/orders?pageSize=${pageSize}`) as PageBody).items.length
  })
}
