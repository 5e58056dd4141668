import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Redacted, Schedule } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import { TestClock } from "effect/testing"
import { createServer } from "node:http"
import { FlexFactor } from "../../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../../src/testing/index.ts"
import { cents } from "./setup.ts"

const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair

const server = (options: FlexFactorSimulator.SimulatorOptions = {}) =>
  FlexFactorSimulator.layerHttpServer({ orders: [{ amount: cents(5000) }], ...options }).pipe(
    Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
  )

const served = server()

const baseUrl = HttpServer.HttpServer.use(({ address }) =>
  address._tag === "InetAddressV4" ? Effect.succeed(`http://127.0.0.1:${address.port}`) : Effect.die(address._tag)
)

const firstOrder = FlexFactorSimulator.FlexFactorSimulator.use(({ orders }) =>
  Effect.flatMap(orders, ([order]) => Effect.fromNullishOr(order))
)

/** This library over a socket. What it may repeat, it does not. */
const overSocket = Effect.gen(function*() {
  const url = yield* baseUrl
  return yield* FlexFactor.make({
    environment: "sandbox",
    baseUrl: url,
    appKey,
    appSecret: Redacted.make(appSecret),
    retry: Schedule.recurs(0)
  }).pipe(Effect.provide(FetchHttpClient.layer))
})

/** Another client: it knows nothing of this library. */
const post = async (
  url: string,
  body: unknown,
  token?: string,
  contentType = "application/json"
): Promise<unknown> => {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": contentType,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` })
    },
    body: JSON.stringify(body)
  })
  return response.json()
}

describe("a simulator that is served", () => {
  it.live("moves money for a client that knows nothing of this library", () =>
    Effect.gen(function*() {
      const url = yield* baseUrl
      const { id } = yield* firstOrder
      const { accessToken } = (yield* Effect.promise(() =>
        post(`${url}/v1/oauth2/token`, { AppKey: appKey, AppSecret: appSecret })
      )) as { accessToken: string }
      const answer = yield* Effect.promise(() =>
        post(`${url}/v1/orders/${id}/refund`, { amountToRefund: 12.5 }, accessToken)
      )
      assert.include(answer, { success: true, status: "SUCCESS" })
      const { ledger, requests } = yield* FlexFactorSimulator.FlexFactorSimulator
      assert.deepStrictEqual(
        (yield* ledger).map(({ amount }) =>
          amount
        ),
        [cents(1250)]
      )
      assert.strictEqual((yield* requests)[1]?.body, "{\"amountToRefund\":12.5}")
    }).pipe(Effect.provide(served)))

  it.live("takes the content type of FlexFactor's samples for curl, and logs it as it came", () =>
    Effect.gen(function*() {
      const url = yield* baseUrl
      const { id } = yield* firstOrder
      const samples = "application/*+json"
      const { accessToken } = (yield* Effect.promise(() =>
        post(`${url}/v1/oauth2/token`, { AppKey: appKey, AppSecret: appSecret }, undefined, samples)
      )) as { accessToken: string }
      const answer = yield* Effect.promise(() =>
        post(`${url}/v1/orders/${id}/refund`, { amountToRefund: 12.5 }, accessToken, `${samples}; charset=utf-8`)
      )
      assert.include(answer, { success: true, status: "SUCCESS" })
      const { requests } = yield* FlexFactorSimulator.FlexFactorSimulator
      assert.strictEqual((yield* requests)[0]?.headers["content-type"], samples)
    }).pipe(Effect.provide(served)))

  it.live("serves this library over a socket, faults among it", () =>
    Effect.gen(function*() {
      const { id } = yield* firstOrder
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* overSocket
      assert.strictEqual((yield* orders.list()).orders.length, 1)
      yield* simulator.failNext(
        "Orders.refund",
        Fault.connectionLost({ serverActs: true }),
        Fault.truncated,
        Fault.answer(502, { body: "<title>502</title>" })
      )
      for (const doubt of ["connection lost", "connection lost", "server error"]) {
        const error = yield* Effect.flip(orders.refund(id, { amount: cents(1000) }))
        assert.strictEqual(error._tag === "RefundOutcomeUnknown" ? error.doubt : error._tag, doubt)
      }
      assert.strictEqual((yield* simulator.ledger).length, 2)
    }).pipe(Effect.provide(served)))

  it.live("sends the first half of an answer that breaks in the middle", () =>
    Effect.gen(function*() {
      const url = yield* baseUrl
      const { failNext } = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* failNext("FlexFactor.token", Fault.truncated)
      const answer = yield* Effect.promise(() =>
        fetch(`${url}/v1/oauth2/token`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ AppKey: appKey, AppSecret: appSecret })
        })
      )
      assert.strictEqual(answer.status, 200)
      const half = yield* Effect.promise(async () => await answer.body?.getReader().read())
      assert.match(new TextDecoder().decode(half?.value), /^\{"accessToken":/)
    }).pipe(Effect.provide(served)))

  it.live("answers a request that it cannot read with 400", () =>
    Effect.gen(function*() {
      const url = yield* baseUrl
      const { status } = yield* Effect.promise(() =>
        fetch(`${url}/v1/oauth2/token`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })
      )
      assert.strictEqual(status, 400)
    }).pipe(Effect.provide(served)))

  // Its clock is the test's, like the clock of whoever asks it in this program.
  it.effect("carries out a request late, shows orders as they were, and names their totals", () =>
    Effect.gen(function*() {
      const { id } = yield* firstOrder
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* overSocket
      const read = Effect.map(orders.get(id), ({ extra }) => extra["refunded"])
      yield* simulator.failNext("Orders.refund", Fault.answer(504, { serverActs: true, after: "3 minutes" }))
      yield* Effect.flip(orders.refund(id, { amount: cents(1000) }))
      yield* TestClock.adjust("3 minutes")
      assert.strictEqual(yield* read, 0)
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(yield* read, 10)
      yield* simulator.failNext("Orders.get", Fault.stale("1 minute"))
      assert.strictEqual(yield* read, 0)
      assert.deepStrictEqual(
        (yield* simulator.ledger).map(({ at, by }) => [by, DateTime.toEpochMillis(at)]),
        [["api", 180_000]]
      )
    }).pipe(Effect.provide(server({ totals: { refunded: "refunded" }, staleReads: "10 seconds" }))))

  it.live("fails by seed", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* overSocket
      yield* simulator.failBySeed({ seed: 1, rate: 1, kinds: ["answer lost", "too many requests"] })
      const errors = yield* Effect.replicateEffect(Effect.flip(orders.list()), 20)
      const { "answer lost": lost, "too many requests": refused } = yield* simulator.faultCounts
      assert.deepStrictEqual([lost + refused, lost > 0, refused > 0], [20, true, true])
      assert.strictEqual(errors.filter(({ _tag }) => _tag === "FlexFactorTooManyRequests").length, refused)
    }).pipe(Effect.provide(served)))
})
