/**
 * What the transport tests share: the transports, a client of a scripted server, and the orders it asks for.
 */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, beforeAll } from "@effect/vitest"
import { type Config, Context, Duration, Effect, Layer, Logger, Redacted, Schedule, type Scope } from "effect"
import { FetchHttpClient, type HttpClient } from "effect/http"
import * as FetchTransport from "../../src/FetchTransport.ts"
import { Cents, FlexFactor, OrderId, Orders } from "../../src/index.ts"
import * as NodeTransport from "../../src/NodeTransport.ts"
import { answer, serve, type Server } from "./server.ts"

export type Transport = Layer.Layer<HttpClient.HttpClient>

/** Every transport that a backend on Node can pick. */
export const transports: ReadonlyArray<readonly [name: string, transport: Transport]> = [
  ["fetch", FetchHttpClient.layer],
  ["undici", NodeHttpClient.layerUndici],
  ["node:http", NodeHttpClient.layerNodeHttp],
  ["FetchTransport", FetchTransport.layer],
  ["NodeTransport", NodeTransport.layer]
]

export const keyPair = (merchant: string) => ({ appKey: merchant, appSecret: Redacted.make(`secret of ${merchant}`) })

/** A token the backend holds: no token request is made, so every connection of a server carries orders. */
export const heldToken = { accessToken: Redacted.make("held") }

export type ClientOptions = FlexFactor.Tuning & { readonly credentials?: FlexFactor.Credentials }

export const clientLayer = (server: Pick<Server, "url">, { credentials, ...tuning }: ClientOptions = {}) =>
  FlexFactor.layer({
    environment: "sandbox",
    baseUrl: server.url,
    retry: Schedule.recurs(0),
    timeout: "10 seconds",
    ...tuning,
    ...(credentials ?? keyPair("merchant"))
  })

/** A client of a server, until the end of the test. */
export const connect = (
  transport: Transport,
  server: Pick<Server, "url">,
  options?: ClientOptions
): Effect.Effect<Orders["Service"], Config.ConfigError, Scope.Scope> =>
  Effect.map(
    Layer.build(Layer.provide(clientLayer(server, options), transport)),
    (context) => Context.get(context, Orders)
  )

export const orderId = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")

export const order = { id: orderId, status: "Completed", firstName: "日本" }

export const refundRequest = { amount: Cents.make(1999) }

export const refunded = { success: true, status: "SUCCESS", transactionId: "t-1" }

/** Loads the transports before the tests, so that no deadline of a test pays for it. */
export const warmUp = (): void =>
  beforeAll(() =>
    Effect.runPromise(Effect.scoped(Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(200, order) })
      for (const [, transport] of transports) {
        const orders = yield* connect(transport, server)
        assert.strictEqual((yield* orders.get(orderId)).id, orderId)
      }
    })))
  )

/**
 * Runs a test under a short deadline, and again under a longer one where it yields `false`: that the deadline passed too
 * soon for what it tests. It can, on a machine that does nothing for a moment.
 */
export const underDeadline = Effect.fnUntraced(function*<E, R>(
  test: (timeout: Duration.Duration) => Effect.Effect<boolean, E, R>
) {
  for (const timeout of [Duration.millis(200), Duration.seconds(3)]) {
    if (yield* Effect.scoped(test(timeout))) return
  }
  assert.fail("the deadline passed too soon each time")
})

/** Keeps the warnings about repeated requests out of the report. */
export const quietly = Effect.provide(Logger.layer([]))
