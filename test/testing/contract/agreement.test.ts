/**
 * The hand-written client and one derived from the contract agree: the same scenario through both, each against a
 * simulator of its own, reads the same values and moves the same money.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { ExternalOrderId, OrderId } from "../../../src/index.ts"
import type { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { cents, type Client, id, playBoth } from "./clients.ts"

const nobody = OrderId.make("00000000-0000-4000-8000-999999999999")

interface Scenario {
  readonly name: string
  readonly steps: (client: Client) => ReadonlyArray<Effect.Effect<unknown, unknown>>
  readonly succeeds: ReadonlyArray<boolean>
  readonly options?: FlexFactorSimulator.SimulatorOptions
}

const scenarios: ReadonlyArray<Scenario> = [
  { name: "lists all orders", steps: (client) => [client.list({})], succeeds: [true] },
  {
    name: "lists one status, and several",
    steps: (client) => [client.list({ status: 7 }), client.list({ status: [2, 4, 5] }), client.list({ status: 3 })],
    succeeds: [true, true, true]
  },
  {
    name: "lists by text, merchant and range of time",
    steps: (client) => [
      client.list({ query: "ada" }),
      client.list({ query: "a b&c=d+e%" }),
      client.list({ mid: "m-2" }),
      client.list({ from: "2026-01-02T00:00:00Z", to: "2026-01-03T00:00:00.123Z" })
    ],
    succeeds: [true, true, true, true]
  },
  {
    name: "lists in order, page by page",
    steps: (client) =>
      [1, 2, 3, 4].map((pageNumber) => client.list({ orderBy: "amount", sort: "desc", pageSize: 2, pageNumber })),
    succeeds: [true, true, true, true]
  },
  {
    name: "reads orders",
    steps: (client) => [1, 2, 3, 4, 5].map((n) => client.get(id(n))),
    succeeds: Array(5).fill(true)
  },
  {
    name: "refunds partly, and then too much",
    steps: (client) => [
      client.refund(id(1), cents(1999), "late delivery"),
      client.refund(id(1), cents(3002)),
      client.refund(id(1), cents(3001)),
      client.get(id(1))
    ],
    succeeds: [true, true, true, true]
  },
  {
    name: "refunds what cannot be refunded",
    steps: (client) => [client.refund(id(2), cents(100)), client.refund(id(4), cents(100))],
    succeeds: [true, true]
  },
  {
    name: "repeats a refund that moves nothing",
    steps: (client) => [client.refund(id(1), cents(100)), client.refund(id(1), cents(100))],
    succeeds: [true, true],
    options: { repeatedRefunds: "once per order" }
  },
  {
    name: "cancels, and cancels again",
    steps: (client) => [
      client.cancel(id(2)),
      client.cancel(id(2), "00000000-0000-4000-8000-00000000000a"),
      client.get(id(2))
    ],
    succeeds: [true, true, true]
  },
  {
    name: "cancels by the merchant's id",
    steps: (client) => [
      client.externalCancel(ExternalOrderId.make("#1003")),
      client.externalCancel(ExternalOrderId.make("#1003"), "00000000-0000-4000-8000-00000000000a"),
      client.get(id(3))
    ],
    succeeds: [true, true, true]
  },
  {
    name: "cancels what cannot be cancelled",
    steps: (client) => [client.cancel(id(1)), client.externalCancel(ExternalOrderId.make("order-1"))],
    succeeds: [false, false]
  },
  {
    name: "asks for orders that do not exist",
    steps: (client) => [
      client.get(nobody),
      client.refund(nobody, cents(100)),
      client.cancel(nobody),
      client.externalCancel(ExternalOrderId.make("nobody"))
    ],
    succeeds: [false, false, false, false]
  }
]

describe("both clients", () => {
  it.effect.each(scenarios)("agree on a program that $name", ({ options, steps, succeeds }) =>
    Effect.gen(function*() {
      const { contract, hand } = yield* playBoth(steps, options)
      assert.deepStrictEqual(hand.results.map(Result.isSuccess), succeeds)
      assert.deepStrictEqual(hand.results, contract.results)
      assert.deepStrictEqual(hand.ledger, contract.ledger)
      assert.deepStrictEqual(hand.orders, contract.orders)
    }))

  it.effect.each(scenarios)(
    "send the same requests for a program that $name",
    ({ options, steps }) =>
      Effect.gen(function*() {
        const { contract, hand } = yield* playBoth(steps, options)
        const sent = ({ requests }: { readonly requests: ReadonlyArray<FlexFactorSimulator.LoggedRequest> }) =>
          requests.map(({ appKey, body, method, operation, path, query }) => ({
            operation,
            method,
            path,
            // The order of parameters means nothing.
            query: [...query].sort(([a], [b]) => a.localeCompare(b)),
            body,
            appKey
          }))
        // The derived client asks for its token before the first call, the hand-written one with it: the same order.
        assert.deepStrictEqual(sent(hand), sent(contract))
      })
  )

  it.effect("send the same headers for a refund, but for those that only one of them knows", () =>
    Effect.gen(function*() {
      const { contract, hand } = yield* playBoth((client) => [client.refund(id(1), cents(1000), "x")])
      const headers = ({ requests }: typeof hand) =>
        requests.filter((request) => request.operation === "Orders.refund").map((request) => request.headers)
      const [own, theirs] = [headers(hand)[0], headers(contract)[0]]
      // The derived client passes trace headers on; the hand-written one does not, as they would go to a third party.
      assert.deepStrictEqual(own, {
        accept: "application/json",
        authorization: "<redacted>",
        "content-type": "application/json",
        "content-length": String(JSON.stringify({ amountToRefund: 10, refundMessage: "x" }).length)
      })
      assert.strictEqual(theirs?.["content-type"], own?.["content-type"])
      assert.strictEqual(theirs?.["authorization"], own?.["authorization"])
    }))
})
