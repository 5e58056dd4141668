/**
 * Several workers over one journal at the same time.
 */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Deferred, Effect, Fiber } from "effect"
import { makeTurns } from "../../src/internal/refunds/turns.ts"
import { Fault } from "../../src/testing/index.ts"
import {
  anotherWorker,
  atDesk,
  failNext,
  failReading,
  id,
  inTime,
  inWords,
  keyOf,
  moved,
  pass,
  posts,
  refund,
  request,
  resolve,
  untilIdle
} from "./desk.ts"

describe("workers that race for one order", () => {
  it.effect("do not refund more than it had, whoever reads when", () =>
    Effect.gen(function*() {
      const workers = yield* Effect.all(Arr.makeBy(5, () => anotherWorker()))
      yield* failReading(...Arr.makeBy(5, (index) => Fault.delayed(`${5 - index} seconds`)))
      const outcomes = yield* inTime(Effect.all(
        workers.map((worker, index) => Effect.result(worker.refund(request(2000, keyOf(`row-${index}`))))),
        { concurrency: "unbounded" }
      ))
      assert.deepStrictEqual(outcomes.map(inWords).sort(), [
        "RefundExceedsBalance",
        "RefundExceedsBalance",
        "RefundExceedsBalance",
        "refunded, by evidence",
        "refunded, by evidence"
      ])
      assert.deepStrictEqual([yield* moved, yield* posts], [[2000, 2000], 2])
    }).pipe(atDesk()))

  it.effect("to settle a doubt send it again once", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(yield* refund(), "in doubt: connection lost")
      yield* pass(120)
      const workers = yield* Effect.all(Arr.makeBy(5, () => anotherWorker({ settleWindow: "1 minute" })))
      const outcomes = yield* inTime(
        Effect.all(workers.map((worker) => Effect.result(worker.resolve(request().key))), { concurrency: "unbounded" })
      )
      assert.deepStrictEqual([...new Set(outcomes.map(inWords))], ["refunded, by evidence"])
      assert.strictEqual(yield* resolve(), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 2])
    }).pipe(atDesk()))
})

describe("the refunds of one order in one process", () => {
  it.effect("take turns, also those that come while one works and others wait", () =>
    Effect.gen(function*() {
      const takeTurns = yield* makeTurns
      let working = 0
      const work = Effect.fnUntraced(function*(end: Deferred.Deferred<void>) {
        working += 1
        assert.strictEqual(working, 1)
        yield* Deferred.await(end)
        working -= 1
      })
      const ends = yield* Effect.all(Arr.makeBy(4, () => Deferred.make<void>()))
      const fibers: Array<Fiber.Fiber<void>> = []
      for (const end of ends) {
        fibers.push(yield* Effect.forkChild(takeTurns(id)(work(end))))
        yield* untilIdle
        if (fibers.length > 1) yield* Deferred.succeed(ends[fibers.length - 2] ?? end, undefined)
        yield* untilIdle
      }
      yield* Deferred.succeed(ends[3] ?? assert.fail(), undefined)
      yield* Fiber.joinAll(fibers)
      assert.strictEqual(working, 0)
    }))
})
