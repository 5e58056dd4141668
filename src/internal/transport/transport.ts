/**
 * A lean transport: an `HttpClient` that opens no span and passes no trace on. It hands over a short answer once it has
 * all of it, which saves making a stream, and any other as it comes.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"

/** A request whose body is there as a whole. */
export interface WholeRequest {
  readonly request: HttpClientRequest.HttpClientRequest
  readonly url: URL
  readonly body: Uint8Array | null
}

export type Answered = Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>

/** In bytes. */
export const longestInOnePiece = 4 * 1024 * 1024

const withoutBody = new Set([204, 304])

/**
 * The length of an answer that is handed over in one piece: it has no body, or a short one whose length is announced and
 * that is not compressed.
 */
export const lengthInOnePiece = (
  status: number,
  length: string | undefined,
  encoding: string | undefined
): number | undefined => {
  if (withoutBody.has(status)) return 0
  const announced = encoding === undefined ? Number(length ?? Number.NaN) : Number.NaN
  return announced >= 0 && announced <= longestInOnePiece ? announced : undefined
}

/** Whether a web `Response` with a body can have a status. */
export const hasWebStatus = (status: number): boolean => status < 600 && status !== 205

/** The URL of an answer. */
export const withoutHash = ({ hash, href }: URL): string => hash === "" ? href : href.slice(0, -hash.length)

export const transportError = (
  request: HttpClientRequest.HttpClientRequest,
  cause: unknown
): HttpClientError.HttpClientError =>
  new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })

const wholeRequest = (request: HttpClientRequest.HttpClientRequest): WholeRequest | undefined => {
  const { body, headers } = request
  if ((body._tag !== "Empty" && body._tag !== "Uint8Array") || headers["upgrade"] !== undefined) return undefined
  const url = HttpClientRequest.toUrl(request)
  if (Option.isNone(url)) return undefined
  return { request, url: url.value, body: body._tag === "Empty" ? null : body.body }
}

/** Sends a request in the lean way. One with a body that is a stream or a form, or without a URL, goes the ordinary way. */
export const makeTransport = (
  send: (request: WholeRequest) => Answered,
  ordinary: HttpClient.HttpClient
): HttpClient.HttpClient =>
  HttpClient.makeWith<never, never, HttpClientError.HttpClientError, never>(
    Effect.flatMap((request) => {
      const whole = wholeRequest(request)
      return whole === undefined ? ordinary.execute(request) : send(whole)
    }),
    Effect.succeed
  )
