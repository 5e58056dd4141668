/**
 * Keeps what the simulated FlexFactor was asked, without secrets.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FindMyWay from "effect/http/FindMyWay"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { Operation } from "../../OrdersError.ts"
import type { LoggedRequest, State } from "./state.ts"

/** The paths of the contract, read as the server reads them: in any case, encoded, with a slash at the end. */
const operations = FindMyWay.make<Operation>()
operations.on("GET", "/v1/orders", "Orders.list")
operations.on("GET", "/v1/orders/:id", "Orders.get")
operations.on("POST", "/v1/orders/:id/refund", "Orders.refund")
operations.on("POST", "/v1/orders/:id/cancel", "Orders.cancel")
operations.on("POST", "/v1/orders/:id/external-cancel", "Orders.cancelByExternalId")
operations.on("POST", "/v1/oauth2/token", "FlexFactor.token")

/** Which operation a request asks for. */
export const operationOf = (method: string, path: string): Operation | "unknown" =>
  operations.find(method === "HEAD" ? "GET" : method, path)?.handler ?? "unknown"

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string =>
  body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""

/** Nobody knows what is in a request that is not recognised: it may be one for a token, to another address. */
const mayHoldSecret = (operation: Operation | "unknown"): boolean =>
  operation === "FlexFactor.token" || operation === "unknown"

/** Secrets are not logged: neither a token nor the body of a request that may be for one. */
export const logRequest = Effect.fnUntraced(
  function*(state: State, request: HttpClientRequest.HttpClientRequest, url: URL) {
    const operation = operationOf(request.method, url.pathname)
    const { authorization, ...headers } = request.headers
    const body = bodyOf(request)
    const entry: LoggedRequest = {
      operation,
      method: request.method,
      path: url.pathname,
      query: [...url.searchParams],
      headers: authorization === undefined ? headers : { ...headers, authorization: "<redacted>" },
      body: body !== "" && mayHoldSecret(operation) ? "<redacted>" : body,
      appKey: state.tokens.get((authorization ?? "").replace(/^Bearer /, ""))?.appKey,
      at: yield* DateTime.now
    }
    state.requests.push(entry)
  }
)
