/**
 * A FlexFactor to test against: it holds orders, moves money in a ledger, and fails on demand. It runs inside the test,
 * without a network, and under a test clock it is deterministic.
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as FlexFactor from "../FlexFactor.ts"
import { Orders } from "../Orders.ts"
import { keeping, lifetimeOf, offsetOf, timeOf } from "./rules.ts"
import { FlexFactorSimulator, makeControls } from "./simulator/controls.ts"
import { makeFaults } from "./simulator/faults.ts"
import { type KeyPair, routes } from "./simulator/handlers.ts"
import { operationOf } from "./simulator/requestLog.ts"
import type { Behaviour } from "./simulator/rules.ts"
import { relay } from "./simulator/serve.ts"
import type { Totals } from "./simulator/show.ts"
import { makeState, type OrderSeed } from "./simulator/state.ts"
import { carry } from "./simulator/transport.ts"
import { makeWebhookControls } from "./simulator/webhookControls.ts"
import { makeWebhookSettings, type Webhooks } from "./simulator/webhookSettings.ts"
import type { Receiver } from "./WebhookReceiver.ts"

export { FlexFactorSimulator, type PortalOptions } from "./simulator/controls.ts"
export type { FaultKind } from "./simulator/faultKinds.ts"
export type { FaultCounts, SeededFaults } from "./simulator/faults.ts"
export type { KeyPair } from "./simulator/handlers.ts"
export type { Behaviour } from "./simulator/rules.ts"
export type { Totals } from "./simulator/show.ts"
export type { LedgerEntry, LoggedRequest, OrderSeed, SimulatedOrder } from "./simulator/state.ts"
export type { WebhookControls } from "./simulator/webhookControls.ts"
export type { WebhookFaultKind } from "./simulator/webhookFaultKinds.ts"
export type { SeededWebhookFaults, WebhookFaultCounts } from "./simulator/webhookFaults.ts"
export type { Webhooks } from "./simulator/webhookSettings.ts"

/**
 * How the simulator starts; everything has a default. An option that breaks a rule is a defect: the test is wrong.
 *
 * - `orders`: the orders it holds.
 * - `keyPairs`: the merchants it knows, one by default: `defaultKeyPair`.
 * - `tokenLifetime`: how long a token lives, 10 minutes (documented).
 * - `clockOffset`: how far the server's clock is ahead of the program's; negative if it is behind.
 * - `totals`: the names under which an order shows its money, none by default (no source shows any).
 * - `staleReads`: for how long after a change an order is still read and listed as it was before, not at all by
 *   default. The ledger and the rules know at once.
 * - `webhooks`: how it reports what happens to orders, not at all by default.
 * - the switches of `Behaviour`.
 */
export interface SimulatorOptions extends Partial<Behaviour> {
  readonly orders?: ReadonlyArray<OrderSeed> | undefined
  readonly keyPairs?: ReadonlyArray<KeyPair> | undefined
  readonly tokenLifetime?: Duration.Input | undefined
  readonly clockOffset?: Duration.Input | undefined
  readonly totals?: Totals | undefined
  readonly staleReads?: Duration.Input | undefined
  readonly webhooks?: Webhooks | undefined
}

/** The key pair of the merchant that the simulator knows by default. */
export const defaultKeyPair: KeyPair = { appKey: "simulated-app-key", appSecret: "simulated-app-secret" }

const nameOf = (option: keyof SimulatorOptions): string => `FlexFactorSimulator: ${option}`

const shareRule = "a share of the price, more than 0 and at most 1, such as 0.6"

const isShare = (share: number): boolean => share > 0 && share <= 1

const make = Effect.fnUntraced(function*(options: SimulatorOptions) {
  const state = makeState()
  const faults = makeFaults()
  const behaviour: Behaviour = {
    repeatedRefunds: options.repeatedRefunds ?? "additive",
    largestPartialRefund: options.largestPartialRefund === undefined
      ? undefined
      : keeping(nameOf("largestPartialRefund"), options.largestPartialRefund, shareRule, isShare)
  }
  const clockOffset = Duration.toMillis(offsetOf(nameOf("clockOffset"), options.clockOffset ?? 0))
  const webhooks = options.webhooks && (yield* makeWebhookSettings(options.webhooks, clockOffset))
  const simulator = makeControls(state, behaviour, faults, makeWebhookControls(state, webhooks))
  yield* Effect.forEach(options.orders ?? [], simulator.addOrder, { discard: true })

  const respond = yield* HttpRouter.toHttpEffect(routes({
    state,
    behaviour,
    totals: options.totals,
    staleReads: timeOf(nameOf("staleReads"), options.staleReads ?? 0),
    keyPairs: options.keyPairs ?? [defaultKeyPair],
    tokenLifetime: Duration.toMillis(lifetimeOf(nameOf("tokenLifetime"), options.tokenLifetime ?? "10 minutes")),
    clockOffset
  })).pipe(
    // A memo map of its own, so that these routes do not become part of a router of the program.
    Effect.provideServiceEffect(Layer.CurrentMemoMap, Layer.makeMemoMap)
  )
  const server = { state, respond, serverTime: Effect.map(DateTime.now, DateTime.addDuration(clockOffset)) }
  const http = HttpClient.make((request, url) =>
    Effect.suspend(() => carry(server, request, url, faults.next(operationOf(request.method, url.pathname))))
  )
  return Context.make(FlexFactorSimulator, simulator).pipe(Context.add(HttpClient.HttpClient, http))
})

