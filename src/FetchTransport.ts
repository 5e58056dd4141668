/**
 * The transport that takes the least of the processor on `fetch`: without what a short call does not need. Everything
 * works the same on any other `HttpClient`.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import { CollectedResponse } from "./internal/transport/collectedResponse.ts"
import {
  type Answered,
  lengthInOnePiece,
  makeTransport,
  transportError,
  type WholeRequest
} from "./internal/transport/transport.ts"

const answerOf = async (
  { request, url }: WholeRequest,
  response: Response
): Promise<HttpClientResponse.HttpClientResponse> => {
  const { headers, status } = response
  if (lengthInOnePiece(status, headers.get("content-length"), headers.get("content-encoding")) === undefined) {
    return HttpClientResponse.fromWeb(request, response)
  }
  return new CollectedResponse({
    request,
    url: response.url === "" ? url.href : response.url,
    status,
    headers: Headers.fromInput(headers),
    setCookie: headers.getSetCookie(),
    body: await response.arrayBuffer().then((bytes) => ({ bytes }), (cause: unknown) => ({ cause }))
  })
}

/** What the program says of every request, such as a proxy, and then what this one needs. */
const initOf = (own: RequestInit, { body, request }: WholeRequest, signal: AbortSignal): RequestInit => ({
  ...own,
  method: request.method,
  headers: own.headers === undefined
    ? request.headers
    : Headers.merge(Headers.fromInput(new globalThis.Headers(own.headers)), request.headers),
  // oxlint-disable-next-line no-unsafe-type-assertion -- Effect does not type the buffer of a body; it never is a shared one
  body: body as Uint8Array<ArrayBuffer> | null,
  signal
})

const send = (whole: WholeRequest): Answered =>
  Effect.withFiber((fiber) => {
    const fetch = fiber.getRef(FetchHttpClient.Fetch)
    const own = Context.getOrUndefined(fiber.context, FetchHttpClient.RequestInit) ?? {}
    return Effect.tryPromise({
      try: async (signal) => answerOf(whole, await fetch(whole.url, initOf(own, whole, signal))),
      catch: (cause) => transportError(whole.request, cause)
    })
  })

/**
 * Provides the transport. `FetchHttpClient.Fetch` and `FetchHttpClient.RequestInit` apply to it as they do to
 * `FetchHttpClient.layer`. It opens no span.
 *
 * @example
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { FlexFactor } from "effect-flexfactor"
 * import * as FetchTransport from "effect-flexfactor/FetchTransport"
 *
 * const layer = FlexFactor.sandbox({
 *   appKey: "the merchant's sandbox key",
 *   appSecret: Redacted.make("the merchant's sandbox secret")
 * }).pipe(Layer.provide(FetchTransport.layer))
 * ```
 */
export const layer: Layer.Layer<HttpClient.HttpClient> = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(HttpClient.HttpClient, (ordinary) => makeTransport(send, ordinary))
).pipe(Layer.provide(FetchHttpClient.layer))
