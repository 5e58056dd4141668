/**
 * Answers the requests of the contract out of the simulator's state.
 */
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { ExternalOrderId, OrderId } from "../../OrderId.ts"
import { Bearer, FlexFactorApi, type ListParameters } from "../FlexFactorApi.ts"
import { Handling } from "./handling.ts"
import { orderAt, orderById } from "./history.ts"
import { listOrders } from "./list.ts"
import { postpone } from "./pending.ts"
import { type Behaviour, cancel, refund } from "./rules.ts"
import { showOrder, type Totals } from "./show.ts"
import type { SimulatedOrder, State } from "./state.ts"

/** The credentials of a merchant that the simulator knows. */
export interface KeyPair {
  readonly appKey: string
  readonly appSecret: string
}

/** What the routes of one simulator work on. */
export interface Setup {
  readonly state: State
  readonly behaviour: Behaviour
  readonly totals: Totals | undefined
  readonly staleReads: Duration.Duration
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

/** A field that breaks a rule, as FlexFactor says it (documented); that it has these rules is assumed. */
const invalid = (state: State, field: string, rule: string) =>
  Effect.fail({ ...problem(state, 400, "One or more validation errors occurred."), errors: { [field]: [rule] } })

/** Numbers without which there is no page to show. */
const checkPage = (state: State, parameters: typeof ListParameters.Type) => {
  const wrong = (["pageNumber", "pageSize"] as const).find((name) => {
    const { [name]: value = 1 } = parameters
    return !Number.isInteger(value) || value < 1
  })
  return wrong === undefined ? Effect.void : invalid(state, wrong, "must be a whole number of at least 1")
}

/** How the orders look to whoever reads now: as they are, or as they were a while ago. */
const readersView = Effect.fnUntraced(function*({ staleReads, state }: Setup) {
  const { staleness = staleReads } = yield* Handling
  if (Duration.isZero(staleness)) return identity<SimulatedOrder>
  const time = DateTime.subtractDuration(yield* DateTime.now, staleness)
  return (order: SimulatedOrder) => orderAt(state, order, time)
})

/** What a gateway says for a server that is still at it. Nobody gets it: the fault has an answer of its own, or none. */
const stillAtIt = HttpServerResponse.empty({ status: 504 })

/** Changes an order by a request: at once, or later if its fault says so, as the rules then find the order. */
const change = Effect.fnUntraced(function*<A, E>(
  state: State,
  order: SimulatedOrder,
  carryOut: (order: SimulatedOrder, at: DateTime.Utc) => Result.Result<A, E>
) {
  const now = yield* DateTime.now
  const { actsAfter } = yield* Handling
  if (!Duration.isPositive(actsAfter)) return yield* Effect.fromResult(carryOut(order, now))
  postpone(state, {
    at: DateTime.addDuration(now, actsAfter),
    carryOut: (at) => {
      const later = orderById(state, order.id)
      if (later !== undefined) carryOut(later, at)
    }
  })
  return stillAtIt
})

const found = (state: State, order: SimulatedOrder | undefined) =>
  order === undefined ? Effect.fail(problem(state, 404, "The order was not found.")) : Effect.succeed(order)

const findOrder = (state: State, id: OrderId) => Effect.suspend(() => found(state, orderById(state, id)))

const findByExternalId = (state: State, externalId: ExternalOrderId) =>
  Effect.suspend(() => found(state, [...state.orders.values()].find((order) => order.externalId === externalId)))

const cancelOrder = (state: State, order: SimulatedOrder) =>
  change(state, order, (order, at) =>
    cancel(state, order, at)
      ? Result.succeed({})
      : Result.fail(problem(state, 400, "The order cannot be cancelled in its state.")))

/**
 * Says which orders are left out because they are placed later than now, where a walk through all pages begins: in a test
 * whose clock was not set, those are orders of today. It says so on the console of the process, because that of `it.effect`
 * does not show it.
 */
const warnOfFuture = Effect.fnUntraced(function*({ orders }: State, { pageNumber, to }: typeof ListParameters.Type) {
  const now = yield* DateTime.now
  if (pageNumber !== undefined || to === undefined || !DateTime.Equivalence(to, now)) return
  const later = [...orders.values()].filter(({ placedAt }) => DateTime.isGreaterThan(placedAt, now)).map(({ id }) => id)
  if (later.length === 0) return
  yield* Effect.logWarning(
    `FlexFactorSimulator: \`pages\` and \`stream\` end at the time of the clock, ${DateTime.formatIso(now)}, and leave `
      + `out what is placed later: ${later.join(", ")}. TestClock.setTime sets the clock; a later \`to\` includes them.`
  )
}, Effect.provideService(Console.Console, globalThis.console))

const orders = (setup: Setup) => {
  const { behaviour, state, totals } = setup
  const show = (order: SimulatedOrder) => showOrder(order, totals)
  return HttpApiBuilder.group(FlexFactorApi, "orders", (handlers) =>
    handlers.handleAll({
      list: ({ query }) =>
        checkPage(state, query).pipe(
          Effect.andThen(warnOfFuture(state, query)),
          Effect.andThen(readersView(setup)),
          Effect.map((view) => listOrders([...state.orders.values()].map(view), query, show))
        ),
      get: ({ params }) =>
        Effect.flatMap(
          findOrder(state, params.id),
          (order) => Effect.map(readersView(setup), (view) => show(view(order)))
        ),
      refund: ({ params, payload: { amountToRefund: amount, refundMessage: message } }) =>
        amount === 0
          ? invalid(state, "amountToRefund", "must be more than zero")
          : Effect.flatMap(findOrder(state, params.id), (order) =>
            change(
              state,
              order,
              (order, at) => Result.succeed(refund(state, behaviour, order, { amount, message, by: "api", at }))
            )),
      cancel: ({ params }) => Effect.flatMap(findOrder(state, params.id), (order) => cancelOrder(state, order)),
      externalCancel: ({ params }) =>
        Effect.flatMap(findByExternalId(state, params.externalId), (order) => cancelOrder(state, order))
    }))
}

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
