/**
 * Keeps what the simulated FlexFactor was asked, without secrets.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { Operation } from "../../OrdersError.ts"
import type { LoggedRequest, State } from "./state.ts"

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
export const logRequest = Effect.fnUntraced(
  function*(state: State, request: HttpClientRequest.HttpClientRequest, url: URL) {
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
  }
)
