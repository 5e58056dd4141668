/**
 * openapi-fetch, whose types come from an OpenAPI document, with zod to validate what it takes on trust.
 */
import createClient from "openapi-fetch"
import { refundCents, refundMessage } from "../calls/bodies.ts"
import { deadline, fetchToken, fromPromises, type Open, orderId } from "../calls/client.ts"
import { isDone } from "../calls/wire.ts"
import { Order, Page, Refund } from "./schemas.ts"

interface Answer {
  readonly 200: { readonly content: { readonly "application/json": unknown } }
}

/** FlexFactor's paths in the form that openapi-typescript writes. */
interface Paths {
  readonly "/orders": {
    readonly get: { readonly parameters: { readonly query: { readonly pageSize: number } }; readonly responses: Answer }
  }
  readonly "/orders/{id}": {
    readonly get: { readonly parameters: { readonly path: { readonly id: string } }; readonly responses: Answer }
  }
  readonly "/orders/{id}/refund": {
    readonly post: {
      readonly parameters: { readonly path: { readonly id: string } }
      readonly requestBody: {
        readonly content: {
          readonly "application/json": { readonly amountToRefund: number; readonly refundMessage: string }
        }
      }
      readonly responses: Answer
    }
  }
}

const signal = () => AbortSignal.timeout(deadline)

export const open: Open = async (baseUrl) => {
  const client = createClient<Paths>({
    baseUrl: `${baseUrl}/v1`,
    headers: { authorization: `Bearer ${await fetchToken(baseUrl)}` }
  })
  const path = { id: orderId }
  const body = { amountToRefund: refundCents / 100, refundMessage }

  return fromPromises({
    get: async () => {
      const { data } = await client.GET("/orders/{id}", { params: { path }, signal: signal() })
      return Order.parse(data).id
    },
    refund: async () => {
      const { data } = await client.POST("/orders/{id}/refund", { params: { path }, body, signal: signal() })
      return isDone(Refund.parse(data))
    },
    list: async (pageSize) => {
      const { data } = await client.GET("/orders", { params: { query: { pageSize } }, signal: signal() })
      return Page.parse(data).items.length
    }
  })
}
