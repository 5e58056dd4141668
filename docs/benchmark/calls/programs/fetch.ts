const base = process.env["FLEXFACTOR_BASE_URL"]
const body = JSON.stringify({ AppKey: process.env["APP_KEY"], AppSecret: process.env["APP_SECRET"] })
const headers = { "content-type": "application/json" }

const ask = async (path: string, init: RequestInit): Promise<unknown> => {
  const response = await fetch(`${base}/v1${path}`, { ...init, signal: AbortSignal.timeout(30_000) })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return JSON.parse(await response.text())
}

const token = await ask("/oauth2/token", { method: "POST", headers, body }) as { readonly accessToken: string }
const authorization = `Bearer ${token.accessToken}`
const order = await ask(`/orders/${process.argv[2]}`, { headers: { authorization } }) as { readonly statusName: string }
console.log(order.statusName)
