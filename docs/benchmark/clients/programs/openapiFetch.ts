import createClient from "openapi-fetch"
import * as z from "zod"
import { Order } from "../schemas.ts"

interface Answer {
  readonly 200: { readonly content: { readonly "application/json": unknown } }
}

interface Paths {
  readonly "/oauth2/token": {
    readonly post: {
      readonly requestBody: { readonly content: { readonly "application/json": object } }
      readonly responses: Answer
    }
  }
  readonly "/orders/{id}": {
    readonly get: { readonly parameters: { readonly path: { readonly id: string } }; readonly responses: Answer }
  }
}

const client = createClient<Paths>({ baseUrl: `${process.env["FLEXFACTOR_BASE_URL"]}/v1` })
const body = { AppKey: process.env["APP_KEY"], AppSecret: process.env["APP_SECRET"] }
const token = await client.POST("/oauth2/token", { body, signal: AbortSignal.timeout(30_000) })
const { accessToken } = z.object({ accessToken: z.string() }).parse(token.data)
const order = await client.GET("/orders/{id}", {
  params: { path: { id: process.argv[2] ?? "" } },
  headers: { authorization: `Bearer ${accessToken}` },
  signal: AbortSignal.timeout(30_000)
})
console.log(Order.parse(order.data).statusName)
