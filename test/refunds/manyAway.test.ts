/**
 * FlexFactor is busy or away during a run of many refunds.
 */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Effect, Fiber, Schedule, Stream } from "effect"
import { Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import { atDesk, failNext, failReading, inTime, inWords, moved, pass, posts } from "./desk.ts"
import { makeRows, sum } from "./rows.ts"

const noRetry = Schedule.recurs(0)

const busy = (seconds: number) => Fault.answer(429, { headers: { "retry-after": String(seconds) } })

describe("while FlexFactor is busy", () => {
  it.effect("all rows wait for as long as it asked for, and then go on", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const rows = yield* makeRows(30)
      yield* failNext(...Arr.makeBy(4, () => busy(40)))
      const running = yield* Effect.forkChild(Stream.runCollect(refunds.many(rows, { concurrency: 4 })))
      yield* pass(1)
      const first = yield* posts
      yield* pass(37)
      assert.strictEqual(yield* posts, first)
      const results = yield* inTime(Fiber.join(running))
      assert.deepStrictEqual([...new Set(results.map(({ result }) => inWords(result)))], ["refunded, by evidence"])
      assert.deepStrictEqual([(yield* moved).length, yield* posts], [30, 34])
    }).pipe(atDesk()))

  it.effect("who waits already waits on, if another is asked for more time", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      // The first row is asked to wait for 5 seconds, the second one 3 seconds later for 30.
      yield* failNext(busy(5), busy(30))
      yield* failReading(Fault.delayed(0), Fault.delayed("3 seconds"))
      const running = yield* Effect.forkChild(Stream.runDrain(refunds.many(yield* makeRows(2), { concurrency: 2 })))
      yield* pass(4)
      assert.strictEqual(yield* posts, 2)
      yield* pass(25)
      assert.strictEqual(yield* posts, 2)
      yield* inTime(Fiber.join(running))
      assert.deepStrictEqual([sum(yield* moved), yield* posts], [201, 4])
    }).pipe(atDesk()))
})

describe("while FlexFactor is away", () => {
  it.effect.each([1, 8])(
    "a run of a thousand rows, %s at once, ends after a few requests",
    (concurrency) =>
      Effect.gen(function*() {
        const refunds = yield* Refunds.Refunds
        const rows = yield* makeRows(1000)
        yield* failReading(...Arr.makeBy(5000, () => Fault.connectionRefused))
        const results: Array<Refunds.RefundResult> = []
        const error = yield* inTime(
          refunds.many(rows, { concurrency }).pipe(
            Stream.runForEach((result) => Effect.sync(() => results.push(result))),
            Effect.flip
          )
        )
        assert.strictEqual(error._tag, "RefundsStopped")
        assert.include(error.message, "FlexFactorUnreachable")
        assert.isBelow(results.length, 20)
        assert.deepStrictEqual([yield* moved, yield* posts], [[], 0])
      }).pipe(atDesk({ tuning: { retry: noRetry } }))
  )

  it.effect("running it again later finishes it, and moves each row once", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const rows = yield* makeRows(100)
      yield* failReading(...Arr.makeBy(60, () => Fault.delayed(0)), ...Arr.makeBy(200, () => Fault.connectionRefused))
      const stopped = yield* inTime(Effect.flip(Stream.runDrain(refunds.many(rows))))
      assert.strictEqual(stopped._tag, "RefundsStopped")
      assert.isBelow((yield* moved).length, 100)
      // The second run comes once FlexFactor is back.
      yield* inTime(Effect.ignore(Stream.runDrain(refunds.many(rows))))
      yield* inTime(Effect.ignore(Stream.runDrain(refunds.many(rows))))
      const results = yield* inTime(Stream.runCollect(refunds.many(rows)))
      assert.deepStrictEqual([...new Set(results.map(({ result }) => inWords(result)))], ["refunded, by evidence"])
      assert.strictEqual(sum(yield* moved), sum(rows.map(({ amount }) => amount)))
      assert.strictEqual(yield* posts, 100)
    }).pipe(atDesk({ tuning: { retry: noRetry } })))

  it.effect("for a moment only, no row is lost", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const rows = yield* makeRows(50)
      yield* failReading(...Arr.makeBy(20, () => Fault.connectionRefused))
      const results = yield* inTime(Stream.runCollect(refunds.many(rows)))
      assert.deepStrictEqual([...new Set(results.map(({ result }) => inWords(result)))], ["refunded, by evidence"])
      assert.strictEqual((yield* moved).length, 50)
    }).pipe(atDesk()))

  it.effect("for refunds alone, a run ends after a few doubts, and does not leave one on every order", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const rows = yield* makeRows(300)
      yield* failNext(...Arr.makeBy(300, () => Fault.answer(503)))
      const error = yield* inTime(Effect.flip(Stream.runDrain(refunds.many(rows))))
      assert.strictEqual(error._tag, "RefundsStopped")
      assert.include(error.message, "server error")
      assert.isBelow(yield* posts, 30)
    }).pipe(atDesk()))
})

describe("many refunds with an option out of range", () => {
  it.effect.each<Refunds.ManyOptions>([
    { concurrency: Number.NaN },
    { concurrency: 0 },
    { rate: { refunds: 0, per: "1 second" } },
    { rate: { refunds: 1, per: "0 seconds" } }
  ])("end before anything is sent, with its name: %o", (options) =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const error = yield* Effect.flip(Stream.runDrain(refunds.many(yield* makeRows(2), options)))
      assert.strictEqual(error._tag, "FlexFactorInvalidRequest")
      assert.match(error.message, /concurrency|rate/)
      assert.strictEqual(yield* posts, 0)
    }).pipe(atDesk()))
})
