/**
 * Receives webhooks in a server: each delivery is verified and kept in the `WebhookInbox`, from where it is handled, and
 * the sender is answered.
 *
 * | answer | to what |
 * | --- | --- |
 * | 200 | a delivery whose event is kept: now, or from an earlier delivery |
 * | 400 | one that breaks a rule, was sent too long ago, or whose body broke off |
 * | 401 | one that is not signed with the key for the host |
 * | 408 | a body that does not come within 10 seconds |
 * | 413 | a body of more than 1 MiB, which is not read on |
 * | 503 | one that the inbox did not keep, or not within 10 seconds; when it comes again, it is known if it was kept |
 * | 500 | a defect in the inbox |
 *
 * No answer has a body, so that nobody learns why it was refused. The log tells: a refused delivery is a warning, and one
 * that could not be kept an error. Nothing of a delivery is in the log or in spans, and of its headers nothing either
 * unless the program asks Effect to trace headers (`HttpMiddleware.TracerHeaderFilter`): then add `/^x-fc-/` to
 * `Headers.CurrentRedactedNames`, around the server.
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { type Answer, makeAnswer } from "./internal/webhook/answerTo.ts"
import { keyConfig } from "./internal/webhook/endpointConfig.ts"
import { withDefined } from "./internal/withDefined.ts"
import * as Webhook from "./Webhook.ts"
import type { WebhookInbox } from "./WebhookInbox.ts"

/**
 * What a route is made of: what its deliveries are verified with, and `path`, where they come in:
 * `"/webhooks/flexfactor"`, unless said otherwise. The path is not signed, so it need not be the one that was registered.
 */
export interface Options extends Webhook.Options {
  readonly path?: HttpRouter.PathInput | undefined
}

/**
 * Adds `POST /webhooks/flexfactor`, or another path, to the `HttpRouter` of a program. It works beside other routes and
 * beside the `HttpApi`s of the same router. Other methods at that path are not found.
 *
 * Options that break a rule fail with a `ConfigError` that names the option and the rule. Two endpoints are two layers,
 * each with a path of its own.
 *
 * @example
 * ```ts
 * import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
 * import { Effect, Layer, Redacted } from "effect"
 * import { WebhookInbox, WebhookRoute } from "effect-flexfactor"
 * import { HttpRouter } from "effect/http"
 * import { createServer } from "node:http"
 *
 * const route = WebhookRoute.layer({
 *   key: Redacted.make("a2V5IGZyb20gdGhlIHBvcnRhbA=="), // of the endpoint, from FlexFactor's portal
 *   host: "shop.example"
 * })
 *
 * const handlers = WebhookInbox.layerHandler((event) => Effect.log(event.event))
 *
 * const server = HttpRouter.serve(Layer.merge(route, handlers)).pipe(
 *   Layer.provide(NodeHttpServer.layer(createServer, { port: 3000 })),
 *   Layer.provide(WebhookInbox.layerMemory)
 * )
 *
 * NodeRuntime.runMain(Layer.launch(server))
 * ```
 */
export const layer = (
  options: Options
): Layer.Layer<never, Config.ConfigError, HttpRouter.HttpRouter | WebhookInbox> =>
  Layer.effectDiscard(Effect.gen(function*() {
    const { path = "/webhooks/flexfactor" } = options
    const router = yield* HttpRouter.HttpRouter
    const answer = yield* makeAnswer(yield* Webhook.make(options))
    yield* router.add("POST", path, Effect.annotateLogs(answer, "http.route", path))
  }))

/** What `layerConfig` can be given besides what is configured. */
export type Tuning = Partial<Omit<Options, "key">>

/**
 * Adds the route of `layer` as the environment says: `FLEXFACTOR_WEBHOOK_KEY` is the key of the endpoint, and
 * `FLEXFACTOR_WEBHOOK_HOST` the host that was registered. Each may be several, with commas between them, any of which
 * will do. `tuning` overrides what is configured.
 *
 * @example
 * ```ts
 * import { Layer } from "effect"
 * import { WebhookInbox, WebhookRoute } from "effect-flexfactor"
 *
 * const route = WebhookRoute.layerConfig({ path: "/hooks" }).pipe(Layer.provide(WebhookInbox.layerMemory))
 * ```
 */
