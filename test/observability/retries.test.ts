/**
 * One log line and one count for each retry.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { Cents, Orders } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import { fails, id, observe } from "./observe.ts"

describe("a retry", () => {
  it.effect("is one warning that says what is repeated, why, how often and when", () =>
    Effect.gen(function*() {
      const busy = Fault.answer(429, { headers: { "retry-after": "2" } })
      const { lines } = yield* observe(
        Effect.andThen(
          fails("Orders.get", busy, Fault.answer(503, { headers: { "retry-after": "3" } })),
          Orders.use((orders) => orders.get(id))
        )
      )
      assert.deepStrictEqual(lines, [
        {
          level: "WARN",
          message: "FlexFactor request will be repeated",
          annotations: { operation: "Orders.get", reason: "FlexFactorTooManyRequests", attempt: 1, delay: "2s" }
        },
        {
          level: "WARN",
          message: "FlexFactor request will be repeated",
          annotations: { operation: "Orders.get", reason: "FlexFactorServiceUnavailable", attempt: 2, delay: "3s" }
        }
      ])
    }))

  it.effect("is counted by operation and reason", () =>
    Effect.gen(function*() {
      const { metrics } = yield* observe(Effect.gen(function*() {
        const orders = yield* Orders
        yield* fails("Orders.get", Fault.answer(503), Fault.answer(503), Fault.answer(502))
        yield* orders.get(id)
        yield* fails("Orders.refund", Fault.connectionRefused)
        yield* orders.refund(id, { amount: Cents.make(100) })
        yield* fails("Orders.list", Fault.answer(503))
        yield* orders.list()
      }))
      const counted = metrics.map(({ attributes, id, state }) => ({
        id,
        attributes,
        count: "count" in state ? state.count : undefined
      }))
      assert.sameDeepMembers(counted, [
        {
          id: "flexfactor_retries",
          attributes: { operation: "Orders.get", reason: "FlexFactorServiceUnavailable" },
          count: 2
        },
        { id: "flexfactor_retries", attributes: { operation: "Orders.get", reason: "FlexFactorBadGateway" }, count: 1 },
        {
          id: "flexfactor_retries",
          attributes: { operation: "Orders.refund", reason: "FlexFactorUnreachable" },
          count: 1
        },
        {
          id: "flexfactor_retries",
          attributes: { operation: "Orders.list", reason: "FlexFactorServiceUnavailable" },
          count: 1
        }
      ])
    }))

  it.effect("that fails for good is logged and counted as often as it was repeated", () =>
    Effect.gen(function*() {
      const { exit, lines, metrics } = yield* observe(
        Effect.andThen(
          fails("Orders.get", ...Array.from({ length: 9 }, () => Fault.answer(503))),
          Orders.use((orders) => orders.get(id))
        )
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(lines.map((line) => line.annotations["attempt"]), [1, 2, 3])
      assert.deepStrictEqual(metrics.map(({ state }) => "count" in state ? state.count : undefined), [3])
    }))

  it.effect("that is not made, because the deadline would pass first, is neither logged nor counted", () =>
    Effect.gen(function*() {
      const { lines, metrics } = yield* observe(
        Effect.andThen(
          fails("Orders.get", Fault.answer(503, { headers: { "retry-after": "31" } })),
          Orders.use((orders) => orders.get(id))
        )
      )
      assert.deepStrictEqual(lines, [])
      assert.deepStrictEqual(metrics, [])
    }))
})
