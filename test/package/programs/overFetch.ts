/** A program that a browser could run: it reads an order over `fetch`, and prints it. */
import { Console, Effect, Layer, Redacted } from "effect"
import { FlexFactor, OrderId, Orders } from "effect-flexfactor"
import { FetchHttpClient } from "effect/http"

const program = Effect.gen(function*() {
  const orders = yield* Orders
  const order = yield* orders.get(OrderId.make("order-1"))
  yield* Console.log(order.id, order.status)
})

const layer = FlexFactor.production({ appKey: "key", appSecret: Redacted.make("secret") }).pipe(
  Layer.provide(FetchHttpClient.layer)
)

Effect.runFork(Effect.provide(program, layer))
