import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schedule } from "effect"
import { FetchHttpClient } from "effect/http"
import * as FetchTransport from "../../src/FetchTransport.ts"
import * as NodeTransport from "../../src/NodeTransport.ts"
import {
  connect,
  heldToken,
  order,
  orderId,
  quietly,
  refunded,
  refundRequest,
  type Transport,
  warmUp
} from "./client.ts"
import { answer, eventually, finish, pause, reset, type Script, sequence, serve, type Step } from "./server.ts"

/** The transports that use a connection again. */
const transports: ReadonlyArray<readonly [name: string, transport: Transport]> = [
  ["fetch", FetchHttpClient.layer],
  ["undici", NodeHttpClient.layerUndici],
  ["node:http", NodeHttpClient.layerNodeHttpOptions({ keepAlive: true })],
  ["FetchTransport", FetchTransport.layer],
  ["NodeTransport", NodeTransport.layer]
]

const ok: Script = ({ method }) => answer(200, method === "GET" ? order : refunded)

/** Answers the first request of every connection and does something else with the second. */
const stale = (second: Step): Script => (request, nth) => request.nthOnConnection === 0 ? ok(request, nth) : second

const ways: ReadonlyArray<readonly [way: string, script: Script]> = [
  ["closes it when it sees the next request", stale(finish)],
  ["resets it when it sees the next request", stale(reset)],
  ...[0, 1, 2, 5].flatMap((delay): ReadonlyArray<readonly [string, Script]> => [
    [`closes it ${delay} ms after its answer`, (request, nth) => sequence(ok(request, nth), pause(delay), finish)],
    [`resets it ${delay} ms after its answer`, (request, nth) => sequence(ok(request, nth), pause(delay), reset)]
  ])
]

warmUp()

describe.concurrent.each(transports)(
  "A kept connection that the server closes while it is used again, over %s",
  (_, transport) => {
    it.live("is used again at all", () =>
      Effect.gen(function*() {
        const server = yield* serve({ orders: ok })
        const orders = yield* connect(transport, server, { credentials: heldToken })
        for (let call = 0; call < 5; call++) {
          yield* orders.get(orderId)
          yield* Effect.sleep("5 millis")
        }
        assert.isTrue(server.requests.some(({ nthOnConnection }) => nthOnConnection > 0))
      }))

    for (const [way, script] of ways) {
      it.live(`a read is repeated and succeeds: the server ${way}`, () =>
        Effect.gen(function*() {
          const server = yield* serve({ orders: script })
          const orders = yield* connect(transport, server, { credentials: heldToken, retry: Schedule.recurs(3) })
          for (let call = 0; call < 8; call++) {
            assert.strictEqual((yield* quietly(orders.get(orderId))).id, orderId)
            yield* Effect.sleep(call % 4)
          }
        }))

      it.live(`a refund is sent at most once and is never called undone: the server ${way}`, () =>
        Effect.gen(function*() {
          const server = yield* serve({ orders: script })
          const orders = yield* connect(transport, server, { credentials: heldToken, retry: Schedule.recurs(3) })
          for (let call = 0; call < 8; call++) {
            yield* quietly(Effect.ignore(orders.get(orderId)))
            yield* Effect.sleep(call % 4)
            const before = server.refunds().length
            const refund = yield* Effect.result(quietly(orders.refund(orderId, refundRequest)))
            if (Result.isSuccess(refund)) {
              assert.strictEqual(refund.success.transactionId, "t-1")
              assert.lengthOf(server.refunds(), before + 1)
            } else if (refund.failure._tag === "RefundOutcomeUnknown") {
              assert.strictEqual(refund.failure.doubt, "connection lost")
              assert.isAtMost(server.refunds().length, before + 1)
            } else {
              assert.strictEqual(refund.failure._tag, "FlexFactorUnreachable")
              assert.lengthOf(server.refunds(), before)
            }
          }
        }))
    }

    it.live("a read succeeds with the retries of the defaults", () =>
      Effect.gen(function*() {
        const server = yield* serve({ orders: stale(reset) })
        const orders = yield* connect(transport, server, { credentials: heldToken, retry: undefined })
        for (let call = 0; call < 4; call++) {
          assert.strictEqual((yield* quietly(orders.get(orderId))).id, orderId)
          yield* Effect.sleep("5 millis")
        }
        assert.isAtLeast(server.requests.length, 4)
      }))

    it.live.each([0, 10])(
      "an answer that nobody asked for, %i ms after another, answers no refund",
      (delay) =>
        Effect.gen(function*() {
          const server = yield* serve({
            orders: (request, nth) =>
              request.method === "GET"
                ? sequence(ok(request, nth), pause(delay), answer(200, { ...refunded, transactionId: "forged" }))
                : ok(request, nth)
          })
          const orders = yield* connect(transport, server, { credentials: heldToken })
          yield* orders.get(orderId)
          assert.isTrue(yield* eventually(() => server.connections().open === 0))
          const receipt = yield* orders.refund(orderId, refundRequest)
          assert.strictEqual(receipt.transactionId, "t-1")
          assert.isTrue(yield* eventually(() => server.refunds().length === 1))
        })
    )
  }
)
