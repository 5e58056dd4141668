/**
 * Secrets and customer data that are planted wherever they can be, and the search for them in every encoding.
 */

export const appSecret = "Sentinel/App+Secret=="
export const accessToken = "Sentinel.Access/Token+1=="
export const freshToken = "Sentinel.Fresh/Token+2=="
export const refreshToken = "Sentinel.Refresh/Token+3=="

export const secrets = { appSecret, accessToken, freshToken, refreshToken }

export const customer = {
  email: "sentinel.customer@example.com",
  name: "Sentinella Customer",
  phone: "+1 202 555 0173",
  card: "4929123456781236",
  freeText: "sentinel free text & more"
}

export const forms = (text: string): ReadonlyArray<string> => [
  text,
  encodeURIComponent(text),
  new URLSearchParams({ _: text }).toString().slice(2),
  Buffer.from(text).toString("base64"),
  Buffer.from(text).toString("base64url"),
  Buffer.from(text).toString("hex")
]

const sentinels: ReadonlyArray<readonly [name: string, form: string]> = Object.entries({ ...secrets, ...customer })
  .flatMap(([name, text]) => [...new Set(forms(text))].map((form) => [name, form] as const))

export const found = (text: string): ReadonlyArray<string> =>
  sentinels.filter(([, form]) => text.includes(form)).map(([name, form]) => `${name} as ${form}`)

export const quoted = Object.values(customer).join(" | ")
