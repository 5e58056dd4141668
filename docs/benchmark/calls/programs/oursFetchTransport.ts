import * as FetchTransport from "effect-flexfactor/FetchTransport"
import * as FlexFactor from "effect-flexfactor/FlexFactor"
import { OrderId } from "effect-flexfactor/OrderId"
import { Orders } from "effect-flexfactor/Orders"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const program = Effect.gen(function*() {
  const orders = yield* Orders
  const order = yield* orders.get(OrderId.make(process.argv[2] ?? ""))
  console.log(order.statusName)
})

const layer = FlexFactor.layerConfig().pipe(Layer.provide(FetchTransport.layer))

await Effect.runPromise(Effect.provide(program, layer))
