import { request } from "undici"

const base = process.env["FLEXFACTOR_BASE_URL"]
const body = JSON.stringify({ AppKey: process.env["APP_KEY"], AppSecret: process.env["APP_SECRET"] })
const headers = { "content-type": "application/json" }

const ask = async (path: string, options: Parameters<typeof request>[1]): Promise<unknown> => {
  const response = await request(`${base}/v1${path}`, { ...options, signal: AbortSignal.timeout(30_000) })
  if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode}`)
  return JSON.parse(await response.body.text())
}

const token = await ask("/oauth2/token", { method: "POST", headers, body }) as { readonly accessToken: string }
const authorization = `Bearer ${token.accessToken}`
const order = await ask(`/orders/${process.argv[2]}`, { headers: { authorization } }) as { readonly statusName: string }
console.log(order.statusName)
