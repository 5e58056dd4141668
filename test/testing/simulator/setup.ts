/**
 * Ways to use the simulator and to look into it.
 */
import { Effect, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { Cents, OrderId, Orders } from "../../../src/index.ts"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"

export const { defaultKeyPair } = FlexFactorSimulator

/** A simulator with the library's client. */
export const simulated = (options?: Parameters<typeof FlexFactorSimulator.layer>[0]) =>
  Effect.provide(FlexFactorSimulator.layer(options))

/** A simulator without the library's client. */
export const served = (options?: FlexFactorSimulator.SimulatorOptions) =>
  Effect.provide(FlexFactorSimulator.layerHttpClient(options))

export const cents = (amount: number) => Cents.make(amount)
export const unknownId = OrderId.make("00000000-0000-4000-8000-999999999999")

/** What became of a refund, in a word. */
export const refund = Effect.fnUntraced(function*(id: OrderId, amount: number) {
  const orders = yield* Orders
  return yield* orders.refund(id, { amount: cents(amount) }).pipe(
    Effect.map((receipt) => `refunded ${receipt.transactionId}`),
    Effect.catchTag("RefundRejected", (error) => Effect.succeed(`rejected ${error.code}: ${error.reason}`))
  )
})

/** The orders whose money moved, and how much of it. */
export const moved = Effect.fnUntraced(function*() {
  const { ledger } = yield* FlexFactorSimulator.FlexFactorSimulator
  return (yield* ledger).map((entry) => [entry.orderId, entry.amount] as const)
})

export const show = Effect.fnUntraced(function*(id: OrderId) {
  const { orders } = yield* FlexFactorSimulator.FlexFactorSimulator
  const order = (yield* orders).find((order) => order.id === id)
  return order === undefined ? undefined : { status: order.status, refunded: order.refunded }
})

export const addOrder = (seed: FlexFactorSimulator.OrderSeed) =>
  FlexFactorSimulator.FlexFactorSimulator.use((simulator) => simulator.addOrder(seed))

/** Speaks to the simulator without the library's client. */
export const raw = {
  get: (path: string, token?: string) => raw.send(HttpClientRequest.get(`https://simulator.test/v1${path}`), token),
  post: (path: string, body: object, token?: string) =>
    raw.send(
      HttpClientRequest.post(`https://simulator.test/v1${path}`).pipe(HttpClientRequest.bodyJsonUnsafe(body)),
      token
    ),
  send: Effect.fnUntraced(function*(request: HttpClientRequest.HttpClientRequest, token: string | undefined) {
    const http = yield* HttpClient.HttpClient
    const response = yield* http.execute(
      token === undefined ? request : HttpClientRequest.bearerToken(request, token)
    )
    const text = yield* response.text
    const body: unknown = text === "" ? undefined : JSON.parse(text)
    return { status: response.status, headers: response.headers, body }
  }),
  token: (keyPair: { readonly appKey: string; readonly appSecret: string } = defaultKeyPair) =>
    raw.post("/oauth2/token", { AppKey: keyPair.appKey, AppSecret: keyPair.appSecret })
}

const TokenAnswer = Schema.Struct({ accessToken: Schema.String, refreshToken: Schema.String, expires: Schema.Int })
export const tokenOf = ({ body }: { readonly body: unknown }) => Schema.decodeUnknownEffect(TokenAnswer)(body)