/**
 * Provides the simulator as a transport, with its controls: for a program that makes its own `FlexFactor` layer.
 *
 * @example
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { FlexFactor } from "effect-flexfactor"
 * import { FlexFactorSimulator } from "effect-flexfactor/testing"
 *
 * const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair
 * const layer = FlexFactor.sandbox({ appKey, appSecret: Redacted.make(appSecret) }).pipe(
 *   Layer.provideMerge(FlexFactorSimulator.layerHttpClient())
 * )
 * ```
 */
export const layerHttpClient = (
  options: SimulatorOptions = {}
): Layer.Layer<HttpClient.HttpClient | FlexFactorSimulator> => Layer.effectContext(make(options))

/**
 * Serves the simulator on the HTTP server of the program, and provides its controls: for clients in other processes and
 * languages. Time is the real one, and a fault that refuses or loses the connection closes it.
 *
 * @example
 * ```ts
 * import { NodeHttpServer } from "@effect/platform-node"
 * import { Layer } from "effect"
 * import { Cents } from "effect-flexfactor"
 * import { FlexFactorSimulator } from "effect-flexfactor/testing"
 * import { createServer } from "node:http"
 *
 * // Clients use http://localhost:8080 as base URL, and the key pair `FlexFactorSimulator.defaultKeyPair`.
 * const server = FlexFactorSimulator.layerHttpServer({ orders: [{ amount: Cents.fromDollars("19.99") }] }).pipe(
 *   Layer.provide(NodeHttpServer.layer(createServer, { port: 8080 }))
 * )
 * ```
 */
export const layerHttpServer = (
  options: SimulatorOptions = {}
): Layer.Layer<FlexFactorSimulator, never, HttpServer.HttpServer> =>
  Layer.effectContext(Effect.gen(function*() {
    const simulated = yield* make(options)
    const server = yield* HttpServer.HttpServer
    yield* server.serve(relay(Context.get(simulated, HttpClient.HttpClient)))
    return Context.pick(FlexFactorSimulator)(simulated)
  }))

/**
 * Provides `Orders` on a simulator, and the simulator's controls. The client is one for the sandbox, with the default
 * key pair; `tuning` changes how it behaves.
 *
 * @example
 * ```ts
 * import { Cents } from "effect-flexfactor"
 * import { FlexFactorSimulator } from "effect-flexfactor/testing"
 *
 * const layer = FlexFactorSimulator.layer({ orders: [{ amount: Cents.fromDollars("19.99") }] })
 * ```
 */
export const layer = (
  options: Omit<SimulatorOptions, "keyPairs"> = {},
  tuning: FlexFactor.Tuning = {}
): Layer.Layer<Orders | FlexFactorSimulator> =>
  Layer.effectContext(Effect.gen(function*() {
    const simulated = yield* make(options)
    const orders = yield* FlexFactor.make({
      ...tuning,
      environment: "sandbox",
      appKey: defaultKeyPair.appKey,
      appSecret: Redacted.make(defaultKeyPair.appSecret)
    }).pipe(Effect.provideContext(simulated), Effect.orDie)
    return Context.add(Context.pick(FlexFactorSimulator)(simulated), Orders, orders)
  }))

/**
 * Delivers the webhooks of the simulator to a receiver in the background, each as soon as it comes: for a program that
 * is tested as a whole, and for a simulator that is served. A test that stops time uses `deliverWebhooks` instead, which
 * ends once all are answered.
 *
 * @example
 * ```ts
 * import { NodeHttpServer } from "@effect/platform-node"
 * import { Layer, Redacted } from "effect"
 * import { FetchHttpClient } from "effect/http"
 * import { FlexFactorSimulator, WebhookReceiver } from "effect-flexfactor/testing"
 * import { createServer } from "node:http"
 *
 * const webhooks = { key: Redacted.make("a2V5IG9mIGEgdGVzdA=="), host: "shop.example" }
 * const server = FlexFactorSimulator.layerWebhooks(
 *   WebhookReceiver.toUrl("http://localhost:3000/webhooks/flexfactor")
 * ).pipe(
 *   Layer.provide(FetchHttpClient.layer),
 *   Layer.provideMerge(FlexFactorSimulator.layerHttpServer({ webhooks })),
 *   Layer.provide(NodeHttpServer.layer(createServer, { port: 8080 }))
 * )
 * ```
 */
export const layerWebhooks = <R>(receiver: Receiver<R>): Layer.Layer<never, never, FlexFactorSimulator | R> =>
  Layer.effectDiscard(FlexFactorSimulator.use(({ pushWebhooks, webhookFaultCounts }) =>
    // Where webhooks are off, it says so here and not in the background.
    Effect.andThen(
      webhookFaultCounts,
      Effect.forkScoped(
        pushWebhooks(receiver).pipe(
          Effect.tapCause((cause) => Effect.logError("FlexFactorSimulator: no more webhooks are delivered.", cause))
        )
      )
    )
  ))
