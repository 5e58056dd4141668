/**
 * The client that Effect derives from FlexFactor's contract, on one of its transports.
 */
import { Effect, type Layer, ManagedRuntime } from "effect"
import { Cents, OrderId } from "effect-flexfactor"
import { FlexFactorApi } from "effect-flexfactor/testing"
import { HttpClient, HttpClientRequest } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { refundCents, refundMessage } from "./bodies.ts"
import { deadline, fetchToken, type Open, orderId } from "./client.ts"
import { fromEffects } from "./effects.ts"
import { isDone } from "./wire.ts"

const params = { id: OrderId.make(orderId) }
const payload = { amountToRefund: Cents.make(refundCents), refundMessage }

export const openOn = (transport: Layer.Layer<HttpClient.HttpClient>): Open => async (baseUrl) => {
  const runtime = ManagedRuntime.make(transport)
  const bearer = HttpClient.mapRequest(HttpClientRequest.bearerToken(await fetchToken(baseUrl)))
  const { orders } = await runtime.runPromise(
    HttpApiClient.make(FlexFactorApi.FlexFactorApi, { baseUrl, transformClient: bearer })
  )
  const timeout = Effect.timeout(deadline)
  return fromEffects(runtime.runPromise, {
    get: timeout(Effect.map(Effect.suspend(() => orders.get({ params })), (order) => order.id)),
    refund: timeout(Effect.map(Effect.suspend(() => orders.refund({ params, payload })), isDone)),
    list: (pageSize) => timeout(Effect.map(orders.list({ query: { pageSize } }), (page) => page.orders.length))
  })
}
