import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { FlexFactor, Orders } from "../../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../../src/testing/index.ts"
import { addOrder, cents, defaultKeyPair, raw, served, simulated, tokenOf } from "./setup.ts"

describe("the request log", () => {
  it.effect("shows what arrived, in order, with its time", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* TestClock.adjust("1 second")
      yield* orders.list({ query: "a b", status: [6, 7], pageSize: 5 })
      yield* TestClock.adjust("1 second")
      yield* orders.refund(id, { amount: cents(1999), message: "late" })
      const log = yield* simulator.requests
      assert.deepStrictEqual(
        log.map(({ at, body, method, operation, path, query }) => ({
          operation,
          method,
          path,
          query,
          body,
          at: DateTime.toEpochMillis(at)
        })),
        [
          {
            operation: "FlexFactor.token",
            method: "POST",
            path: "/v1/oauth2/token",
            query: [],
            body: "<redacted>",
            at: 1000
          },
          {
            operation: "Orders.list",
            method: "GET",
            path: "/v1/orders",
            query: [["query", "a b"], ["status", "6"], ["status", "7"], ["pageSize", "5"]],
            body: "",
            at: 1000
          },
          {
            operation: "Orders.refund",
            method: "POST",
            path: `/v1/orders/${id}/refund`,
            query: [],
            body: "{\"amountToRefund\":19.99,\"refundMessage\":\"late\"}",
            at: 2000
          }
        ]
      )
    }).pipe(simulated()))

  it.effect("holds no token and no secret", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { accessToken, refreshToken } = yield* tokenOf(yield* raw.token())
      yield* raw.get("/orders", accessToken)
      yield* raw.token({ appKey: "k", appSecret: "another-secret" })
      const log = JSON.stringify(yield* simulator.requests)
      for (const secret of [accessToken, refreshToken, defaultKeyPair.appSecret, "another-secret"]) {
        assert.notInclude(log, secret)
      }
      assert.include(log, "<redacted>")
    }).pipe(served()))

  it.effect.each(["/oauth2/token", "/v2/oauth2/token", "/v1/oauth2/tokens", "/V1/OAuth2/Token", "/v1//oauth2/token/"])(
    "holds no secret of a request to %s",
    (path) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const request = HttpClientRequest.post(`https://simulator.test${path}`)
        const body = { AppKey: defaultKeyPair.appKey, AppSecret: defaultKeyPair.appSecret }
        yield* raw.send(HttpClientRequest.bodyJsonUnsafe(request, body), undefined)
        const log = yield* simulator.requests
        assert.strictEqual(log.length, 1)
        assert.notInclude(JSON.stringify(log), defaultKeyPair.appSecret)
      }).pipe(served())
  )

  it.effect.each(
    [
      ["GET", "/V1/ORDERS", "Orders.list"],
      ["HEAD", "/v1/orders/order-1", "Orders.get"],
      ["GET", "/v1/orders/", "Orders.list"],
      ["GET", "/v1/Orders/order-1", "Orders.get"],
      ["POST", "/V1/Orders/order-1/Refund", "Orders.refund"],
      ["POST", "/v1/orders/order-1/CANCEL/", "Orders.cancel"],
      ["POST", "/v1/%6Frders/order-1/External-Cancel", "Orders.cancelByExternalId"],
      ["POST", "/V1/OAUTH2/TOKEN", "FlexFactor.token"]
    ] as const
  )(
    "knows %s %s for %s, as the server does, and so do scripted faults",
    ([method, path, operation]) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        yield* simulator.failNext(operation, Fault.answer(418))
        const request = HttpClientRequest.make(method)(`https://simulator.test${path}`)
        const { status } = yield* raw.send(request, undefined)
        const [logged] = yield* simulator.requests
        assert.deepStrictEqual([status, logged?.operation], [418, operation])
      }).pipe(served())
  )

  it.effect("says which merchant asked, of several that the simulator knows", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const client = (name: string) =>
        FlexFactor.make({ environment: "sandbox", appKey: name, appSecret: Redacted.make(`${name}'s secret`) })
      const [first, second] = [yield* client("m1"), yield* client("m2")]
      yield* first.list()
      yield* second.list()
      yield* first.list()
      assert.deepStrictEqual(
        (yield* simulator.requests).filter((request) => request.operation === "Orders.list")
          .map((request) => request.appKey),
        ["m1", "m2", "m1"]
      )
      const stranger = yield* FlexFactor.make({
        environment: "sandbox",
        appKey: "m1",
        appSecret: Redacted.make("m2's secret")
      })
      assert.strictEqual((yield* Effect.flip(stranger.list()))._tag, "FlexFactorUnauthorized")
    }).pipe(served({
      keyPairs: ["m1", "m2"].map((appKey) => ({ appKey, appSecret: `${appKey}'s secret` }))
    })))

  it.effect("still says which merchant asked when the token has expired", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { accessToken } = yield* tokenOf(yield* raw.token())
      yield* simulator.expireTokens
      yield* raw.get("/orders", accessToken)
      assert.strictEqual((yield* simulator.requests)[1]?.appKey, defaultKeyPair.appKey)
    }).pipe(served()))

  it.effect("shows a request that FlexFactor does not know as unknown, and answers it with 404", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { accessToken } = yield* tokenOf(yield* raw.token())
      assert.strictEqual((yield* raw.get("/nothing/here", accessToken)).status, 404)
      assert.strictEqual((yield* simulator.requests)[1]?.operation, "unknown")
    }).pipe(served()))
})
