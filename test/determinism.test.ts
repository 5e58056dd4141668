/**
 * Under a test clock and with one random seed, a program does the same thing at the same time, every time.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Fiber, Random, Result, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Cents, OrderId, Orders, type OrdersError } from "../src/index.ts"
import { Fault, FlexFactorSimulator } from "../src/testing/index.ts"

const id = OrderId.make("00000000-0000-4000-8000-000000000001")

const nameOf = (outcome: Result.Result<unknown, OrdersError.OrdersError>): string =>
  Result.match(outcome, { onSuccess: () => "success", onFailure: (error) => error._tag })

const script = Effect.gen(function*() {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const orders = yield* Orders
  yield* simulator.failNext("FlexFactor.token", Fault.connectionRefused)
  yield* simulator.failNext("Orders.list", Fault.answer(503), Fault.delayed("3 seconds"), Fault.tokensExpired)
  yield* simulator.failNext("Orders.get", Fault.answer(500), Fault.connectionLost({ serverActs: false }))
  yield* simulator.failNext(
    "Orders.refund",
    Fault.connectionRefused,
    Fault.connectionRefused,
    Fault.connectionLost({ serverActs: true })
  )
  const outcomes = yield* Effect.all([
    Effect.result(Stream.runCollect(orders.stream({ pageSize: 2 }))),
    Effect.result(orders.get(id)),
    Effect.result(orders.refund(id, { amount: Cents.make(1000) })),
    Effect.andThen(Effect.sleep("9 minutes"), Effect.result(orders.refund(id, { amount: Cents.make(500) })))
  ], { concurrency: "unbounded" })
  return {
    outcomes: outcomes.map(nameOf),
    requests: (yield* simulator.requests).map((request) => ({ ...request, at: DateTime.toEpochMillis(request.at) })),
    ledger: (yield* simulator.ledger).map((entry) => ({ ...entry, at: DateTime.toEpochMillis(entry.at) })),
    orders: (yield* simulator.orders).map((order) => ({ ...order, placedAt: DateTime.toEpochMillis(order.placedAt) }))
  }
})

const run = (seed: string) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(
      script.pipe(
        Effect.provide(FlexFactorSimulator.layer({
          orders: [{ id, amount: Cents.make(5000) }, ...Array.from({ length: 4 }, () => ({ amount: Cents.make(100) }))]
        })),
        Random.withSeed(seed)
      )
    )
    yield* TestClock.adjust("30 minutes")
    return yield* Fiber.join(fiber)
  }).pipe(Effect.provide(TestClock.layer()))

describe("a scripted run", () => {
  it.effect.each(["one", "two", "three"])("is the same again with the seed %s", (seed) =>
    Effect.gen(function*() {
      const [first, second] = [yield* run(seed), yield* run(seed)]
      assert.deepStrictEqual(first.outcomes, ["success", "success", "RefundOutcomeUnknown", "success"])
      assert.isAbove(first.requests.length, 8)
      assert.deepStrictEqual(first, second)
    }))

  it.effect("waits for other lengths of time with another seed", () =>
    Effect.gen(function*() {
      const times = ({ requests }: { readonly requests: ReadonlyArray<{ readonly at: number }> }) =>
        requests.map((request) => request.at)
      assert.notDeepEqual(times(yield* run("one")), times(yield* run("two")))
    }))

  it.effect("is in the order of its times, on whole milliseconds", () =>
    Effect.gen(function*() {
      const { requests } = yield* run("one")
      const times = requests.map((request) => request.at)
      assert.deepStrictEqual(times, [...times].sort((a, b) => a - b))
      assert.isTrue(times.every(Number.isInteger))
    }))
})
