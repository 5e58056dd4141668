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
import { Cents } from "../Money.ts"
import type { OrderId } from "../OrderId.ts"
import { Orders } from "../Orders.ts"
import type { Operation } from "../OrdersError.ts"
import type { OrderStatus } from "../OrderStatus.ts"
import type { Fault } from "./Fault.ts"
import { type KeyPair, routes } from "./simulator/handlers.ts"
import { operationOf } from "./simulator/requestLog.ts"
import { type Behaviour, refund, refundable } from "./simulator/rules.ts"
import { relay } from "./simulator/serve.ts"
import {
  expireTokens,
  type LedgerEntry,
  type LoggedRequest,
  makeOrder,
  makeState,
  type OrderSeed,
  type SimulatedOrder
} from "./simulator/state.ts"
import { carry } from "./simulator/transport.ts"

export type { KeyPair } from "./simulator/handlers.ts"
export type { Behaviour } from "./simulator/rules.ts"
export type { LedgerEntry, LoggedRequest, OrderSeed, SimulatedOrder } from "./simulator/state.ts"

/**
 * How the simulator starts; everything has a default.
 *
 * - `orders`: the orders it holds.
 * - `keyPairs`: the merchants it knows, one by default: `defaultKeyPair`.
 * - `tokenLifetime`: how long a token lives, 10 minutes (documented).
 * - `clockOffset`: how far the server's clock is ahead of the program's; negative if it is behind.
 * - the switches of `Behaviour`.
 */
export interface SimulatorOptions extends Partial<Behaviour> {
  readonly orders?: ReadonlyArray<OrderSeed> | undefined
  readonly keyPairs?: ReadonlyArray<KeyPair> | undefined
  readonly tokenLifetime?: Duration.Input | undefined
  readonly clockOffset?: Duration.Input | undefined
}

/** The key pair of the merchant that the simulator knows by default. */
export const defaultKeyPair: KeyPair = { appKey: "simulated-app-key", appSecret: "simulated-app-secret" }

/**
 * The controls of the simulator: what a test sets up, and what it looks at afterwards.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { Cents, Orders } from "effect-flexfactor"
 * import { Fault, FlexFactorSimulator } from "effect-flexfactor/testing"
 *
 * const test = Effect.gen(function*() {
 *   const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
 *   const orders = yield* Orders
 *   const order = yield* simulator.addOrder({ amount: Cents.make(5000) })
 *   yield* simulator.failNext("Orders.refund", Fault.connectionLost({ serverActs: true }))
 *   const error = yield* Effect.flip(orders.refund(order.id, { amount: Cents.make(1000) }))
 *   return [error._tag, yield* simulator.ledger] // "RefundOutcomeUnknown", and the money moved
 * }).pipe(Effect.provide(FlexFactorSimulator.layer()))
 * ```
 */
export class FlexFactorSimulator extends Context.Service<FlexFactorSimulator, {
  /** Adds an order and shows it as the simulator holds it. */
  readonly addOrder: (order: OrderSeed) => Effect.Effect<SimulatedOrder>
  /** Changes the status of an order, as FlexFactor would on its own. An unknown id is a defect: the test is wrong. */
  readonly setStatus: (id: OrderId, status: OrderStatus) => Effect.Effect<void>
  /** Removes an order, as if it had left the merchant's view. */
  readonly removeOrder: (id: OrderId) => Effect.Effect<void>
  /** Refunds an order in the merchant portal, behind the program's back. Refusals are defects: the test is wrong. */
  readonly refundInPortal: (id: OrderId, amount: Cents) => Effect.Effect<void>
  /** The orders as they are now. */
  readonly orders: Effect.Effect<ReadonlyArray<SimulatedOrder>>
  /** What can still be refunded of an order, in cents; zero for an unknown one. */
  readonly refundable: (id: OrderId) => Effect.Effect<Cents>
  /** Every movement of money, in order. */
  readonly ledger: Effect.Effect<ReadonlyArray<LedgerEntry>>
  /** Every request that arrived, in order. Tokens and secrets are not in it. */
  readonly requests: Effect.Effect<ReadonlyArray<LoggedRequest>>
  /** Makes the next requests of an operation go wrong, one fault each, in order. */
  readonly failNext: (operation: Operation, ...faults: ReadonlyArray<Fault>) => Effect.Effect<void>
  /** Makes every token invalid at once. */
  readonly expireTokens: Effect.Effect<void>
}>()("effect-flexfactor/testing/FlexFactorSimulator") {}

