/**
 * The server of the benchmark, in a process of its own: FlexFactor's paths, and those of Stripe that stripe-node asks
 * for the same bodies. It parses nothing and makes its answers beforehand, so that the clients are what is measured.
 *
 * Below `/v1` a list has one page; below `/<total>/v1` it has that many orders.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { answer } from "./answer.ts"
import { accessToken, orderOf, refundAnswer, tokenAnswer } from "./bodies.ts"
import { onlyPage, pageOf } from "./pages.ts"

const order = Buffer.from(JSON.stringify(orderOf(0)))
const refund = Buffer.from(JSON.stringify(refundAnswer))

const numberIn = (url: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(url)?.[1]
  return found === undefined ? undefined : Number(found)
}

const list = (url: string): Buffer => {
  const size = numberIn(url, /[?&](?:pageSize|limit)=(\d+)/) ?? 10
  const total = numberIn(url, /^\/(\d+)\//)
  if (total !== undefined) return pageOf(size, numberIn(url, /[?&]pageNumber=(\d+)/) ?? 1, total)
  return onlyPage(size, url.startsWith("/v1/charges") ? "data" : "items")
}

const bodyFor = (method: string, url: string): Buffer => {
  if (method === "POST") return refund
  return url.includes("?") ? list(url) : order
}

const respond = (response: ServerResponse, status: number, body: Buffer): void => {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": body.length,
    "apigw-requestid": "JRHpGi2ZIAMEaZw="
  })
  response.end(body)
}

const isAuthorized = ({ headers: { authorization } }: IncomingMessage): boolean =>
  authorization === `Bearer ${accessToken}`

const handle = (request: IncomingMessage, response: ServerResponse): void => {
  const { method = "", url = "" } = request
  if (url.endsWith("/oauth2/token")) respond(response, 200, Buffer.from(JSON.stringify(tokenAnswer(Date.now()))))
  else if (isAuthorized(request)) respond(response, 200, bodyFor(method, url))
  else respond(response, 401, Buffer.from("{}"))
}

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  if (request.method === "GET") return handle(request, response)
  request.resume()
  request.once("end", () => handle(request, response))
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (typeof address === "object" && address !== null) answer(`http://127.0.0.1:${address.port}`)
})
