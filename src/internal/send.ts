/**
 * Hands a request to the transport and reads the whole answer, up to a limit. No redirect is followed, the transport
 * gets no trace headers to pass on, and no failure keeps the request: it holds the token.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as Headers from "effect/http/Headers"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { FlexFactorUnreachable } from "../OrdersError.ts"
import { type Answer, makeAnswer } from "./answer.ts"
import { charsetOf, decodeText } from "./charset.ts"
import { fetchOnce } from "./fetchOnce.ts"
import { ownFields } from "./jsonObject.ts"
import type { OrdersRequest, Progress } from "./ordersRequest.ts"
import type { Settings } from "./settings.ts"
import { readTransportFailure } from "./transportFailure.ts"

export type Send = (
  request: OrdersRequest,
  token: Redacted.Redacted<string> | undefined,
  progress: Progress
) => Effect.Effect<Answer, FlexFactorUnreachable>

/**
 * A body in JSON. Deno's `fetch` sends a request again by itself where the connection breaks before the answer, and so would
 * refund twice; it does not where the body is a `Blob` (observed, Deno 2.9).
 */
const jsonBody = (body: OrdersRequest["body"]): HttpBody.HttpBody => {
  const text = JSON.stringify(body)
  const contentType = "application/json"
  return "Deno" in globalThis ? HttpBody.raw(new Blob([text]), { contentType }) : HttpBody.text(text, contentType)
}

const toHttp = (
  request: OrdersRequest,
  baseUrl: string,
  token: Redacted.Redacted<string> | undefined
): HttpClientRequest.HttpClientRequest => {
  const { body, method, path, query } = ownFields(request)
  const search = query === undefined || query.length === 0
    ? ""
    : `?${new URLSearchParams(query.map(([name, value]) => [name, value]))}`
  return HttpClientRequest.make(method)(`${baseUrl}${path}${search}`, {
    headers: {
      accept: "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${Redacted.value(token)}` })
    },
    ...(body === undefined ? {} : { body: jsonBody(body) })
  })
}

/** A body whose length is announced and not compressed can be read in one piece; any other is counted as it comes. */
const isShort = (headers: Headers.Headers, limit: number): boolean => {
  const length = headers["content-length"]
  return length !== undefined && /^\d{1,15}$/.test(length) && Number(length) <= limit
    && headers["content-encoding"] === undefined && headers["transfer-encoding"] === undefined
}

const readCounted = Effect.fnUntraced(function*(
  response: HttpClientResponse.HttpClientResponse,
  charset: string,
  limit: number
) {
  let size = 0
  const bytes = yield* response.stream.pipe(
    Stream.takeUntil((chunk) => {
      size += chunk.length
      return size > limit
    }),
    Stream.mkUint8Array,
    Effect.catchIf((error) => error.reason._tag === "EmptyBodyError", () => Effect.succeed(new Uint8Array()))
  )
  return { text: decodeText(bytes.subarray(0, limit), charset), isWhole: size <= limit }
})

/** The text of a short body. A transport may have it at hand, in UTF-8. */
const readShort = (
  response: HttpClientResponse.HttpClientResponse,
  charset: string
): Effect.Effect<string, HttpClientError.HttpClientError> =>
  charset === "utf-8" ? response.text : Effect.map(response.arrayBuffer, (bytes) => decodeText(bytes, charset))

const readAnswer = (
  response: HttpClientResponse.HttpClientResponse,
  asked: string,
  limit: number
): Effect.Effect<Answer, HttpClientError.HttpClientError> => {
  const { headers, status, url } = response
  const charset = charsetOf(headers["content-type"])
  const isForeign = url !== "" && url !== asked && url !== new URL(asked).href
  return isShort(headers, limit)
    ? Effect.map(
      readShort(response, charset),
      (text) => makeAnswer({ status, headers, text, isWhole: true, isForeign })
    )
    : Effect.map(readCounted(response, charset, limit), (read) => makeAnswer({ status, headers, ...read, isForeign }))
}

/** A transport may fail with an answer for its status, as with `HttpClient.filterStatusOk`: it is an answer all the same. */
const orAnswered = (asked: string) => (error: HttpClientError.HttpClientError) =>
  error.reason._tag === "StatusCodeError" && error.reason.request.url === asked
    ? Effect.succeed(error.reason.response)
    : Effect.fail(error)

/** The fetch options around a call, such as a proxy, with redirects turned off whatever they say. */
const withoutRedirects = (own: RequestInit | undefined) => <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.updateContext(effect, (context: Context.Context<never>) =>
    context.pipe(
      Context.add(FetchHttpClient.RequestInit, {
        ...own,
        ...Context.getOrUndefined(context, FetchHttpClient.RequestInit),
        redirect: "manual"
      }),
      Context.add(HttpClient.TracerDisabledWhen, constTrue)
    ))

export const makeSend = Effect.fnUntraced(function*(
  settings: Pick<Settings, "baseUrl" | "maxResponseBytes">
): Effect.fn.Return<Send, never, HttpClient.HttpClient> {
  const http = fetchOnce(yield* HttpClient.HttpClient)
  const fetchOptions = Context.getOrUndefined(yield* Effect.context<never>(), FetchHttpClient.RequestInit)
  return (request, token, progress) =>
    Effect.suspend(() => {
      const before = progress.sent
      progress.sent = "maybe"
      progress.attempts += 1
      progress.status = undefined
      const asked = toHttp(request, settings.baseUrl, token)
      const unreachable = (code: string | undefined) =>
        new FlexFactorUnreachable(ownFields({
          operation: request.operation,
          sent: progress.sent,
          ...(code === undefined ? {} : { code })
        }))
      return http.execute(asked).pipe(
        Effect.catch(orAnswered(asked.url)),
        Effect.flatMap((response) => {
          progress.status = response.status
          return readAnswer(response, asked.url, settings.maxResponseBytes)
        }),
        withoutRedirects(fetchOptions),
        Effect.mapError((error) => {
          const { code, sent } = readTransportFailure(error, asked.url)
          // Whatever breaks after the first line of an answer, the request had arrived.
          if (sent === "no" && progress.status === undefined) progress.sent = before
          return unreachable(code)
        }),
        // A transport that dies may have sent the request before, and what it died of may quote the token.
        Effect.catchDefect(() => Effect.fail(unreachable("Defect")))
      )
    })
})
