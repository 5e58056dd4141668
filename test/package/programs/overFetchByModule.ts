/** The same as `overFetch.ts`, with the modules that it needs and no other. */
import * as FlexFactor from "effect-flexfactor/FlexFactor"
import { OrderId } from "effect-flexfactor/OrderId"
import { Orders } from "effect-flexfactor/Orders"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const program = Effect.gen(function*() {
  const orders = yield* Orders
  const order = yield* orders.get(OrderId.make("order-1"))
  yield* Console.log(order.id, order.status)
})

const layer = FlexFactor.production({ appKey: "key", appSecret: Redacted.make("secret") }).pipe(
  Layer.provide(FetchHttpClient.layer)
)

Effect.runFork(Effect.provide(program, layer))
