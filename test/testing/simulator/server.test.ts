import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schedule } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import { createServer } from "node:http"
import { FlexFactor } from "../../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../../src/testing/index.ts"
import { cents } from "./setup.ts"

const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair

const served = FlexFactorSimulator.layerHttpServer({ orders: [{ amount: cents(5000) }] }).pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
)

const baseUrl = HttpServer.HttpServer.use(({ address }) =>
  address._tag === "InetAddressV4" ? Effect.succeed(`http://127.0.0.1:${address.port}`) : Effect.die(address._tag)
)

const firstOrder = FlexFactorSimulator.FlexFactorSimulator.use(({ orders }) =>
  Effect.flatMap(orders, ([order]) => Effect.fromNullishOr(order))
)

/** Another client: it knows nothing of this library. */
const post = async (url: string, body: unknown, token?: string): Promise<unknown> => {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
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

  it.live("serves this library over a socket, faults among it", () =>
    Effect.gen(function*() {
      const url = yield* baseUrl
      const { id } = yield* firstOrder
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* FlexFactor.make({
        environment: "sandbox",
        baseUrl: url,
        appKey,
        appSecret: Redacted.make(appSecret),
        retry: Schedule.recurs(0)
      }).pipe(Effect.provide(FetchHttpClient.layer))
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
})
