/**
 * A user's program whose refunds are carried out, and whose answers are lost. It prints, for each transport, how often each
 * refund arrived, and what the program was told.
 */
import { Console, Effect, Layer, Redacted } from "effect"
import { Cents, FlexFactor, OrderId, Orders } from "effect-flexfactor"
import * as FetchTransport from "effect-flexfactor/FetchTransport"
import { FetchHttpClient } from "effect/http"
import { createServer } from "node:net"

const arrived: Array<string> = []

/** Answers reads, and closes or resets the connection of a refund once it has read it. */
const server = createServer((socket) => {
  let received = ""
  socket.on("error", () => {})
  socket.on("data", (data) => {
    received += String(data)
    const [head = "", body = ""] = received.split("\r\n\r\n")
    if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)) return
    received = ""
    const [method = "", path = ""] = head.split(" ")
    if (method === "GET") {
      const order = JSON.stringify({ id: path.slice(path.lastIndexOf("/") + 1), status: "Completed" })
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${order.length}\r\n\r\n${order}`
      )
      return
    }
    arrived.push(path)
    setTimeout(() => path.includes("reset") ? socket.resetAndDestroy() : socket.end(), 50)
  })
})
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
const address = server.address()
const port = typeof address === "object" && address !== null ? address.port : 0

const program = (id: string, isWarm: boolean) =>
  Effect.gen(function*() {
    const orders = yield* Orders
    const order = OrderId.make(id)
    if (isWarm) yield* orders.get(order)
    const { _tag } = yield* Effect.flip(orders.refund(order, { amount: Cents.make(1999) }))
    yield* Console.log(id, arrived.filter((path) => path.includes(`/${id}/`)).length, _tag)
  })

const layer = (transport: typeof FetchTransport.layer) =>
  FlexFactor.production({
    baseUrl: `http://127.0.0.1:${port}`,
    accessToken: Redacted.make("token"),
    timeout: "5 seconds"
  }).pipe(Layer.provide(transport))

const run = Effect.gen(function*() {
  for (const [name, transport] of [["fetch", FetchHttpClient.layer], ["lean", FetchTransport.layer]] as const) {
    for (const way of ["closed", "reset"]) {
      yield* Effect.provide(program(`${name}-${way}-cold`, false), layer(transport))
      yield* Effect.provide(program(`${name}-${way}-warm`, true), layer(transport))
    }
  }
})

await Effect.runPromise(run)
process.exit(0)
