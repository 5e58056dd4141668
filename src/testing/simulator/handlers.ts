/**
 * Answers the requests of the contract out of the simulator's state.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { ExternalOrderId, OrderId } from "../../OrderId.ts"
import { Bearer, FlexFactorApi } from "../FlexFactorApi.ts"
import { listOrders } from "./list.ts"
import { type Behaviour, cancel, refund } from "./rules.ts"
import { showOrder } from "./show.ts"
import type { SimulatedOrder, State } from "./state.ts"

/** The credentials of a merchant that the simulator knows. */
export interface KeyPair {
  readonly appKey: string
  readonly appSecret: string
}

export interface Setup {
  readonly state: State
  readonly behaviour: Behaviour
  readonly keyPairs: ReadonlyArray<KeyPair>
  /** Milliseconds that a token lives. */
  readonly tokenLifetime: number
  /** Milliseconds by which the server's clock is ahead of the program's. */
  readonly clockOffset: number
}

/** A trace id in the form of FlexFactor's, different for each problem. */
const traceId = (state: State): string => `00-${String(state.requests.length).padStart(32, "0")}-00000000000000f1-01`

const problem = <const Status extends number>(state: State, status: Status, title: string) => ({
  status,
  title,
  traceId: traceId(state)
})

const found = (state: State, order: SimulatedOrder | undefined) =>
  order === undefined ? Effect.fail(problem(state, 404, "The order was not found.")) : Effect.succeed(order)

const findOrder = (state: State, id: OrderId) => found(state, state.orders.get(id))

const findByExternalId = (state: State, externalId: ExternalOrderId) =>
  found(state, [...state.orders.values()].find((order) => order.externalId === externalId))

const cancelOrder = (state: State, order: SimulatedOrder) =>
  cancel(state, order)
    ? Effect.succeed({})
    : Effect.fail(problem(state, 400, "The order cannot be cancelled in its state."))

const orders = ({ behaviour, state }: Setup) =>
  HttpApiBuilder.group(FlexFactorApi, "orders", (handlers) =>
    handlers.handleAll({
      list: ({ query }) => Effect.sync(() => listOrders(state.orders.values(), query)),
      get: ({ params }) => Effect.map(findOrder(state, params.id), showOrder),
      refund: ({ params, payload }) =>
        Effect.flatMap(findOrder(state, params.id), (order) =>
          Effect.map(DateTime.now, (at) =>
            refund(state, behaviour, order, {
              amount: payload.amountToRefund,
              message: payload.refundMessage,
              at
            }))),
      cancel: ({ params }) =>
        Effect.flatMap(findOrder(state, params.id), (order) =>
          cancelOrder(state, order)),
      externalCancel: ({ params }) =>
        Effect.flatMap(findByExternalId(state, params.externalId), (order) => cancelOrder(state, order))
    }))

const token = ({ clockOffset, keyPairs, state, tokenLifetime }: Setup) =>
  HttpApiBuilder.group(FlexFactorApi, "token", (handlers) =>
    handlers.handle(
      "token",
      Effect.fnUntraced(function*({ payload: { AppKey, AppSecret } }) {
        if (!keyPairs.some(({ appKey, appSecret }) => appKey === AppKey && appSecret === AppSecret)) {
          return yield* Effect.fail(problem(state, 400, "The credentials are not valid."))
        }
        const expiresAt = Math.floor(DateTime.toEpochMillis(yield* DateTime.now)) + tokenLifetime
        state.issuedTokens += 1
        const accessToken = `simulated-token-${state.issuedTokens}`
        state.tokens.set(accessToken, { appKey: AppKey, expiresAt })
        return {
          accessToken,
          refreshToken: `simulated-refresh-token-${state.issuedTokens}`,
          expires: expiresAt + clockOffset,
          id: "00000000-0000-4000-8000-000000000000",
          success: true,
          result: null,
          status: null,
          statusCode: null,
          errors: [],
          customProperties: {}
        }
      })
    ))

const bearer = ({ state }: Setup) =>
  Layer.succeed(
    Bearer,
    Bearer.of({
      bearer: Effect.fnUntraced(function*(respond, { credential }) {
        const issued = state.tokens.get(Redacted.value(credential))
        const now = DateTime.toEpochMillis(yield* DateTime.now)
        if (issued === undefined || issued.expiresAt <= now) {
          return yield* Effect.fail({ _tag: "Unauthorized" } as const)
        }
        return yield* respond
      })
    })
  )

/** The routes of the simulated FlexFactor. */
export const routes = (setup: Setup) =>
  HttpApiBuilder.layer(FlexFactorApi).pipe(
    Layer.provide([orders(setup), token(setup)]),
    Layer.provide(bearer(setup)),
    Layer.provide(HttpServer.layerServices)
  )
