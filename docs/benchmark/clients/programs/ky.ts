import ky from "ky"

const client = ky.create({ prefix: `${process.env["FLEXFACTOR_BASE_URL"]}/v1`, timeout: 30_000 })
const json = { AppKey: process.env["APP_KEY"], AppSecret: process.env["APP_SECRET"] }
const { accessToken } = await client.post<{ readonly accessToken: string }>("oauth2/token", { json }).json()
const headers = { authorization: `Bearer ${accessToken}` }
const order = await client.get<{ readonly statusName: string }>(`orders/${process.argv[2]}`, { headers }).json()
console.log(order.statusName)
