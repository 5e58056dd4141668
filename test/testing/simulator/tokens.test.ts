import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Orders } from "../../../src/index.ts"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { defaultKeyPair, raw, served, simulated, tokenOf, unknownId } from "./setup.ts"

describe("tokens", () => {
  it.effect("are issued for the key pair, in the documented form, for ten minutes", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1000)
      const answer = yield* raw.token()
      const { expires } = yield* tokenOf(answer)
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(expires, 1000 + 10 * 60 * 1000)
      assert.deepInclude(answer.body, { success: true, status: null, statusCode: null, errors: [], result: null })
    }).pipe(served()))

  it.effect.each([
    [{ ...defaultKeyPair, appSecret: "wrong" }],
    [{ ...defaultKeyPair, appKey: "wrong" }]
  ])("are refused with 400 for a wrong key pair", ([keyPair]) =>
    Effect.gen(function*() {
      const answer = yield* raw.token(keyPair)
      assert.strictEqual(answer.status, 400)
      assert.notInclude(JSON.stringify(answer.body), "wrong")
    }).pipe(served()))

  it.effect("are needed: without one, or with one that was never issued, the answer is an empty 401", () =>
    Effect.gen(function*() {
      const answers = [
        yield* raw.get("/orders"),
        yield* raw.get("/orders", "never-issued"),
        yield* raw.post(`/orders/${unknownId}/refund`, { amountToRefund: 1 })
      ]
      for (const answer of answers) {
        assert.strictEqual(answer.status, 401)
        assert.isUndefined(answer.body)
      }
    }).pipe(served()))

  it.effect("live for tokenLifetime, to the millisecond", () =>
    Effect.gen(function*() {
      const { accessToken } = yield* tokenOf(yield* raw.token())
      yield* TestClock.adjust(119_999)
      assert.strictEqual((yield* raw.get("/orders", accessToken)).status, 200)
      yield* TestClock.adjust(1)
      assert.strictEqual((yield* raw.get("/orders", accessToken)).status, 401)
    }).pipe(served({ tokenLifetime: "2 minutes" })))

  it.effect("expire all at once on demand", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { accessToken } = yield* tokenOf(yield* raw.token())
      yield* simulator.expireTokens
      assert.strictEqual((yield* raw.get("/orders", accessToken)).status, 401)
      const fresh = yield* tokenOf(yield* raw.token())
      assert.notStrictEqual(fresh.accessToken, accessToken)
      assert.strictEqual((yield* raw.get("/orders", fresh.accessToken)).status, 200)
    }).pipe(served()))

  it.effect.each(["0 seconds", "26 hours", "-26 hours"] as const)(
    "are renewed in time by a client whose clock is off by %s",
    (clockOffset) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const orders = yield* Orders
        yield* orders.list()
        yield* TestClock.adjust("5 minutes")
        yield* orders.list()
        yield* TestClock.adjust("5 minutes")
        yield* orders.list()
        assert.deepStrictEqual((yield* simulator.requests).map((request) => request.operation), [
          "FlexFactor.token",
          "Orders.list",
          "Orders.list",
          "FlexFactor.token",
          "Orders.list"
        ])
      }).pipe(simulated({ clockOffset }))
  )

  it.effect("and the date of an answer follow the server's clock", () =>
    Effect.gen(function*() {
      const answer = yield* raw.token()
      assert.strictEqual(answer.headers["date"], "Thu, 01 Jan 1970 01:00:00 GMT")
      assert.strictEqual((yield* tokenOf(answer)).expires, 70 * 60 * 1000)
    }).pipe(served({ clockOffset: "1 hour" })))
})
