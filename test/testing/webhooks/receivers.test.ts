/**
 * Receivers that speak HTTP: a handler of requests, and a server.
 */
import { NodeHttpClient, NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Queue } from "effect"
import { FetchHttpClient, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { createServer } from "node:http"
import { Webhook } from "../../../src/index.ts"
import { FlexFactorSimulator, type SignedWebhook, WebhookReceiver } from "../../../src/testing/index.ts"
import { cents, eventsOf, id, read, refund, reporting, simulator, take, webhooks } from "./setup.ts"

const deliver = <R>(receiver: WebhookReceiver.Receiver<R>) =>
  simulator.use(({ deliverWebhooks }) => deliverWebhooks(receiver))

/** What a request brought, as a simulator made it. */
const signedOf = async (request: Request): Promise<SignedWebhook> => ({
  headers: Object.fromEntries(request.headers),
  body: new Uint8Array(await request.arrayBuffer())
})

/** Whether one webhook counts as taken by a receiver: it does not come again. */
const isTakenBy = <R>(receiver: WebhookReceiver.Receiver<R>) =>
  Effect.gen(function*() {
    yield* refund(1)
    yield* deliver(receiver)
    yield* TestClock.adjust("1 hour")
    return (yield* take).length === 0
  })

describe("a handler of requests", () => {
  it.effect("gets a delivery as a request that can be verified", () =>
    Effect.gen(function*() {
      const requests: Array<{ readonly method: string; readonly url: string; readonly webhook: SignedWebhook }> = []
      yield* refund(1)
      yield* deliver(WebhookReceiver.toHandler(async (request) => {
        requests.push({ method: request.method, url: request.url, webhook: await signedOf(request) })
        return new Response(null, { status: 204 })
      }, "https://shop.example/webhooks?from=flexfactor"))
      const [request = assert.fail("nothing came")] = requests
      assert.strictEqual(`${request.method} ${request.url}`, "POST https://shop.example/webhooks?from=flexfactor")
      assert.include(request.webhook.headers, { "content-type": "application/json", host: "shop.example" })
      assert.strictEqual((yield* read(request.webhook)).event, "order.refunded")
    }).pipe(reporting()))

  it.effect("is addressed at the root of the host that is signed, if nothing else is said", () =>
    Effect.gen(function*() {
      const urls: Array<string> = []
      yield* refund(1)
      yield* deliver(WebhookReceiver.toHandler((request) => {
        urls.push(request.url)
        return new Response()
      }))
      assert.deepStrictEqual(urls, ["https://shop.example/"])
    }).pipe(reporting()))

  const handlers: ReadonlyArray<
    readonly [name: string, handler: (request: Request) => Response | Promise<Response>, isTaken: boolean]
  > = [
    ["200", () => new Response(), true],
    ["204 later", async () => new Response(null, { status: 204 }), true],
    ["299", () => new Response(null, { status: 299 }), true],
    ["302", () => new Response(null, { status: 302 }), false],
    ["400", () => new Response(null, { status: 400 }), false],
    ["503", () => new Response(null, { status: 503 }), false],
    ["a rejection", () => Promise.reject(new Error("broken")), false],
    ["an exception", () => {
      throw new Error("broken")
    }, false]
  ]
  it.effect.each(handlers)(
    "that answers with %s: whether it takes the delivery",
    ([, handler, isTaken]) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* isTakenBy(WebhookReceiver.toHandler(handler)), isTaken)
      }).pipe(reporting())
  )
})

/** A server of the program, which answers its first request with 503, and keeps what came. */
const serveProgram = Effect.fnUntraced(function*(arrivals: Queue.Enqueue<SignedWebhook>) {
  const server = yield* HttpServer.HttpServer
  let count = 0
  yield* server.serve(
    Effect.gen(function*() {
      const request = yield* HttpServerRequest.HttpServerRequest
      const body = new Uint8Array(yield* request.arrayBuffer)
      yield* Queue.offer(arrivals, { headers: { ...request.headers }, body })
      count += 1
      return HttpServerResponse.text("seen", { status: count === 1 ? 503 : 200 })
    }).pipe(Effect.orDie)
  )
  return server.address._tag === "InetAddressV4"
    ? `http://127.0.0.1:${server.address.port}/webhooks/flexfactor`
    : yield* Effect.die(server.address._tag)
})

const nodeServer = () => NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })

describe("a server", () => {
  it.live("gets what a simulator that is served pushes over HTTP, again until it takes it", () =>
    Effect.gen(function*() {
      const arrivals = yield* Queue.unbounded<SignedWebhook>()
      const program = yield* Layer.build(nodeServer())
      const url = yield* Effect.provideContext(serveProgram(arrivals), program)
      const simulated = FlexFactorSimulator.layerWebhooks(WebhookReceiver.toUrl(url)).pipe(
        Layer.provide([NodeHttpClient.layerNodeHttp, Logger.layer([])]),
        Layer.provideMerge(FlexFactorSimulator.layerHttpServer({
          orders: [{ id, amount: cents(5000) }],
          webhooks: { ...webhooks, redeliveries: ["50 millis"] }
        })),
        Layer.provide(nodeServer())
      )
      yield* Effect.gen(function*() {
        yield* simulator.use(({ refundInPortal }) => refundInPortal(id, cents(1)))
        const came = [yield* Queue.take(arrivals), yield* Queue.take(arrivals)]
        assert.match((yield* eventsOf(came)).join(), /^order\.refunded ([\d.]+),order\.refunded \1 resent$/)
        for (const webhook of came) {
          yield* Webhook.verify(webhook, webhooks)
          assert.notStrictEqual(webhook.headers["host"], "shop.example")
        }
      }).pipe(Effect.provide(simulated))
    }))

  it.effect("that cannot be reached does not take a delivery", () =>
    Effect.gen(function*() {
      const taken = yield* isTakenBy(WebhookReceiver.toUrl("http://127.0.0.1:1/webhooks"))
      assert.isFalse(taken)
    }).pipe(Effect.provide(FetchHttpClient.layer), reporting()))

  it.effect("is reached by the client of the program", () =>
    Effect.gen(function*() {
      const urls: Array<string> = []
      const fetch: typeof globalThis.fetch = async (input) => {
        urls.push(input instanceof Request ? input.url : input.toString())
        return new Response()
      }
      const taken = yield* isTakenBy(WebhookReceiver.toUrl(new URL("http://localhost:3000/hook"))).pipe(
        Effect.provideService(FetchHttpClient.Fetch, fetch)
      )
      assert.isTrue(taken)
      assert.deepStrictEqual(urls, ["http://localhost:3000/hook"])
    }).pipe(Effect.provide(FetchHttpClient.layer), reporting()))
})
