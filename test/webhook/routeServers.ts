/**
 * The servers in which a route is tried: a router for `Request` and `Response`, a web handler, and a server of Node. All
 * of them live in the context of the test: its clock, loggers and tracer.
 */
import { NodeHttpServer } from "@effect/platform-node"
import { type Config, Context, Effect, Layer, type Scope } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer, request as requestOf } from "node:http"
import type { WebhookInbox } from "../../src/WebhookInbox.ts"
import * as WebhookRoute from "../../src/WebhookRoute.ts"
import { options as given } from "./deliveries.ts"

export interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | undefined
  readonly method?: string
  readonly path?: string
}

/** What is sent, without one of its headers. */
export const withoutHeader = ({ body, headers }: Sent, name: string): Sent => ({
  body,
  headers: Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name))
})

export interface Answered {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

export type Send = (sent: Sent) => Effect.Effect<Answered>

type Web = (request: Request) => Promise<Response>

export const toRequest = ({ body, headers, method = "POST", path = "/webhooks/flexfactor" }: Sent): Request =>
  new Request(`http://inside.example:8080${path}`, { method, headers, body: body ?? null })

export const answeredBy = (web: Web, request: Request): Effect.Effect<Answered> =>
  Effect.promise(async () => {
    const response = await web(request)
    return { status: response.status, body: await response.text(), headers: Object.fromEntries(response.headers) }
  })

const sendTo = (web: Web): Send => (sent) => Effect.suspend(() => answeredBy(web, toRequest(sent)))

/** What the test's context holds, for a server that makes a context of its own. */
export const surroundings = Effect.map(Effect.context<never>(), (context) => Layer.succeedContext(context))

type Route<E = Config.ConfigError> = Layer.Layer<never, E, HttpRouter.HttpRouter>

const released = <A extends { readonly dispose: () => Promise<void> }>(make: () => A) =>
  Effect.acquireRelease(Effect.sync(make), ({ dispose }) => Effect.promise(dispose))

/** A router that answers a `Request`. */
export const inRouter = Effect.fnUntraced(function*<E>(route: Route<E>): Effect.fn.Return<Send, never, Scope.Scope> {
  const around = yield* surroundings
  const { handler } = yield* released(() => HttpRouter.toWebHandler(Layer.provideMerge(route, around)))
  return sendTo((request) => handler(request))
})

/** A server of Node on a port of its own. */
export const inNode = Effect.fnUntraced(function*<E>(route: Route<E>) {
  const server = HttpRouter.serve(route, { disableListenLog: true }).pipe(
    Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
  )
  const { address } = Context.get(yield* Layer.build(server), HttpServer.HttpServer)
  return "port" in address ? address.port : yield* Effect.die("it has no port")
})

/** Sends a request to a port of this machine as Node's client does, with the body as it is. */
export const sendToPort = (port: number): Send => ({ body, headers, method = "POST", path = "/webhooks/flexfactor" }) =>
  Effect.callback<Answered>((resume) => {
    const request = requestOf({ port, host: "127.0.0.1", path, method, headers, agent: false }, (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () =>
        resume(Effect.succeed({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
        })))
    })
    request.on("error", (error) => resume(Effect.die(error)))
    request.end(body)
  })

/** A web handler. */
export const inWebHandler = Effect.fnUntraced(function*<E>(
  inbox: Layer.Layer<WebhookInbox, E>,
  options: WebhookRoute.Options = given
): Effect.fn.Return<Send, never, Scope.Scope> {
  const around = yield* surroundings
  const { handler } = yield* released(() => WebhookRoute.toWebHandler(options, Layer.provideMerge(inbox, around)))
  return sendTo(handler)
})

type Serve = (
  inbox: Layer.Layer<WebhookInbox>,
  options?: WebhookRoute.Options
) => Effect.Effect<Send, unknown, Scope.Scope>

const routeOf = (inbox: Layer.Layer<WebhookInbox>, options: WebhookRoute.Options = given) =>
  Layer.provide(WebhookRoute.layer(options), inbox)

/** All three, by name. */
export const servers: ReadonlyArray<readonly [name: string, serve: Serve]> = [
  ["a router", (inbox, options) => inRouter(routeOf(inbox, options))],
  ["a web handler", inWebHandler],
  ["a server of Node", (inbox, options) => Effect.map(inNode(routeOf(inbox, options)), sendToPort)]
]
