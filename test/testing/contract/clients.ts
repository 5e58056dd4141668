/**
 * The hand-written client and one derived from the contract, each against a simulator of its own.
 */
import { DateTime, Effect, Redacted, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import {
  type CancelError,
  Cents,
  ExternalOrderId,
  FlexFactor,
  type ListQuery,
  OrderId,
  type RefundError
} from "../../../src/index.ts"
import { FlexFactorApi, FlexFactorSimulator } from "../../../src/testing/index.ts"

const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair

export const id = (n: number) => OrderId.make(`00000000-0000-4000-8000-00000000000${n}`)
export const cents = (amount: number) => Cents.make(amount)

const seeds: ReadonlyArray<FlexFactorSimulator.OrderSeed> = [
  { id: id(1), amount: cents(5000), placedAt: "2026-01-01T00:00:00Z", extra: { total: 50, nested: { a: [1, null] } } },
  { id: id(2), amount: cents(1999), placedAt: "2026-01-02T00:00:00Z", status: "Capturerequired", firstName: "Ada" },
  {
    id: id(3),
    externalId: ExternalOrderId.make("#1003"),
    amount: cents(100),
    placedAt: "2026-01-03T00:00:00.123Z",
    status: "Processing"
  },
  { id: id(4), amount: cents(4000), placedAt: "2026-01-04T00:00:00Z", status: "Cancelled", mid: "m-2" },
  { id: id(5), amount: cents(3000), placedAt: "2026-01-05T00:00:00Z", status: "Chargeback" }
]

/** What both clients can do, in the same words. */
export interface Client {
  readonly list: (query: ListQuery) => Effect.Effect<unknown, unknown>
  readonly get: (id: OrderId) => Effect.Effect<unknown, unknown>
  readonly refund: (id: OrderId, amount: Cents, message?: string) => Effect.Effect<unknown, unknown>
  readonly cancel: (id: OrderId, idempotencyKey?: string) => Effect.Effect<unknown, unknown>
  readonly externalCancel: (id: ExternalOrderId, idempotencyKey?: string) => Effect.Effect<unknown, unknown>
}

/** The facts of a failure that both clients know. */
const refused = (error: RefundError | CancelError) =>
  "detail" in error
    ? { status: "status" in error ? error.status : undefined, title: error.detail, traceId: error.traceId }
    : { tag: error._tag }

const handWritten = Effect.gen(function*() {
  const orders = yield* FlexFactor.make({ environment: "sandbox", appKey, appSecret: Redacted.make(appSecret) })
  const client: Client = {
    list: (query) => orders.list(query),
    get: (id) => Effect.mapError(orders.get(id), refused),
    refund: (id, amount, message) =>
      orders.refund(id, { amount, message }).pipe(
        Effect.map(({ responseMessage, transactionId }) => ({
          success: true,
          transactionId,
          responseMessage: responseMessage === undefined ? null : Redacted.value(responseMessage)
        })),
        Effect.catchTag("RefundRejected", ({ code, reason }) => Effect.succeed({ success: false, code, reason })),
        Effect.mapError(refused)
      ),
    cancel: (id, idempotencyKey) => Effect.mapError(orders.cancel(id, { idempotencyKey }), refused),
    externalCancel: (id, idempotencyKey) => Effect.mapError(orders.cancelByExternalId(id, { idempotencyKey }), refused)
  }
  return client
})

const problem = ({ status, title, traceId }: { readonly status: number; readonly title: string; traceId: string }) => ({
  status,
  title,
  traceId
})

const isProblem = Schema.is(Schema.Union([FlexFactorApi.BadRequest, FlexFactorApi.NotFound]))

const told = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.mapError(effect, (error) => isProblem(error) ? problem(error) : error)

const baseUrl = "https://api-sandbox.flexfactor.io"

const derived = Effect.gen(function*() {
  const http = yield* HttpClient.HttpClient
  const anonymous = yield* HttpApiClient.makeWith(FlexFactorApi.FlexFactorApi, { httpClient: http, baseUrl })
  const { accessToken } = yield* anonymous.token.token({ payload: { AppKey: appKey, AppSecret: appSecret } })
  const { orders } = yield* HttpApiClient.makeWith(FlexFactorApi.FlexFactorApi, {
    httpClient: HttpClient.mapRequest(http, HttpClientRequest.bearerToken(accessToken)),
    baseUrl
  })
  const utc = (time: DateTime.DateTime.Input) => DateTime.toUtc(DateTime.makeUnsafe(time))
  const keyed = (idempotencyKey: string | undefined) => idempotencyKey === undefined ? {} : { idempotencyKey }
  const client: Client = {
    list: ({ from, status, to, ...query }) =>
      orders.list({
        query: {
          ...query,
          ...(from === undefined ? {} : { from: utc(from) }),
          ...(to === undefined ? {} : { to: utc(to) }),
          ...(status === undefined ? {} : { status: [status].flat() })
        } as typeof FlexFactorApi.ListParameters.Type
      }),
    get: (id) => told(orders.get({ params: { id } })),
    refund: (id, amount, message) =>
      told(orders.refund({
        params: { id },
        payload: { amountToRefund: amount, ...(message === undefined ? {} : { refundMessage: message }) }
      })).pipe(Effect.map((answer) =>
        answer.success
          ? { success: true, transactionId: answer.transactionId, responseMessage: answer.responseMessage }
          : { success: false, code: answer.responseCode, reason: answer.responseMessage }
      )),
    cancel: (id, key) => Effect.asVoid(told(orders.cancel({ params: { id }, payload: keyed(key) }))),
    externalCancel: (externalId, key) =>
      Effect.asVoid(told(orders.externalCancel({ params: { externalId }, payload: keyed(key) })))
  }
  return client
})

/** Plays a scenario through a client, and shows what came of it. */
const play = <E>(
  makeClient: Effect.Effect<Client, E, HttpClient.HttpClient>,
  scenario: (client: Client) => ReadonlyArray<Effect.Effect<unknown, unknown>>,
  options: FlexFactorSimulator.SimulatorOptions = {}
) =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const results = yield* Effect.forEach(scenario(yield* makeClient), (step) => Effect.result(step))
    return {
      results,
      ledger: yield* simulator.ledger,
      orders: yield* simulator.orders,
      requests: yield* simulator.requests
    }
  }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient({ orders: seeds, ...options })))

export const playBoth = Effect.fnUntraced(function*(
  scenario: (client: Client) => ReadonlyArray<Effect.Effect<unknown, unknown>>,
  options?: FlexFactorSimulator.SimulatorOptions
) {
  return { hand: yield* play(handWritten, scenario, options), contract: yield* play(derived, scenario, options) }
})
