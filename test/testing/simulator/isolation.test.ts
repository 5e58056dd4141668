import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Effect, Exit, Layer } from "effect"
import { HttpClientRequest, HttpRouter, HttpServerRequest } from "effect/http"
import { Orders } from "../../../src/index.ts"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { addOrder, cents, refund, simulated, unknownId } from "./setup.ts"

describe("a simulator", () => {
  it.effect("shares nothing with another one in the same program", () =>
    Effect.gen(function*() {
      const build = Layer.build(Layer.fresh(FlexFactorSimulator.layer({ orders: [{ amount: cents(5000) }] })))
      const [one, other] = [yield* build, yield* build]
      const [order] = yield* Context.get(one, FlexFactorSimulator.FlexFactorSimulator).orders
      assert.isDefined(order)
      yield* Context.get(one, Orders).refund(order?.id ?? unknownId, { amount: cents(1000) })
      assert.strictEqual((yield* Context.get(one, FlexFactorSimulator.FlexFactorSimulator).ledger).length, 1)
      assert.strictEqual((yield* Context.get(other, FlexFactorSimulator.FlexFactorSimulator).ledger).length, 0)
      assert.strictEqual((yield* Context.get(other, FlexFactorSimulator.FlexFactorSimulator).requests).length, 0)
    }))

  it.effect("hands out copies: what a test does to them changes nothing", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      const before = yield* simulator.ledger
      yield* refund(id, 1000)
      assert.deepStrictEqual(before, [])
      assert.strictEqual((yield* simulator.ledger).length, 1)
    }).pipe(simulated()))

  it.effect("answers a version of the API that it does not serve with 404", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip((yield* Orders).list())
      assert.strictEqual(error._tag, "FlexFactorUnexpectedStatus")
      assert.strictEqual(error._tag === "FlexFactorUnexpectedStatus" ? error.status : undefined, 404)
    }).pipe(Effect.provide(FlexFactorSimulator.layer({}, { apiVersion: "v2" }))))

  it.effect("shares no routes with a server of the program", () =>
    Effect.gen(function*() {
      const router = yield* HttpRouter.HttpRouter
      const own = yield* Effect.exit(
        router.asHttpEffect().pipe(
          Effect.provideService(
            HttpServerRequest.HttpServerRequest,
            HttpServerRequest.fromClientRequest(HttpClientRequest.get("https://shop.test/v1/orders"))
          ),
          Effect.scoped
        )
      )
      assert.include(Exit.isFailure(own) ? Cause.pretty(own.cause) : "an answer", "RouteNotFound")
    }).pipe(Effect.provide(Layer.provideMerge(FlexFactorSimulator.layer(), HttpRouter.layer))))

  it.effect("passes the tuning on to its client", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* Effect.flip((yield* Orders).list())
      assert.deepStrictEqual((yield* simulator.requests).map((request) => request.path), ["/v1/oauth2/token"])
    }).pipe(Effect.provide(FlexFactorSimulator.layer({}, { maxResponseBytes: 10 }))))
})
