/**
 * Carries a request to the simulated server and its answer back, or makes the one or the other go wrong. It runs in the
 * fiber of the caller: no socket is opened, and a test clock rules time.
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import type { Fault } from "../Fault.ts"
import { logRequest } from "./requestLog.ts"
import { expireTokens, type State } from "./state.ts"

type Response = HttpServerResponse.HttpServerResponse

export interface Server {
  readonly state: State
  readonly respond: Effect.Effect<Response, unknown, HttpServerRequest.HttpServerRequest | Scope.Scope>
  readonly serverTime: Effect.Effect<DateTime.Utc>
}

/** Lets the server act on a request. A path that it does not know is a 404, as with any server. */
const serve = (server: Server, request: HttpClientRequest.HttpClientRequest): Effect.Effect<Response> =>
  Effect.gen(function*() {
    const response = yield* Effect.orElseSucceed(server.respond, () => HttpServerResponse.empty({ status: 404 }))
    return HttpServerResponse.setHeaders(response, {
      date: DateTime.toDateUtc(yield* server.serverTime).toUTCString(),
      "apigw-requestid": `simulated-request-${server.state.requests.length}`
    })
  }).pipe(
    Effect.provideService(HttpServerRequest.HttpServerRequest, HttpServerRequest.fromClientRequest(request)),
    Effect.scoped,
    // The server is another program: it must not write on the span of the client.
    Effect.updateContext((context: Context.Context<never>) => Context.omit(Tracer.ParentSpan)(context))
  )

const transportError = (request: HttpClientRequest.HttpClientRequest, code: string, syscall: string) =>
  new HttpClientError.HttpClientError({
    reason: new HttpClientError.TransportError({
      request,
      cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall })
    })
  })

/** The answer with its body as a stream, such as one that breaks or one that takes its time. */
const withBody = <E>(response: Response, change: (bytes: Uint8Array) => Stream.Stream<Uint8Array, E>): Response =>
  HttpServerResponse.stream(change(response.body._tag === "Uint8Array" ? response.body.body : new Uint8Array()), {
    status: response.status,
    headers: response.headers
  }).pipe(HttpServerResponse.removeHeader("content-length"))

const answerOf = ({ body, headers, status }: Extract<Fault, { _tag: "Answer" }>): Response =>
  body === ""
    ? HttpServerResponse.empty({ status, headers })
    : HttpServerResponse.text(body, { status, headers })

/** The answer to one request, with the fault that awaits it, if any. */
const respond = (
  server: Server,
  request: HttpClientRequest.HttpClientRequest,
  url: URL,
  fault: Fault | undefined
): Effect.Effect<Response, HttpClientError.HttpClientError> => {
  const arrive = logRequest(server.state, request, url)
  const act = Effect.andThen(arrive, serve(server, request))
  const lost = transportError(request, "ECONNRESET", "read")
  switch (fault?._tag) {
    case undefined:
      return act
    case "Refused":
      return Effect.fail(transportError(request, "ECONNREFUSED", "connect"))
    case "Lost":
      return Effect.andThen(fault.serverActs ? act : arrive, Effect.fail(lost))
    case "Answer":
      return Effect.as(fault.serverActs ? act : arrive, answerOf(fault))
    case "Truncated":
      return Effect.map(
        act,
        (response) =>
          withBody(
            response,
            (bytes) => Stream.concat(Stream.succeed(bytes.subarray(0, Math.floor(bytes.length / 2))), Stream.fail(lost))
          )
      )
    case "Delayed":
      return Effect.tap(act, () => Effect.sleep(fault.duration))
    case "Slow":
      return Effect.map(
        act,
        (response) =>
          withBody(
            response,
            (bytes) =>
              Stream.mapEffect(Stream.fromIterable(bytes), (byte) =>
                Effect.as(Effect.sleep(fault.interval), Uint8Array.of(byte)))
          )
      )
    case "Duplicated":
      return Effect.andThen(act, act)
    case "TokensExpired":
      return Effect.andThen(Effect.sync(() => expireTokens(server.state)), act)
  }
}

/** Carries one request to the server and its answer back. */
export const carry = (
  server: Server,
  request: HttpClientRequest.HttpClientRequest,
  url: URL,
  fault: Fault | undefined
): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError> =>
  Effect.map(
    respond(server, request, url, fault),
    (response) => HttpServerResponse.toClientResponse(response, { request })
  )
