/**
 * Answers a request that delivers a webhook: with success once its event is kept, and otherwise with a status and no word.
 * The log gets the reason.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import type { Delivery, Verifier } from "../../Webhook.ts"
import { WebhookInboxError, type WebhookVerifyError } from "../../WebhookError.ts"
import { WebhookInbox } from "../../WebhookInbox.ts"
import { readBody } from "./requestBody.ts"

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

const refusalOf = ({ _tag, message }: WebhookVerifyError | WebhookInboxError): Refusal => ({
  status: statuses[_tag],
  error: _tag,
  message
})

/** What this program failed at is an error, and what it was sent is a warning. */
const refuse = (
  { error, message, status }: Refusal
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.logWithLevel(status >= 500 ? "Error" : "Warn")(message).pipe(
    Effect.annotateLogs({ error, "http.status": status }),
    // Where a body is not waited for to its end, no other request can follow it.
    Effect.as(HttpServerResponse.empty({ status, ...(status === 408 ? { headers: { connection: "close" } } : {}) }))
  )

/** Answers the request at hand. */
export type Answer = Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest | Scope.Scope>

const kept = HttpServerResponse.empty({ status: 200 })
const broken = HttpServerResponse.empty({ status: 500 })

/** The answer to the deliveries of one endpoint. What is being kept is given up when the scope ends. */
const answerWith = (verifier: Verifier, inbox: WebhookInbox["Service"], scope: Scope.Scope): Answer => {
  const keepInTime = Effect.fnUntraced(function*(delivery: Delivery) {
    const keeping = yield* Effect.forkIn(
      Effect.provideService(verifier.keep(delivery), WebhookInbox, inbox),
      scope
    )
    return yield* Effect.timeoutOrElse(Fiber.join(keeping), {
      duration: "10 seconds",
      orElse: () => {
        // It is not waited for: what hangs may not let itself be interrupted.
        keeping.interruptUnsafe()
        return Effect.fail(new WebhookInboxError({ operation: "keep", reason: "no answer within 10 seconds" }))
      }
    })
  })

  const answerTo = (delivery: Delivery): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
    keepInTime(delivery).pipe(
      Effect.as(kept),
      Effect.catch((error) => refuse(refusalOf(error))),
      Effect.catchDefect((defect) =>
        Effect.as(Effect.logError("Webhook: a delivery cannot be kept", Cause.die(defect)), broken)
      )
    )

  return Effect.gen(function*() {
    const request = yield* HttpServerRequest
    const body = yield* readBody(request)
    // A sender that hangs up does not end it: its next delivery would meet the same slow inbox.
    const answering = yield* Effect.forkIn(answerTo({ headers: request.headers, body }), scope)
    return yield* Fiber.join(answering)
  }).pipe(Effect.catch(refuse))
}

export const makeAnswer = (verifier: Verifier): Effect.Effect<Answer, never, WebhookInbox | Scope.Scope> =>
  Effect.map(
    Effect.all([WebhookInbox, Effect.scope]),
    ([inbox, scope]) => answerWith(verifier, inbox, scope)
  )
