/**
 * Tests of the application as Promise code writes them: no socket, no port, and time that the test moves.
 */
import { Effect, Layer, Logger, ManagedRuntime } from "effect"
import { Fault, FlexFactorSimulator, inTime, WebhookReceiver } from "effect-flexfactor/testing"
import { TestClock } from "effect/testing"
import { setImmediate as nextTurn } from "node:timers/promises"
import { afterEach, assert, beforeEach, test } from "vitest"
import { type App, makeApp } from "./app.ts"
import { simulated, simulatedEndpoint } from "./services.ts"

/** The services on a simulator, a clock of the test, and no log. */
const services = Layer.merge(simulated(), Logger.layer([])).pipe(Layer.provideMerge(TestClock.layer()))

const makeRuntime = () => ManagedRuntime.make(services)

let runtime: ReturnType<typeof makeRuntime>
let app: App
beforeEach(() => {
  runtime = makeRuntime()
  app = makeApp(runtime, simulatedEndpoint)
})
afterEach(async () => {
  await app.dispose()
  await runtime.dispose()
})

const simulator = () => runtime.runPromise(FlexFactorSimulator.FlexFactorSimulator)

const postRefund = (key: string, amount: number): Promise<Response> =>
  app.handler(
    new Request("http://localhost/orders/order-1/refunds", {
      method: "POST",
      headers: { "idempotency-key": key },
      body: JSON.stringify({ amount })
    })
  )

const stateOf = async (key: string): Promise<unknown> => {
  const response = await app.handler(new Request(`http://localhost/refunds?key=${key}`))
  return (await response.json()).state
}

/** Moves the clock of the runtime on until a promise is settled. */
const settled = <A>(promise: Promise<A>): Promise<A> => runtime.runPromise(inTime(Effect.promise(() => promise)))

test("refunds once, however often a client asks with one key", async () => {
  const responses = await Promise.all([postRefund("ticket-1", 19.99), postRefund("ticket-1", 19.99)])

  assert.deepStrictEqual(responses.map(({ status }) => status), [200, 200])
  const { ledger } = await simulator()
  assert.strictEqual((await runtime.runPromise(ledger)).length, 1)
})

test("answers 202 while it is not known whether money moved", async () => {
  const { failNext, ledger } = await simulator()
  await runtime.runPromise(failNext("Orders.refund", Fault.connectionLost({ serverActs: false })))

  const response = await settled(postRefund("ticket-1", 10))

  assert.strictEqual(response.status, 202)
  assert.strictEqual(response.headers.get("location"), "/refunds?key=ticket-1")
  assert.deepStrictEqual(await response.json(), { outcome: "in doubt", doubt: "connection lost" })
  assert.deepStrictEqual(await runtime.runPromise(ledger), [])
})

test("settles a refund in doubt once FlexFactor reports it", async () => {
  const { deliverWebhooks, failNext } = await simulator()
  await runtime.runPromise(failNext("Orders.refund", Fault.connectionLost({ serverActs: true, after: "5 minutes" })))
  await settled(postRefund("ticket-1", 10))
  await runtime.runPromise(TestClock.adjust("5 minutes"))
  assert.strictEqual(await stateOf("ticket-1"), "in doubt")

  await runtime.runPromise(
    deliverWebhooks(WebhookReceiver.toHandler(app.handler, "http://localhost/webhooks/flexfactor"))
  )

  while (await stateOf("ticket-1") === "in doubt") await nextTurn()
  assert.strictEqual(await stateOf("ticket-1"), "refunded")
})

test("answers 422 where FlexFactor says no", async () => {
  const { failNext } = await simulator()
  const body = { success: false, status: "FAILED", responseCode: "2046" }
  await runtime.runPromise(failNext("Orders.refund", Fault.answer(200, { body })))

  const response = await settled(postRefund("ticket-1", 10))

  assert.strictEqual(response.status, 422)
  assert.deepStrictEqual(await response.json(), { outcome: "refused", reason: "RefundRejected", code: "2046" })
})

test("answers 400 to a request that cannot be read, and sends nothing", async () => {
  const response = await postRefund("ticket-1", 19.999)

  assert.strictEqual(response.status, 400)
  const { requests } = await simulator()
  assert.deepStrictEqual(await runtime.runPromise(requests), [])
})
