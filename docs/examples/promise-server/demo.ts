/**
 * Plays a story on the server, as its clients and FlexFactor see it: a double click, an answer that gets lost and the
 * webhook that makes up for it, a client that hangs up, and what is refused. It ends with FlexFactor's books, which only a
 * simulator can show.
 *
 *   node --conditions=effect-flexfactor-source docs/examples/promise-server/demo.ts
 */
import { Console, Effect, Layer, Logger, ManagedRuntime } from "effect"
import { Cents, Webhook } from "effect-flexfactor"
import { Fault, FlexFactorSimulator, type SignedWebhook, WebhookReceiver } from "effect-flexfactor/testing"
import { FetchHttpClient } from "effect/http"
import { setTimeout as sleep } from "node:timers/promises"
import { start } from "./server.ts"
import { simulated, simulatedEndpoint } from "./services.ts"

// Seconds here are minutes elsewhere.
const services = simulated({ patience: "500 millis", readingGap: "200 millis" })
const runtime = ManagedRuntime.make(Layer.merge(services, Logger.layer([])))
const server = await start(runtime, { endpoint: simulatedEndpoint, port: 0, resolveEvery: "1 minute" })
const { deliverWebhooks, failNext, ledger, requests } = await runtime.runPromise(
  FlexFactorSimulator.FlexFactorSimulator
)

const heading = (text: string): void => console.log(`\n${text}\n${"-".repeat(text.length)}`)

const postRefund = async (order: string, key: string, amount: number, signal?: AbortSignal): Promise<Response> => {
  const path = `/orders/${order}/refunds`
  const body = JSON.stringify({ amount })
  const request = { method: "POST", headers: { "idempotency-key": key }, body, signal: signal ?? null }
  const response = await fetch(new URL(path, server.url), request)
  console.log(`POST ${path}  ${key}  ${body}\n  ${response.status} ${await response.text()}`)
  return response
}

/** Asks until the refund is no longer open, as a client does that was told to look later. */
const follow = async (location: string): Promise<void> => {
  for (;;) {
    const response = await fetch(new URL(location, server.url))
    const text = await response.text()
    console.log(`GET ${location}\n  ${response.status} ${text}`)
    if (!/"state":"(preparing|sending|in doubt)"/.test(text)) return
    await sleep(1000)
  }
}

/** FlexFactor's part: it reports what has happened by now, as a client of the server like any other. */
const report = (): Promise<void> => {
  const url = new URL("/webhooks/flexfactor", server.url)
  const receiver = Effect.fn(function*(webhook: SignedWebhook) {
    yield* WebhookReceiver.toUrl(url)(webhook)
    const { event, orderId } = yield* Webhook.decode(webhook.body)
    yield* Console.log(`POST ${url.pathname}  FlexFactor: ${event}, ${orderId}\n  taken`)
  })
  return runtime.runPromise(Effect.provide(deliverWebhooks(receiver), FetchHttpClient.layer))
}

console.log(`The server is at ${server.url}. FlexFactor is a simulator.`)

heading("1. A double click: the same key twice, at the same moment")
await Promise.all([postRefund("order-1", "ticket-1", 19.99), postRefund("order-1", "ticket-1", 19.99)])
await report()

heading("2. The connection to FlexFactor breaks. FlexFactor refunds three seconds later, and reports it")
await runtime.runPromise(failNext("Orders.refund", Fault.connectionLost({ serverActs: true, after: "3 seconds" })))
const inDoubt = await postRefund("order-2", "ticket-2", 12.5)
await sleep(3000)
await report()
await follow(inDoubt.headers.get("location") ?? "/")

heading("3. The client hangs up while its refund is on the way, and asks again")
await runtime.runPromise(failNext("Orders.refund", Fault.delayed("1 second")))
await postRefund("order-3", "ticket-3", 8, AbortSignal.timeout(300)).catch(() => {
  console.log("POST /orders/order-3/refunds  ticket-3\n  no answer within 300 ms")
})
await postRefund("order-3", "ticket-3", 8)
await report()

heading("4. What is refused")
await postRefund("order-1", "ticket-1", 25)
await postRefund("order-1", "ticket-4", 40)
await postRefund("order-9", "ticket-5", 5)
await postRefund("order-1", "ticket-6", 0.001)

const books = await runtime.runPromise(ledger)
const sent = (await runtime.runPromise(requests)).filter(({ operation }) => operation === "Orders.refund")
await server.stop()

heading("FlexFactor's books")
for (const { amount, orderId } of books) console.log(`${orderId}  $${Cents.toDollars(amount)}`)
console.log(`${sent.length} requests to refund arrived, for three refunds.`)

const expected = ["order-1 1999", "order-2 1250", "order-3 800"]
const isClean = books.map(({ amount, orderId }) => `${orderId} ${amount}`).toSorted().join() === expected.join()
console.log(isClean ? "Each was refunded once. The books are clean." : "The books are not clean.")
if (!isClean) process.exitCode = 1
