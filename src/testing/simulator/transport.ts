/**
 * Carries a request to the simulated server and its answer back, or makes the one or the other go wrong. It runs in the
 * fiber of the caller: no socket is opened, and a test clock rules time.
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import type { Fault } from "../Fault.ts"
import { asUsual, Handling, type Treatment } from "./handling.ts"
import { catchUp } from "./pending.ts"
import { logRequest } from "./requestLog.ts"
import { expireTokens, type State } from "./state.ts"

type Response = HttpServerResponse.HttpServerResponse

/** The simulated server, as the transport sees it. */
export interface Server {
  readonly state: State
  readonly respond: Effect.Effect<Response, unknown, HttpServerRequest.HttpServerRequest | Scope.Scope>
  readonly serverTime: Effect.Effect<DateTime.Utc>
}

/** As any server: a request that it cannot read is a 400, a path that it does not know a 404. */
const answered = (respond: Server["respond"]) =>
  respond.pipe(
    Effect.catchDefect((defect) =>
      HttpApiError.HttpApiSchemaError.is(defect)
        ? Effect.succeed(HttpServerResponse.empty({ status: 400 }))
        : Effect.die(defect)
    ),
    Effect.orElseSucceed(() => HttpServerResponse.empty({ status: 404 }))
  )

/** FlexFactor's samples for curl say of JSON that it is `application/*+json` (documented). */
const asJson = (request: HttpClientRequest.HttpClientRequest): HttpClientRequest.HttpClientRequest =>
  /^application\/[^;]*\+json\b/i.test(request.headers["content-type"] ?? "")
    ? HttpClientRequest.setHeader(request, "content-type", "application/json")
    : request

/** Lets the server act on a request. */
const serve = (
  { respond, serverTime, state }: Server,
  request: HttpClientRequest.HttpClientRequest,
  treatment: Treatment
): Effect.Effect<Response> =>
  Effect.gen(function*() {
    catchUp(state.pending, yield* DateTime.now)
    const response = yield* answered(respond)
    return HttpServerResponse.setHeaders(response, {
      date: DateTime.toDateUtc(yield* serverTime).toUTCString(),
      "apigw-requestid": `simulated-request-${state.requests.length}`
    })
  }).pipe(
    Effect.scoped,
    Effect.updateContext((context: Context.Context<never>) =>
      context.pipe(
        // The server is another program: it must not write on the span of the client.
        Context.omit(Tracer.ParentSpan),
        Context.add(HttpServerRequest.HttpServerRequest, HttpServerRequest.fromClientRequest(asJson(request))),
        Context.add(Handling, treatment)
      )
    )
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
  const act = (treatment: Treatment) => Effect.andThen(arrive, serve(server, request, treatment))
  const lost = Effect.suspend(() => Effect.fail(transportError(request, "ECONNRESET", "read")))
  /** A turn later: what a server of Node is given in the turn of the failure, it does not send. */
  const brokenOff = Effect.andThen(Effect.yieldNow, lost)
  const actLate = (after: Duration.Duration) => act({ ...asUsual, actsAfter: after })
  const actWithBody = <E>(change: (bytes: Uint8Array) => Stream.Stream<Uint8Array, E>) =>
    Effect.map(act(asUsual), (response) => withBody(response, change))
  switch (fault?._tag) {
    case undefined:
      return act(asUsual)
    case "Refused":
      return Effect.suspend(() => Effect.fail(transportError(request, "ECONNREFUSED", "connect")))
    case "Lost":
      return Effect.andThen(fault.serverActs ? actLate(fault.after) : arrive, lost)
    case "Answer":
      return Effect.as(fault.serverActs ? actLate(fault.after) : arrive, answerOf(fault))
    case "Truncated":
      return actWithBody((bytes) =>
        Stream.concat(Stream.succeed(bytes.subarray(0, Math.floor(bytes.length / 2))), Stream.fromEffect(brokenOff))
      )
    case "Delayed":
      return Effect.tap(act(asUsual), () => Effect.sleep(fault.duration))
    case "Slow":
      return actWithBody((bytes) =>
        Stream.mapEffect(
          Stream.fromIterable(bytes),
          (byte) => Effect.as(Effect.sleep(fault.interval), Uint8Array.of(byte))
        )
      )
    case "Duplicated":
      return Effect.andThen(act(asUsual), act(asUsual))
    case "TokensExpired":
      return Effect.andThen(Effect.sync(() => expireTokens(server.state)), act(asUsual))
    case "Stale":
      return act({ ...asUsual, staleness: fault.duration })
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
