import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { FlexFactor, Orders } from "../../../src/index.ts"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
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
