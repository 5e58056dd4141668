/**
 * Who receives the webhooks of the simulator: an effect of the program, a handler of requests, or a server.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { SignedWebhook } from "./signWebhook.ts"

/**
 * Receives a delivery. Success means that it is taken; a failure, that it is delivered again. `keep` of a
 * `Webhook.Verifier` is one.
 */
export type Receiver<R = never> = (webhook: SignedWebhook) => Effect.Effect<unknown, unknown, R>

class NotTaken extends Data.TaggedError("NotTaken")<{ readonly reason: string; readonly cause?: unknown }> {
  override get message(): string {
    return this.reason
  }
}

/** Any 2xx takes a delivery (assumed). */
const takenWith = (status: number) =>
  status >= 200 && status < 300 ? Effect.void : Effect.fail(new NotTaken({ reason: `the answer is ${status}` }))

/**
 * Hands each delivery to a handler that speaks in `Request` and `Response`, as most servers do. A rejected promise, and
 * an answer other than a 2xx, is a failure. `url` is what the request is addressed to; the root of the host that is
 * signed, if not given.
 *
 * @example
 * ```ts
 * import { WebhookReceiver } from "effect-flexfactor/testing"
 *
 * const receiver = WebhookReceiver.toHandler(
 *   async (request) => new Response(null, { status: request.method === "POST" ? 200 : 405 }),
 *   "https://shop.example/webhooks/flexfactor"
 * )
 * ```
 */
export const toHandler =
  (handler: (request: Request) => Response | Promise<Response>, url?: string | URL): Receiver => ({ body, headers }) =>
    Effect.flatMap(
      Effect.tryPromise({
        try: async (signal) =>
          handler(new Request(url ?? `https://${headers["host"]}/`, { method: "POST", headers, body, signal })),
        catch: (cause) => new NotTaken({ reason: "the handler failed", cause })
      }),
      ({ status }) => takenWith(status)
    )

/**
 * Posts each delivery to a URL, with the HTTP client of the program. The host of the URL need not be the one that is
 * signed, as behind a proxy. An answer other than a 2xx is a failure.
 *
 * @example
 * ```ts
 * import { WebhookReceiver } from "effect-flexfactor/testing"
 *
 * const receiver = WebhookReceiver.toUrl("http://localhost:3000/webhooks/flexfactor")
 * ```
 */
export const toUrl = (url: string | URL): Receiver<HttpClient.HttpClient> =>
  Effect.fnUntraced(function*({ body, headers: { "content-length": _length, host: _host, ...headers } }) {
    const response = yield* HttpClientRequest.post(url).pipe(
      HttpClientRequest.bodyUint8Array(body, headers["content-type"]),
      HttpClientRequest.setHeaders(headers),
      HttpClient.execute
    )
    // An answer that is not read holds its connection.
    yield* Effect.ignore(response.text)
    return yield* takenWith(response.status)
  })
