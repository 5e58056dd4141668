import { deadline, fetchToken } from "../client.ts"
import type { ReadAll } from "../listingProcess.ts"
import type { PageBody } from "../wire.ts"

export const readAll: ReadAll = async (baseUrl, pageSize) => {
  const headers = { accept: "application/json", authorization: `Bearer ${await fetchToken(baseUrl)}` }
  let count = 0
  for (let number = 1;; number++) {
    const response = await fetch(`${baseUrl}/v1/orders?pageSize=${pageSize}&pageNumber=${number}`, {
      headers,
      signal: AbortSignal.timeout(deadline)
    })
    const page = JSON.parse(await response.text()) as PageBody & { readonly hasNextPage: boolean }
    for (const order of page.items) if (order.id !== "") count += 1
    if (!page.hasNextPage) return count
  }
}
