/**
 * A program that makes a call over each transport and ends, and says how long it lingered:
 * `node --conditions=effect-flexfactor-source one-call.ts <url>`.
 */
import { NodeHttpClient } from "@effect/platform-node"
import { Console, Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import * as FetchTransport from "../../src/FetchTransport.ts"
import { FlexFactor, OrderId, Orders } from "../../src/index.ts"
import * as NodeTransport from "../../src/NodeTransport.ts"

const client = FlexFactor.layer({
  environment: "sandbox",
  baseUrl: process.argv.at(-1),
  appKey: "merchant",
  appSecret: Redacted.make("secret of merchant")
})

const call = Effect.gen(function*() {
  const orders = yield* Orders
  const order = yield* orders.get(OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353"))
  yield* Console.log(order.status)
})

const transports = [
  FetchHttpClient.layer,
  NodeHttpClient.layerUndici,
  NodeHttpClient.layerNodeHttp,
  FetchTransport.layer,
  NodeTransport.layer
]

await Effect.runPromise(
  Effect.forEach(transports, (transport) => Effect.provide(call, Layer.provide(client, transport)))
)

// Counts what time passes for the program itself, and not how long a busy machine takes to end it.
let ticks = 0
setInterval(() => ticks++, 50).unref()
process.once("exit", () => console.log(`lingered for ${ticks} ticks of 50 ms`))
