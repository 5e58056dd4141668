/**
 * How a delivery that is not kept is answered: the sender gets a status and no word, and the log gets the reason.
 */
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { WebhookInboxError, WebhookVerifyError } from "../../WebhookError.ts"

/** Why a delivery is not kept. `error` names it, for whoever counts them; `message` holds nothing of the delivery. */
export interface Refusal {
  readonly status: number
  readonly error: string
  readonly message: string
}

const statuses: { readonly [Tag in (WebhookVerifyError | WebhookInboxError)["_tag"]]: number } = {
  WebhookSignatureInvalid: 401,
  WebhookMalformed: 400,
  WebhookExpired: 400,
  WebhookInboxError: 503
}

export const refusalOf = ({ _tag, message }: WebhookVerifyError | WebhookInboxError): Refusal => ({
  status: statuses[_tag],
  error: _tag,
  message
})

/** What this program failed at is an error, and what it was sent is a warning. */
export const refuse = (
  { error, message, status }: Refusal
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.logWithLevel(status >= 500 ? "Error" : "Warn")(message).pipe(
    Effect.annotateLogs({ error, "http.status": status }),
    Effect.as(HttpServerResponse.empty({ status }))
  )
