/**
 * Under `inTime` a seed decides what a program does, and when: not how fast the machine is.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, DateTime, Effect, Layer, Random, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Cents, RefundEvidence, RefundJournal, RefundKey, Refunds } from "../../src/index.ts"
import { FlexFactorSimulator, inTime } from "../../src/testing/index.ts"

const totals = { refunded: "amountRefunded" } as const

const layer = Refunds.layer().pipe(
  Layer.provide([RefundJournal.layerMemory, RefundEvidence.fromOrder(totals)]),
  Layer.provideMerge(FlexFactorSimulator.layer({ totals }))
)

/** Takes time of the machine, now more and now less. */
const dawdle = Effect.sync(() => {
  const end = performance.now() + Math.random() * 3
  while (performance.now() < end);
})

/** What becomes of some refunds under faults of a seed, and what FlexFactor is asked at which time. */
const run = (seed: number, count: number) =>
  Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const refunds = yield* Refunds.Refunds
    const orders = yield* Effect.replicateEffect(simulator.addOrder({ amount: Cents.make(5000) }), count)
    const requests = orders.map(({ id }, index) => ({
      key: RefundKey.make(`ticket-${index}`),
      orderId: id,
      amount: Cents.make(500)
    }))
    yield* simulator.failBySeed({ seed, rate: 0.5, kinds: ["answer lost", "answer slow", "late commit", "stale read"] })
    const results = yield* inTime(
      refunds.many(requests, { concurrency: 4 }).pipe(Stream.tap(() => dawdle), Stream.runCollect)
    )
    return {
      outcomes: Array.from(results, ({ outcome, request }) => `${request.key}: ${outcome}`),
      asked: (yield* simulator.requests).map(({ at, operation, path }) =>
        `${DateTime.toEpochMillis(at)} ${operation} ${path}`
      )
    }
  }).pipe(
    Effect.provide(layer),
    Random.withSeed(seed),
    Effect.provide(TestClock.layer())
  )

describe("inTime", () => {
  it.effect.each([1, 2, 3, 4])(
    "brings the same outcomes at the same times in every run of seed %i",
    (seed) =>
      Effect.gen(function*() {
        const first = yield* run(seed, 12)
        assert.strictEqual(first.outcomes.length, 12)
        for (let again = 0; again < 4; again++) assert.deepStrictEqual(yield* run(seed, 12), first)
      })
  )

  it.effect("lets no time pass under what is ready to run, however much of it there is", () =>
    Effect.gen(function*() {
      const steps = Effect.replicateEffect(
        Effect.andThen(Effect.promise(() => Promise.resolve()), Effect.yieldNow),
        500
      )
      yield* inTime(Effect.all([steps, Effect.andThen(dawdle, steps)], { concurrency: 2 }))
      assert.strictEqual(yield* Clock.currentTimeMillis, 0)
    }))

  it.effect("goes on where a program polls", () =>
    Effect.gen(function*() {
      const polled = Effect.repeat(Effect.andThen(Effect.yieldNow, Clock.currentTimeMillis), {
        until: (now) => now >= 5000
      })
      assert.strictEqual(yield* inTime(polled), 5000)
    }))
})
