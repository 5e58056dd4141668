import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { Cents, FlexFactor, Orders } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"

const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair

/** A transport that makes an error of each status that is not 2xx, as programs have it for their other services. */
const filtered = Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, HttpClient.filterStatusOk))

const over = (transport: Layer.Layer<HttpClient.HttpClient, never, HttpClient.HttpClient>) =>
  FlexFactor.sandbox({ appKey, appSecret: Redacted.make(appSecret) }).pipe(
    Layer.provide(transport),
    Layer.provideMerge(FlexFactorSimulator.layerHttpClient())
  )

const layer = over(filtered)

const ten = Cents.make(1000)

it.effect.each<readonly [status: number, tag: string]>([
  [400, "FlexFactorBadRequest"],
  [404, "FlexFactorNotFound"],
  [429, "FlexFactorTooManyRequests"],
  [502, "RefundOutcomeUnknown"]
])(
  "reads a status %i that the transport fails with as the answer that it is",
  ([status, tag]) =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      const { id } = yield* simulator.addOrder({ amount: Cents.make(5000) })
      yield* simulator.failNext("Orders.refund", Fault.answer(status))

      const error = yield* Effect.flip(orders.refund(id, { amount: ten }))

      assert.strictEqual(error._tag, tag)
      assert.propertyVal(error, "status", status)
    }).pipe(Effect.provide(layer))
)

it.effect("reads the body of an answer whose status the transport fails with", () =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const orders = yield* Orders
    const { id } = yield* simulator.addOrder({ amount: Cents.make(5000) })
    const body = { success: false, status: "FAILED", responseCode: "2001" }
    yield* simulator.failNext("Orders.refund", Fault.answer(422, { body }))

    const error = yield* Effect.flip(orders.refund(id, { amount: ten }))

    assert.strictEqual(error._tag, "RefundRejected")
    assert.propertyVal(error, "code", "2001")
  }).pipe(Effect.provide(layer)))

it.effect("fetches a fresh token after a 401 that the transport fails with", () =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const orders = yield* Orders
    const { id } = yield* simulator.addOrder({ amount: Cents.make(5000) })
    yield* orders.get(id)
    yield* simulator.expireTokens

    yield* orders.refund(id, { amount: ten })

    assert.strictEqual((yield* simulator.ledger).length, 1)
  }).pipe(Effect.provide(layer)))

/** A transport that asks another service before a refund, such as for a token of a gateway, and is refused. */
const refusedElsewhere = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(HttpClient.HttpClient, (client) => {
    const asked = HttpClientRequest.get("https://tokens.example/")
    const refusal = HttpClientResponse.filterStatusOk(
      HttpClientResponse.fromWeb(asked, new Response(null, { status: 401 }))
    )
    return HttpClient.make((request) => request.url.endsWith("/refund") ? refusal : client.execute(request))
  })
)

it.effect("does not take a status of another service for FlexFactor's", () =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const orders = yield* Orders
    const { id } = yield* simulator.addOrder({ amount: Cents.make(5000) })

    const error = yield* Effect.flip(orders.refund(id, { amount: ten }))

    assert.propertyVal(error, "doubt", "connection lost")
  }).pipe(Effect.provide(over(refusedElsewhere))))
