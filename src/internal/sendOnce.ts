/**
 * A `fetch` that sends a body once.
 *
 * Where a server answers 421, the standard has `fetch` send the request again over another connection, a refund like any
 * other, and Node does so (observed, Node 24). It cannot where the body is a stream, which is read only once. Bun and Deno
 * never do (observed), and a browser has no such streams over HTTP/1.1.
 */
import type * as FetchHttpClient from "effect/http/FetchHttpClient"

type Fetch = typeof FetchHttpClient.Fetch.Service

/** React Native has a navigator without the name of a program. */
const runtime: { readonly userAgent?: string } | undefined = globalThis.navigator

const isNode = runtime?.userAgent?.startsWith("Node.js/") ?? false

const toStream = (bytes: Uint8Array): ReadableStream =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(bytes)
      controller.close()
    }
  })

const withStream = (init: RequestInit, body: Uint8Array): RequestInit & { readonly duplex: "half" } => {
  const headers = new Headers(init.headers)
  headers.set("content-length", String(body.length))
  return { ...init, headers, body: toStream(body), duplex: "half" }
}

export const sendOnce = (fetch: Fetch): Fetch =>
  isNode
    ? (url, init) => fetch(url, init?.body instanceof Uint8Array ? withStream(init, init.body) : init)
    : fetch
