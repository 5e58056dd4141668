/**
 * The server: it serves the application on `node:http`, and goes on with refunds in doubt.
 */
import { type Duration, Effect, Schedule, Stream } from "effect"
import { Refunds, type Webhook } from "effect-flexfactor"
import { once } from "node:events"
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http"
import { buffer } from "node:stream/consumers"
import { type Handler, makeApp, type Runtime } from "./app.ts"

/** The request of Node as the platform's. Its signal tells that the client hung up. A proxy in front bounds the body. */
const requestOf = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request> => {
  const hungUp = new AbortController()
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) hungUp.abort()
  })
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value])
  )
  const { method = "GET", url = "/" } = incoming
  const hasBody = method !== "GET" && method !== "HEAD"
  return new Request(new URL(url, "http://localhost"), {
    method,
    headers,
    body: hasBody ? new Uint8Array(await buffer(incoming)) : null,
    signal: hungUp.signal
  })
}

/**
 * A handler as a listener of `node:http`. Express takes it as well, before anything that reads bodies:
 *
 *   server.post("/orders/:id/refunds", toListener(app.handler))
 *
 * Hono needs no listener: `server.all("/orders/*", (context) => app.handler(context.req.raw))`.
 */
export const toListener = (handle: Handler): RequestListener => (incoming, outgoing) => {
  const respond = async () => {
    const response = await handle(await requestOf(incoming, outgoing))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(new Uint8Array(await response.arrayBuffer()))
  }
  respond().catch((error: unknown) => {
    console.error(error)
    outgoing.destroy()
  })
}

/** Goes on with every refund that is in doubt. */
const resolveOpen = Effect.gen(function*() {
  const refunds = yield* Refunds.Refunds
  yield* refunds.open.pipe(
    Stream.mapEffect(({ key }) => Effect.exit(refunds.resolve(key)), { concurrency: 4, unordered: true }),
    Stream.runDrain
  )
}).pipe(Effect.ignore({ log: "Warn", message: "Refunds in doubt cannot be looked at" }))

export interface Options {
  readonly port: number
  /** Where FlexFactor's webhooks come in: the key and the host of the endpoint, as FlexFactor's portal has them. */
  readonly endpoint: Webhook.Options
  /** How long after one look at the refunds in doubt the next one comes. */
  readonly resolveEvery: Duration.Input
}

/** Starts the server. What is wrong with the settings of the runtime rejects here, not at the first request. */
export const start = async (runtime: Runtime, { endpoint, port, resolveEvery }: Options) => {
  await runtime.context()
  // It ends with the runtime.
  runtime.runFork(Effect.repeat(resolveOpen, Schedule.spaced(resolveEvery)))

  const app = makeApp(runtime, endpoint)
  const server = createServer(toListener(app.handler)).listen(port, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()

  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : port}`,
    /** Takes no new requests, answers those that came, then ends what the runtime holds. */
    stop: async (): Promise<void> => {
      const closed = once(server, "close")
      server.close()
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      await closed
      clearInterval(idle)
      await app.dispose()
      await runtime.dispose()
    }
  }
}
