import { create } from "axios"

const client = create({ baseURL: `${process.env["FLEXFACTOR_BASE_URL"]}/v1`, timeout: 30_000 })
const body = { AppKey: process.env["APP_KEY"], AppSecret: process.env["APP_SECRET"] }
const token = await client.post<{ readonly accessToken: string }>("/oauth2/token", body)
const headers = { authorization: `Bearer ${token.data.accessToken}` }
const order = await client.get<{ readonly statusName: string }>(`/orders/${process.argv[2]}`, { headers })
console.log(order.data.statusName)
