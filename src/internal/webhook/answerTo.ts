/**
 * Answers a request that delivers a webhook: with success once its event is kept, and with a status that says nothing
 * about the reason otherwise.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import type { Delivery, Verifier } from "../../Webhook.ts"
import { WebhookInboxError } from "../../WebhookError.ts"
import { WebhookInbox } from "../../WebhookInbox.ts"
import { refusalOf, refuse } from "./refusal.ts"
import { readBody } from "./requestBody.ts"

/** Answers the request at hand. */
export type Answer = Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest>

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
        return Effect.fail(new WebhookInboxError({ operation: "keep", reason: "it does not answer" }))
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