const warnOfFuture = ({ id, placedAt }: SimulatedOrder) =>
  Effect.logWarning(
    `FlexFactorSimulator: order ${id} is placed at ${DateTime.formatIso(placedAt)}, after the time of the clock, `
      + "so `pages` and `stream` leave it out unless they are given a later `to`. TestClock.setTime sets the clock."
  )

const unknownOrder = (id: OrderId) => new Error(`FlexFactorSimulator: there is no order ${id}`)

const make = Effect.fnUntraced(function*(options: SimulatorOptions) {
  const state = makeState()
  const behaviour: Behaviour = {
    repeatedRefunds: options.repeatedRefunds ?? "additive",
    largestPartialRefund: options.largestPartialRefund
  }
  const clockOffset = Duration.toMillis(Duration.fromInputUnsafe(options.clockOffset ?? 0))
  const respond = yield* HttpRouter.toHttpEffect(routes({
    state,
    behaviour,
    keyPairs: options.keyPairs ?? [defaultKeyPair],
    tokenLifetime: Duration.toMillis(Duration.fromInputUnsafe(options.tokenLifetime ?? "10 minutes")),
    clockOffset
  })).pipe(
    // A memo map of its own, so that these routes do not become part of a router of the program.
    Effect.provideServiceEffect(Layer.CurrentMemoMap, Layer.makeMemoMap)
  )
  const faults = new Map<Operation | "unknown", Array<Fault>>()
  const server = { state, respond, serverTime: Effect.map(DateTime.now, DateTime.addDuration(clockOffset)) }

  const addOrder = (seed: OrderSeed): Effect.Effect<SimulatedOrder> =>
    Effect.flatMap(DateTime.now, (now) => {
      state.addedOrders += 1
      const order = makeOrder(seed, state.addedOrders, now)
      state.orders.set(order.id, order)
      return Effect.as(
        DateTime.isGreaterThan(order.placedAt, now) ? warnOfFuture(order) : Effect.void,
        order
      )
    })
  yield* Effect.forEach(options.orders ?? [], addOrder, { discard: true })

  const find = (id: OrderId) =>
    Effect.suspend(() => {
      const order = state.orders.get(id)
      return order === undefined ? Effect.die(unknownOrder(id)) : Effect.succeed(order)
    })

  const http = HttpClient.make((request, url) =>
    Effect.suspend(() => carry(server, request, url, faults.get(operationOf(request.method, url.pathname))?.shift()))
  )

  const simulator = FlexFactorSimulator.of({
    addOrder,
    setStatus: (id, status) => Effect.map(find(id), (order) => void state.orders.set(id, { ...order, status })),
    removeOrder: (id) => Effect.sync(() => void state.orders.delete(id)),
    refundInPortal: Effect.fnUntraced(function*(id, amount) {
      const order = yield* find(id)
      const request = { amount, message: "refunded in the portal", at: yield* DateTime.now }
      const answer = refund(state, { ...behaviour, repeatedRefunds: "additive" }, order, request)
      if (!answer.success) return yield* Effect.die(new Error(`FlexFactorSimulator: ${answer.responseMessage}`))
    }),
    orders: Effect.sync(() => [...state.orders.values()]),
    refundable: (id) =>
      Effect.sync(() => {
        const order = state.orders.get(id)
        return order === undefined ? Cents.make(0) : refundable(order)
      }),
    ledger: Effect.sync(() => [...state.ledger]),
    requests: Effect.sync(() => [...state.requests]),
    failNext: (operation, ...next) =>
      Effect.sync(() => void faults.set(operation, [...faults.get(operation) ?? [], ...next])),
    expireTokens: Effect.sync(() => expireTokens(state))
  })
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
 * languages. Time is the real one, and a fault that loses the connection breaks the answer off.
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
