import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { Orders } from "../../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../../src/testing/index.ts"
import { id, refundUnder, simulated } from "./setup.ts"

describe("a fault", () => {
  it.effect("meets one request each, in order, of its own operation only", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      yield* simulator.failNext("Orders.get", Fault.answer(403))
      yield* simulator.failNext("Orders.get", Fault.answer(405), Fault.answer(422))
      yield* orders.list()
      const errors = yield* Effect.forEach([id, id, id], (id) => Effect.flip(orders.get(id)))
      assert.deepStrictEqual(errors.map((error) => error._tag), [
        "FlexFactorForbidden",
        "FlexFactorMethodNotAllowed",
        "FlexFactorUnprocessableEntity"
      ])
      assert.strictEqual((yield* orders.get(id)).id, id)
    }).pipe(simulated))

  it.effect("that refuses the connection leaves no trace on the server", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* refundUnder(Array.from({ length: 4 }, () => Fault.connectionRefused))
      assert.deepStrictEqual((yield* simulator.requests).map((request) => request.operation), ["FlexFactor.token"])
    }).pipe(simulated))

  const answers: ReadonlyArray<
    readonly [name: string, fault: Fault.Fault, contentType: string | undefined, body: string]
  > = [
    ["an object as JSON", Fault.answer(200, { body: { a: 1 } }), "application/json", "{\"a\":1}"],
    ["a text as HTML", Fault.answer(200, { body: "<p>" }), "text/html; charset=utf-8", "<p>"],
    ["nothing as nothing", Fault.answer(200), undefined, ""],
    [
      "a text as what the headers say",
      Fault.answer(200, { body: "{}", headers: { "content-type": "application/problem+json" } }),
      "application/problem+json",
      "{}"
    ],
    [
      "a text as what the headers say in any case",
      Fault.answer(200, { body: "{}", headers: { "Content-Type": "application/problem+json" } }),
      "application/problem+json",
      "{}"
    ],
    [
      "nothing as what the headers say in any case",
      Fault.answer(200, { headers: { "Content-Type": "application/json" } }),
      "application/json",
      ""
    ]
  ]
  it.effect.each(answers)("that answers sends %s", ([, fault, contentType, body]) =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const http = yield* HttpClient.HttpClient
      yield* simulator.failNext("Orders.list", fault)
      const response = yield* http.execute(HttpClientRequest.get("https://simulator.test/v1/orders"))
      assert.strictEqual(response.headers["content-type"], contentType)
      assert.strictEqual(yield* response.text, body)
    }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient())))

  it.effect.each(["stream", "text", "arrayBuffer"] as const)(
    "that truncates an answer does so however the body is read: %s",
    (way) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const http = yield* HttpClient.HttpClient
        yield* simulator.failNext("Orders.list", Fault.truncated)
        // Without a token: a 401 is empty, so the answer breaks at its beginning.
        const response = yield* http.execute(HttpClientRequest.get("https://simulator.test/v1/orders"))
        const read = {
          stream: Stream.runDrain(response.stream),
          text: Effect.asVoid(response.text),
          arrayBuffer: Effect.asVoid(response.arrayBuffer)
        }
        const error = yield* Effect.flip(read[way])
        assert.strictEqual(error.reason._tag, "DecodeError")
      }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient()))
  )

  it.effect("that is slow sends one byte at a time", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const http = yield* HttpClient.HttpClient
      yield* simulator.failNext("FlexFactor.token", Fault.slow("1 second"))
      const request = HttpClientRequest.post("https://simulator.test/v1/oauth2/token").pipe(
        HttpClientRequest.bodyJsonUnsafe({ AppKey: "wrong", AppSecret: "wrong" })
      )
      const response = yield* http.execute(request)
      const reading = yield* Effect.forkChild(response.text)
      yield* TestClock.adjust("10 seconds")
      assert.isUndefined(reading.pollUnsafe())
      yield* TestClock.adjust("1 hour")
      assert.include(yield* Fiber.join(reading), "The credentials are not valid.")
    }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient())))
})
