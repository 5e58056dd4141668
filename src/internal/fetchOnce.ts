/**
 * An `HttpClient` whose `fetch` sends a body once.
 *
 * Where a server answers 421, the standard has `fetch` send the request again over another connection, a refund like any
 * other, and Node does so (observed, Node 24). It cannot where the body is a stream, which is read only once. Bun and Deno
 * never do (observed), and a browser has no such streams over HTTP/1.1.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import { isJsonObject, ownValue } from "./jsonObject.ts"

type Fetch = typeof FetchHttpClient.Fetch.Service

/** A field of what a runtime says of itself, which it may not have. */
const fieldOf = (value: unknown, name: string): unknown => isJsonObject(value) ? ownValue(value, name) : undefined

const process = fieldOf(globalThis, "process")

const versionOf = (name: string): unknown => fieldOf(fieldOf(process, "versions"), name)

/** Not by the navigator, which a program may replace, or do without. Others say which Node they are like. */
const isNode = versionOf("node") !== undefined && versionOf("bun") === undefined && versionOf("deno") === undefined
  && fieldOf(process, "type") !== "renderer" // of Electron
  && globalThis.navigator?.userAgent !== "Cloudflare-Workers"

const toStream = (bytes: Uint8Array): ReadableStream =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(bytes)
      controller.close()
    }
  })

/**
 * Without `keepalive`, under which a stream is refused, and without credentials, for which `fetch` wants to read the body
 * again after a 401, and fails (observed, Node 24.14 to 24.15 and 25.9). On Node neither does anything else.
 */
const withStream = (init: RequestInit, body: Uint8Array): RequestInit & { readonly duplex: "half" } => {
  // oxlint-disable-next-line no-unsafe-type-assertion -- all that `fetch` takes for headers can be read so
  const headers = Headers.fromInput(init.headers as Headers.Input)
  return {
    ...init,
    headers: Headers.set(headers, "content-length", String(body.length)),
    body: toStream(body),
    duplex: "half",
    keepalive: false,
    credentials: "omit"
  }
}

const withStreams = (fetch: Fetch): Fetch => (url, init) =>
  fetch(url, init?.body instanceof Uint8Array ? withStream(init, init.body) : init)

/** Only inside the client is known which `fetch` it uses: one may have been provided to its layer alone. */
const usingStreams = HttpClient.mapRequestEffect((request) =>
  Effect.withFiber((fiber) => {
    const fetch = withStreams(fiber.getRef(FetchHttpClient.Fetch))
    fiber.setContext(Context.add(fiber.context, FetchHttpClient.Fetch, fetch))
    return Effect.succeed(request)
  })
)

/** A client that is not made by Effect, such as one of a test, may have no more than `execute`. */
export const fetchOnce = (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  isNode && HttpClient.isHttpClient(client) ? usingStreams(client) : client
