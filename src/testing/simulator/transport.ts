/**
 * Carries a request to the simulated server and its answer back, or makes the one or the other go wrong. It runs in the
 * fiber of the caller: no socket is opened, and a test clock rules time.
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import type { Operation } from "../../OrdersError.ts"
import type { Fault } from "../Fault.ts"
import { expireTokens, type LoggedRequest, type State } from "./state.ts"

type Response = HttpServerResponse.HttpServerResponse

/** Which operation a request asks for. */
export const operationOf = (method: string, path: string): Operation | "unknown" => {
  const [, , root, id, action] = path.split("/")
  const route = [method, root, id === undefined ? "" : ":id", action ?? ""].filter((part) => part !== "").join(" ")
  switch (route) {
    case "GET orders":
      return "Orders.list"
    case "GET orders :id":
      return "Orders.get"
    case "POST orders :id refund":
      return "Orders.refund"
    case "POST orders :id cancel":
      return "Orders.cancel"
    case "POST orders :id external-cancel":
      return "Orders.cancelByExternalId"
    case "POST oauth2 :id":
      return "FlexFactor.token"
    default:
      return "unknown"
  }
}

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string =>
  body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""

/** Secrets are not logged: neither a token nor the body of a request for one. */
const log = Effect.fnUntraced(function*(state: State, request: HttpClientRequest.HttpClientRequest, url: URL) {
  const operation = operationOf(request.method, url.pathname)
  const { authorization, ...headers } = request.headers
  const entry: LoggedRequest = {
    operation,
    method: request.method,
    path: url.pathname,
    query: [...url.searchParams],
    headers: authorization === undefined ? headers : { ...headers, authorization: "<redacted>" },
    body: operation === "FlexFactor.token" ? "<redacted>" : bodyOf(request),
    appKey: state.tokens.get((authorization ?? "").replace(/^Bearer /, ""))?.appKey,
    at: yield* DateTime.now
  }
  state.requests.push(entry)
})

const transportError = (request: HttpClientRequest.HttpClientRequest, code: string, syscall: string) =>
  new HttpClientError.HttpClientError({
    reason: new HttpClientError.TransportError({
      request,
      cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall })
    })
  })

/** An answer whose body comes as a stream of its own, such as one that breaks or one that takes its time. */
const withBody = (
  answer: HttpClientResponse.HttpClientResponse,
  change: (bytes: Uint8Array) => Stream.Stream<Uint8Array, HttpClientError.HttpClientError>
): HttpClientResponse.HttpClientResponse => {
  const stream = Stream.unwrap(Effect.map(answer.arrayBuffer, (bytes) => change(new Uint8Array(bytes))))
  return Object.create(answer, {
    headers: { get: () => Headers.remove(answer.headers, "content-length") },
    stream: { get: () => stream }
  })
}

export interface Server {
  readonly state: State
  readonly respond: Effect.Effect<Response, unknown, HttpServerRequest.HttpServerRequest | Scope.Scope>
  readonly serverTime: Effect.Effect<DateTime.Utc>
}

/** Lets the server act on a request. */
const serve = (server: Server, request: HttpClientRequest.HttpClientRequest) =>
  Effect.gen(function*() {
    const response = yield* Effect.orDie(server.respond)
    return HttpServerResponse.setHeaders(response, {
      date: DateTime.toDateUtc(yield* server.serverTime).toUTCString(),
      "apigw-requestid": `simulated-request-${server.state.requests.length}`
    })
  }).pipe(
    Effect.provideService(HttpServerRequest.HttpServerRequest, HttpServerRequest.fromClientRequest(request)),
    Effect.scoped,
    // The server is another program: it must not write on the span of the client.
    Effect.updateContext((context: Context.Context<never>) => Context.omit(Tracer.ParentSpan)(context)),
    Effect.map((response) => HttpServerResponse.toClientResponse(response, { request }))
  )

const answerOf = (fault: Extract<Fault, { _tag: "Answer" }>, request: HttpClientRequest.HttpClientRequest) =>
  HttpServerResponse.toClientResponse(
    HttpServerResponse.text(fault.body, { status: fault.status, headers: fault.headers }).pipe((response) =>
      fault.headers["content-type"] === undefined ? HttpServerResponse.removeHeader(response, "content-type") : response
    ),
    { request }
  )

/** Carries one request, with the fault that awaits it, if any. */
export const carry = Effect.fnUntraced(function*(
  server: Server,
  request: HttpClientRequest.HttpClientRequest,
  url: URL,
  fault: Fault | undefined
): Effect.fn.Return<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError> {
  const arrive = log(server.state, request, url)
  const act = Effect.andThen(arrive, serve(server, request))
  const lost = transportError(request, "ECONNRESET", "read")
  switch (fault?._tag) {
    case undefined:
      return yield* act
    case "Refused":
      return yield* transportError(request, "ECONNREFUSED", "connect")
    case "Lost":
      yield* fault.serverActs ? act : arrive
      return yield* lost
    case "Answer":
      yield* fault.serverActs ? act : arrive
      return answerOf(fault, request)
    case "Truncated": {
      const answer = yield* act
      return withBody(
        answer,
        (bytes) => Stream.concat(Stream.succeed(bytes.subarray(0, Math.floor(bytes.length / 2))), Stream.fail(lost))
      )
    }
    case "Delayed": {
      const answer = yield* act
      yield* Effect.sleep(fault.duration)
      return answer
    }
    case "Slow": {
      const answer = yield* act
      return withBody(answer, (bytes) =>
        Stream.fromIterable(bytes).pipe(
          Stream.mapEffect((byte) => Effect.as(Effect.sleep(fault.interval), Uint8Array.of(byte)))
        ))
    }
    case "Duplicated":
      yield* act
      return yield* act
    case "TokensExpired":
      expireTokens(server.state)
      return yield* act
  }
})
