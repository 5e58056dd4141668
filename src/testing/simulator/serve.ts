/**
 * Lets programs outside this one reach the simulator: each request that an HTTP server gets is carried to the simulated
 * server, with the fault that awaits it.
 */
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"

/** An answer that breaks off: as near as a server gets to a connection that is lost. */
const broken = HttpServerResponse.stream(Stream.fail(new Error("FlexFactorSimulator: the connection is lost")))

/** Answers each request of an HTTP server by the simulated transport. */
export const relay = (http: HttpClient.HttpClient) =>
  Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    const bytes = new Uint8Array(yield* request.arrayBuffer)
    const asked = HttpServerRequest.toClientRequest(request)
    const response = yield* http.execute(
      bytes.length === 0
        ? HttpClientRequest.setBody(asked, HttpBody.empty)
        : HttpClientRequest.setBody(asked, HttpBody.uint8Array(bytes, request.headers["content-type"]))
    )
    return HttpServerResponse.fromClientResponse(response)
  }).pipe(Effect.orElseSucceed(() => broken))
