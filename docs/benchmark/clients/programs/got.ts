import got from "got"

const client = got.extend({ prefixUrl: `${process.env["FLEXFACTOR_BASE_URL"]}/v1`, timeout: { request: 30_000 } })
const json = { AppKey: process.env["APP_KEY"], AppSecret: process.env["APP_SECRET"] }
const { accessToken } = await client.post("oauth2/token", { json }).json<{ readonly accessToken: string }>()
const headers = { authorization: `Bearer ${accessToken}` }
const order = await client.get(`orders/${process.argv[2]}`, { headers }).json<{ readonly statusName: string }>()
console.log(order.statusName)
