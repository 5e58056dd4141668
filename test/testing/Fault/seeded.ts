/**
 * Requests of every operation under faults that are drawn from a seed.
 */
import { Effect } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { type Operation, OrderId } from "../../../src/index.ts"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { whileTimePasses } from "../../support/time.ts"
import { cents, served } from "../simulator/setup.ts"

export const id = OrderId.make("00000000-0000-4000-8000-000000000001")
const url = "https://simulator.test/v1"

export const requests = {
  "Orders.list": HttpClientRequest.get(`${url}/orders`),
  "Orders.get": HttpClientRequest.get(`${url}/orders/${id}`),
  "Orders.refund": HttpClientRequest.post(`${url}/orders/${id}/refund`),
  "Orders.cancel": HttpClientRequest.post(`${url}/orders/${id}/cancel`),
  "Orders.cancelByExternalId": HttpClientRequest.post(`${url}/orders/order-1/external-cancel`),
  "FlexFactor.token": HttpClientRequest.post(`${url}/oauth2/token`)
} satisfies Record<Operation, HttpClientRequest.HttpClientRequest>

export const operations: ReadonlyArray<Operation> = [
  "Orders.list",
  "Orders.get",
  "Orders.refund",
  "Orders.cancel",
  "Orders.cancelByExternalId",
  "FlexFactor.token"
]

const bodies: Partial<Record<Operation, object>> = {
  "Orders.refund": { amountToRefund: 1 },
  "FlexFactor.token": { AppKey: "a", AppSecret: "b" },
  "Orders.cancel": {},
  "Orders.cancelByExternalId": {}
}

/** Sends a request of an operation some times, one after the other, and says in a word what came of each. */
export const send = Effect.fnUntraced(function*(operation: Operation, times: number) {
  const http = yield* HttpClient.HttpClient
  const body = bodies[operation]
  const request = requests[operation]
  const one = Effect.match(
    http.execute(body === undefined ? request : HttpClientRequest.bodyJsonUnsafe(request, body)),
    {
      onFailure: ({ reason }) => "cause" in reason ? String(reason.cause) : reason._tag,
      onSuccess: (response) => `${response.status} ${response.headers["content-type"] ?? ""}`
    }
  )
  return yield* Effect.replicateEffect(whileTimePasses(one, "1 minute"), times)
})

/** The kinds that were drawn, and how often each. */
export const counted = Effect.gen(function*() {
  const { faultCounts } = yield* FlexFactorSimulator.FlexFactorSimulator
  return Object.fromEntries(Object.entries(yield* faultCounts).filter(([, count]) => count > 0))
})

export const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

export const failBySeed = (faults: FlexFactorSimulator.SeededFaults) =>
  FlexFactorSimulator.FlexFactorSimulator.use((simulator) => simulator.failBySeed(faults))

export const onOneOrder = served({ orders: [{ id, amount: cents(5000) }] })
