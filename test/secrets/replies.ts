/**
 * Answers that quote secrets and customer data, and transports whose failures do.
 */
import { Effect } from "effect"
import { HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { accessToken, appSecret, customer, quoted, refreshToken } from "./sentinels.ts"

export type Reply = (
  request: HttpClientRequest.HttpClientRequest
) => Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>

export const respond =
  (status: number, body: string | object | undefined, headers: Record<string, string> = {}): Reply => (request) =>
    Effect.sync(() =>
      HttpClientResponse.fromWeb(
        request,
        new Response(typeof body === "object" ? JSON.stringify(body) : body ?? null, { status, headers })
      )
    )

export const bodies: Readonly<Record<string, string | object>> = {
  "problem details": {
    status: 418,
    title: `Nobody like ${quoted}`,
    detail: quoted,
    message: `${quoted} ${accessToken}`,
    traceId: "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
    errors: { [customer.email]: [quoted, accessToken], refundMessage: [customer.freeText] }
  },
  "a map of complaints": { [customer.name]: [quoted], RefundMessage: [accessToken], TraceId: ["trace-1"] },
  "an envelope": {
    success: false,
    status: "PENDING",
    responseCode: customer.card,
    responseMessage: quoted,
    errors: [{ item1: quoted, item2: customer.phone, item3: customer.email, item4: true }]
  },
  "a nested error": { error: { message: quoted, code: customer.email, detail: accessToken } },
  "HTML": `<html><head><title>${quoted}</title></head><body>Bearer ${accessToken} ${appSecret}</body></html>`,
  "text": `${quoted} Bearer ${accessToken}`
}

const failures = (request: HttpClientRequest.HttpClientRequest): ReadonlyArray<HttpClientError.HttpClientError> => {
  const authorization = `${request.headers["authorization"] ?? ""} ${accessToken} ${appSecret} ${quoted}`
  const cause = Object.assign(new Error(`cannot send ${authorization}`, { cause: new Error(authorization) }), {
    headers: request.headers,
    code: "ECONNRESET",
    url: `https://api.test/?query=${encodeURIComponent(customer.freeText)}`
  })
  return [
    new HttpClientError.TransportError({ request, cause, description: authorization }),
    new HttpClientError.TransportError({ request, cause: Object.assign(cause, { code: authorization }) }),
    new HttpClientError.TransportError({ request, cause: authorization }),
    new HttpClientError.EncodeError({ request, cause, description: authorization }),
    new HttpClientError.InvalidUrlError({ request, cause, description: authorization }),
    new HttpClientError.StatusCodeError({
      request,
      response: HttpClientResponse.fromWeb(request, new Response(authorization, { status: 500 })),
      description: authorization
    })
  ].map((reason) => new HttpClientError.HttpClientError({ reason }))
}

export const transportFailure = (index: number): Reply => (request) =>
  Effect.flatMap(Effect.fromNullishOr(failures(request)[index]), Effect.fail).pipe(
    Effect.catchTag("NoSuchElementError", Effect.die)
  )

export const silence: Reply = () => Effect.never

export const okToken: Reply = respond(200, {
  accessToken,
  refreshToken,
  expires: 600_000,
  success: true,
  errors: []
})
