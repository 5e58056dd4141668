/**
 * Faults that are drawn from a seed: which request meets one, and of what kind.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Random } from "effect"
import { TestClock } from "effect/testing"
import { type Operation, Orders, type OrdersError } from "../../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../../src/testing/index.ts"
import { whileTimePasses } from "../../support/time.ts"
import { cents } from "../simulator/setup.ts"
import { counted, failBySeed, id, onOneOrder, operations, send, sum } from "./seeded.ts"

/** What a program of forty calls sees and does under a seed. */
const traceOf = (seed: string | number) =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const orders = yield* Orders
    yield* simulator.failBySeed({ seed, rate: 0.5 })
    const calls: ReadonlyArray<Effect.Effect<unknown, OrdersError.OrdersError>> = [
      orders.list(),
      orders.get(id),
      orders.refund(id, { amount: cents(10) }),
      orders.cancel(id)
    ]
    const outcomes: Array<string> = []
    for (const call of Array.from({ length: 10 }).flatMap(() => calls)) {
      outcomes.push(
        yield* whileTimePasses(Effect.match(call, { onSuccess: () => "success", onFailure: JSON.stringify }))
      )
    }
    return JSON.stringify([outcomes, yield* simulator.requests, yield* simulator.ledger, yield* simulator.faultCounts])
  }).pipe(
    Effect.provide(Layer.provideMerge(
      FlexFactorSimulator.layer({ orders: [{ id, amount: cents(5000) }] }),
      TestClock.layer()
    )),
    // The client's retries wait for a random time.
    Random.withSeed("client")
  )

describe("faults by seed", () => {
  it.effect("are the same for the same seed, and others for another", () =>
    Effect.gen(function*() {
      const first = yield* traceOf(1)
      assert.isAbove(first.length, 10_000)
      assert.strictEqual(yield* traceOf(1), first)
      assert.notStrictEqual(yield* traceOf(2), first)
      assert.notStrictEqual(yield* traceOf("one"), first)
    }))

  it.effect("begin anew when the seed is given again", () =>
    Effect.gen(function*() {
      yield* failBySeed({ seed: 1, rate: 0.5 })
      const first = yield* send("Orders.get", 30)
      yield* failBySeed({ seed: 1, rate: 0.5 })
      assert.deepStrictEqual(yield* send("Orders.get", 30), first)
    }).pipe(onOneOrder))

  it.effect("of one operation do not hang on the requests of another", () =>
    Effect.gen(function*() {
      yield* failBySeed({ seed: 1, rate: 0.5 })
      const alone = yield* send("Orders.get", 30)
      yield* failBySeed({ seed: 1, rate: 0.5 })
      const between: Array<string> = []
      for (const _ of alone) {
        yield* send("Orders.list", 1)
        between.push(...(yield* send("Orders.get", 1)))
      }
      assert.deepStrictEqual(between, alone)
    }).pipe(onOneOrder))

  it.effect("never come at a rate of 0, and end with it", () =>
    Effect.gen(function*() {
      yield* failBySeed({ seed: 1, rate: 0 })
      yield* Effect.forEach(operations, (operation) => send(operation, 50))
      assert.deepStrictEqual(yield* counted, {})
      yield* failBySeed({ seed: 1, rate: 1 })
      yield* send("Orders.get", 10)
      yield* failBySeed({ seed: 1, rate: 0 })
      yield* send("Orders.get", 10)
      assert.strictEqual(sum(yield* counted), 10)
    }).pipe(onOneOrder))

  it.effect("come to every request at a rate of 1, and are counted once each", () =>
    Effect.gen(function*() {
      yield* failBySeed({ seed: 1, rate: 1 })
      for (const [index, operation] of operations.entries()) {
        yield* send(operation, 50)
        assert.strictEqual(sum(yield* counted), 50 * (index + 1))
      }
    }).pipe(onOneOrder))

  it.effect("come about as often as the rate says", () =>
    Effect.gen(function*() {
      yield* failBySeed({ seed: 1, rate: 0.2 })
      yield* send("Orders.get", 1000)
      assert.approximately(sum(yield* counted), 200, 40)
    }).pipe(onOneOrder))

  const any = [
    "connection refused",
    "request lost",
    "answer lost",
    "server error before acting",
    "server error after acting",
    "too many requests",
    "answer truncated",
    "answer slow",
    "answer delayed",
    "request duplicated",
    "answer as HTML",
    "answer without a body"
  ]
  const kinds: ReadonlyArray<readonly [operation: Operation, kinds: Array<string>]> = [
    ["Orders.list", [...any, "tokens expired", "stale read"]],
    ["Orders.get", [...any, "tokens expired", "stale read"]],
    ["Orders.refund", [...any, "tokens expired", "late commit"]],
    ["Orders.cancel", [...any, "tokens expired", "late commit"]],
    ["Orders.cancelByExternalId", [...any, "tokens expired", "late commit"]],
    ["FlexFactor.token", any]
  ]
  it.effect.each(kinds)(
    "of %s are of every kind that makes sense for it",
    ([operation, kinds]) =>
      Effect.gen(function*() {
        yield* failBySeed({ seed: 1, rate: 1 })
        yield* send(operation, 300)
        assert.sameMembers(Object.keys(yield* counted), kinds)
      }).pipe(onOneOrder)
  )

  it.effect("are of the kinds that are asked for", () =>
    Effect.gen(function*() {
      yield* failBySeed({ seed: 1, rate: 1, kinds: ["answer lost", "too many requests", "stale read"] })
      yield* send("Orders.refund", 50)
      assert.sameMembers(Object.keys(yield* counted), ["answer lost", "too many requests"])
    }).pipe(onOneOrder))

  it.effect("are none where no kind that is asked for makes sense", () =>
    Effect.gen(function*() {
      yield* failBySeed({ seed: 1, rate: 1, kinds: ["late commit", "stale read", "tokens expired"] })
      yield* send("FlexFactor.token", 50)
      assert.deepStrictEqual(yield* counted, {})
    }).pipe(onOneOrder))

  it.effect("come after what the test scripted, and none of them is lost by it", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* failBySeed({ seed: 1, rate: 1 })
      const drawn = yield* send("Orders.get", 20)
      yield* failBySeed({ seed: 1, rate: 1 })
      yield* simulator.failNext("Orders.get", Fault.answer(418), Fault.answer(418))
      assert.deepStrictEqual(yield* send("Orders.get", 22), ["418 ", "418 ", ...drawn])
      assert.strictEqual(sum(yield* counted), 40)
    }).pipe(onOneOrder))
})