export const layerConfig = (
  tuning: Tuning = {}
): Layer.Layer<never, Config.ConfigError, HttpRouter.HttpRouter | WebhookInbox> =>
  Layer.unwrap(Effect.gen(function*() {
    const { host } = tuning
    const configured = yield* host === undefined
      ? Webhook.optionsConfig()
      : Config.map(keyConfig(), (key) => ({ key, host }))
    return layer({ ...configured, ...withDefined(tuning) })
  }))

/**
 * A route for a server that speaks in `Request` and `Response`.
 *
 * - `handler`: answers a request.
 * - `dispose`: ends what the handler lives on, such as the connections of its inbox. It is done once that is released.
 */
export interface WebHandler {
  readonly handler: (request: Request) => Promise<Response>
  readonly dispose: () => Promise<void>
}

class WebAnswer extends Context.Service<WebAnswer, Answer>()("effect-flexfactor/WebhookRoute/WebAnswer") {}

/** In spans, where the program traces headers. */
const layerRedacted = Layer.effect(
  Headers.CurrentRedactedNames,
  Effect.map(Headers.CurrentRedactedNames, (names) => [...names, /^x-fc-/])
)

const methodNotAllowed = HttpServerResponse.empty({ status: 405, headers: { allow: "POST" } })

/**
 * Makes a route for a server that speaks in `Request` and `Response`: Hono, Bun, Deno, Next.js and others. It answers
 * every `POST`, whatever its path, and other methods with 405. Give it the request untouched: a body that was read before
 * cannot be verified.
 *
 * `inbox` is built at once, and lives until `dispose`, with all that is in it: merge the handlers of its events over it,
 * and they run meanwhile. An inbox in memory is this handler's own, so its events can be handled nowhere else.
 *
 * A program with a `ManagedRuntime` gives it `Layer.effectContext(runtime.contextEffect)`, and the route shares the inbox
 * of that runtime, whose layer then has the handlers. `dispose` leaves the runtime open, and comes before that of the
 * runtime.
 *
 * If it cannot be built, or an option breaks a rule, that is logged as an error at once, and every request rejects with
 * it: a `ConfigError` that names the option and the rule, or what the layer fails with.
 *
 * @example
 * ```ts
 * import { Effect, Layer, Redacted } from "effect"
 * import { WebhookInbox, WebhookRoute } from "effect-flexfactor"
 *
 * const inbox = WebhookInbox.layerHandler((event) => Effect.log(event.event)).pipe(
 *   Layer.provideMerge(WebhookInbox.layerMemory)
 * )
 *
 * const { dispose, handler } = WebhookRoute.toWebHandler({
 *   key: Redacted.make("a2V5IGZyb20gdGhlIHBvcnRhbA=="), // of the endpoint, from FlexFactor's portal
 *   host: "shop.example"
 * }, inbox)
 *
 * // Hono: app.post("/webhooks/flexfactor", (context) => handler(context.req.raw))
 * // Bun: Bun.serve({ fetch: handler }). Deno: Deno.serve(handler). Next.js, in route.ts:
 * export const POST = (request: Request) => handler(request)
 *
 * process.once("SIGTERM", () => void dispose())
 * ```
 */
export const toWebHandler = <E>(
  options: Webhook.Options,
  inbox: Layer.Layer<WebhookInbox, E>
): WebHandler => {
  // The options come first: nothing is opened for those that are wrong.
  const live = Layer.unwrap(Effect.map(
    Webhook.make(options),
    (verifier) =>
      Layer.effect(WebAnswer, makeAnswer(verifier)).pipe(Layer.merge(layerRedacted), Layer.provideMerge(inbox))
  ))
  const { dispose, handler } = HttpEffect.toWebHandlerLayerWith(
    Layer.tapCause(live, (cause) => Effect.logError("Webhook: the handler cannot be made", cause)),
    {
      toHandler: (context) =>
        Effect.succeed(Effect.flatMap(HttpServerRequest, (request) =>
          request.method === "POST"
            ? Effect.interruptible(Context.get(context, WebAnswer))
            : Effect.succeed(methodNotAllowed)))
    }
  )
  return { handler: (request) => handler(request), dispose }
}
