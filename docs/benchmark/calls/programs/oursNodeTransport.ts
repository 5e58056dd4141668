import * as FlexFactor from "effect-flexfactor/FlexFactor"
import * as NodeTransport from "effect-flexfactor/NodeTransport"
import { OrderId } from "effect-flexfactor/OrderId"
import { Orders } from "effect-flexfactor/Orders"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const program = Effect.gen(function*() {
  const orders = yield* Orders
  const order = yield* orders.get(OrderId.make(process.argv[2] ?? ""))
  console.log(order.statusName)
})

const layer = FlexFactor.sandbox({
  baseUrl: process.env["FLEXFACTOR_BASE_URL"],
  appKey: process.env["APP_KEY"] ?? "",
  appSecret: Redacted.make(process.env["APP_SECRET"] ?? "")
}).pipe(Layer.provide(NodeTransport.layer))

await Effect.runPromise(Effect.provide(program, layer))
