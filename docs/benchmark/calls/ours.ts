/**
 * effect-flexfactor as users wire it, on one of Effect's transports.
 */
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { Cents, FlexFactor, OrderId, Orders } from "effect-flexfactor"
import type { HttpClient } from "effect/http"
import { keyPair, refundCents, refundMessage } from "./bodies.ts"
import { type Open, orderId } from "./client.ts"
import { fromEffects } from "./effects.ts"

const id = OrderId.make(orderId)
const refund = { amount: Cents.make(refundCents), message: refundMessage }

const layer = (baseUrl: string) =>
  FlexFactor.production({ baseUrl, appKey: keyPair.appKey, appSecret: Redacted.make(keyPair.appSecret) })

export const openOn = (transport: Layer.Layer<HttpClient.HttpClient>): Open => async (baseUrl) => {
  const runtime = ManagedRuntime.make(Layer.provide(layer(baseUrl), transport))
  const orders = await runtime.runPromise(Orders)
  // Each call is made anew, as a program makes it.
  return fromEffects(runtime.runPromise, {
    get: Effect.map(Effect.suspend(() => orders.get(id)), (order) => order.id),
    refund: Effect.map(Effect.suspend(() => orders.refund(id, refund)), (receipt) => receipt.confirmedBy === "answer"),
    list: (pageSize) => Effect.map(orders.list({ pageSize }), (page) => page.orders.length)
  })
}
