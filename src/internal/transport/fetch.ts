/**
 * Sends a request by `fetch`.
 */
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import { Chunks } from "./chunks.ts"
import { type Collected, CollectedResponse } from "./collectedResponse.ts"
import { streamedResponse } from "./streamedResponse.ts"
import { type Answered, lengthInOnePiece, transportError, type WholeRequest, withoutHash } from "./transport.ts"

const chunksOf = async (response: Response): Promise<Chunks> => {
  const chunks = new Chunks()
  // React Native's answers have no stream.
  const reader = response.body?.getReader()
  if (reader === undefined) {
    chunks.add(new Uint8Array(await response.arrayBuffer()))
    return chunks
  }
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    // A `fetch` of the program may return anything.
    if (!ArrayBuffer.isView(next.value)) throw new TypeError("a chunk of the body is not bytes")
    chunks.add(next.value)
  }
  return chunks
}

const bodyOf = (response: Response): Promise<Collected["body"]> =>
  chunksOf(response).then((chunks) => ({ chunks }), (cause: unknown) => ({ cause }))

const answerOf = async (
  { request, url }: WholeRequest,
  response: Response,
  leave: () => void
): Promise<HttpClientResponse.HttpClientResponse> => {
  const { status } = response
  const headers = Headers.fromInput(response.headers)
  const length = lengthInOnePiece(status, headers["content-length"], headers["content-encoding"])
  if (length === undefined) return streamedResponse(request, response, leave)
  return new CollectedResponse({
    request,
    url: response.url === "" ? withoutHash(url) : response.url,
    status,
    headers,
    // React Native's headers do not have it.
    setCookie: () => response.headers.getSetCookie?.() ?? [],
    body: await bodyOf(response)
  })
}

/** `fetch` states the length of a body itself. */
const headersOf = (own: RequestInit, { request: { headers } }: WholeRequest): Headers.Headers => {
  const all = own.headers === undefined
    ? headers
    // oxlint-disable-next-line no-unsafe-type-assertion -- all that `fetch` takes for headers can be read so
    : Headers.merge(Headers.fromInput(own.headers as Headers.Input), headers)
  return all["content-length"] === undefined ? all : Headers.remove(all, "content-length")
}

/** Sends by a `fetch`, with the options that the program sets for every request, such as a proxy. */
export const fetchWith = (fetch: typeof globalThis.fetch, own: RequestInit, whole: WholeRequest): Answered =>
  Effect.callback((resume) => {
    const controller = new AbortController()
    const leave = () => controller.abort()
    const send = async () => {
      const response = await fetch(whole.url, {
        ...own,
        method: whole.request.method,
        headers: headersOf(own, whole),
        // oxlint-disable-next-line no-unsafe-type-assertion -- Effect does not type the buffer of a body; it never is a shared one
        body: whole.body as Uint8Array<ArrayBuffer> | null,
        signal: controller.signal
      })
      return answerOf(whole, response, leave)
    }
    send().then(
      (response) => resume(Effect.succeed(response)),
      (cause: unknown) => resume(Effect.fail(transportError(whole.request, cause)))
    )
    return Effect.sync(leave)
  })
