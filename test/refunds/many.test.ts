/**
 * Many refunds: each row has a result, whatever becomes of the others.
 */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Effect, Fiber, Result, Stream } from "effect"
import { type OrderId, Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import { atDesk, cents, failNext, inTime, inWords, keyOf, moved, pass, posts, request, stateOf } from "./desk.ts"
import { keysOf, makeRows, run, sum } from "./rows.ts"

describe("many refunds", () => {
  it.effect("have a result each when a third of the requests fail, and the figures are those of the ledger", () =>
    Effect.gen(function*() {
      const rows = yield* makeRows(60)
      yield* failNext(...rows.flatMap((_, index): ReadonlyArray<Fault.Fault> => [
        index % 3 === 0
          ? [Fault.connectionLost({ serverActs: true }), Fault.answer(502), Fault.answer(400), Fault.truncated][
            (index / 3) % 4
          ] ?? assert.fail()
          : Fault.delayed(0)
      ]))
      const seen: Array<Refunds.RefundProgress> = []
      const results = yield* run(rows, { onProgress: (progress) => Effect.sync(() => seen.push(progress)) })
      assert.sameMembers(keysOf(results), rows.map(({ key }): string => key))
      const words = Map.groupBy(results, ({ result }) => inWords(result))
      assert.deepStrictEqual(
        [words.get("refunded, by evidence")?.length, words.get("in doubt: server error")?.length],
        [50, 5]
      )
      assert.strictEqual(words.get("FlexFactorBadRequest")?.length, 5)
      const last = seen.at(-1) ?? assert.fail()
      assert.deepStrictEqual(
        { refunded: 50, inDoubt: 5, failed: 5, rejected: 0, repeated: 0, done: 60, amount: sum(yield* moved) },
        {
          refunded: last.refunded,
          inDoubt: last.inDoubt,
          failed: last.failed,
          rejected: last.rejected,
          repeated: last.repeated,
          done: last.done,
          amount: last.amount
        }
      )
      assert.strictEqual(yield* posts, 60)
    }).pipe(atDesk()))

  it.effect("come in the order of the rows if asked for, although the first takes longest", () =>
    Effect.gen(function*() {
      const rows = yield* makeRows(20)
      yield* failNext(Fault.delayed("20 seconds"))
      assert.deepStrictEqual(keysOf(yield* run(rows, { ordered: true })), rows.map(({ key }): string => key))
    }).pipe(atDesk()))

  it.effect("come as they are ready otherwise, and none waits for a slow one", () =>
    Effect.gen(function*() {
      const rows = yield* makeRows(20)
      yield* failNext(Fault.delayed("20 seconds"))
      assert.strictEqual(keysOf(yield* run(rows)).at(-1), "row-1")
    }).pipe(atDesk()))

  it.effect.each([1, 8])(
    "that are in the input twice move once, %s at once, and count once",
    (concurrency) =>
      Effect.gen(function*() {
        const rows = yield* makeRows(10)
        const seen: Array<Refunds.RefundProgress> = []
        const results = yield* run([...rows, ...rows, ...rows].sort((a, b) => a.amount - b.amount), {
          concurrency,
          onProgress: (progress) => Effect.sync(() => seen.push(progress))
        })
        assert.isTrue(results.every(({ result }) => Result.isSuccess(result)))
        const { amount, done, refunded, repeated } = seen.at(-1) ?? assert.fail()
        assert.deepStrictEqual([done, refunded, repeated], [30, 30, 20])
        assert.deepStrictEqual([amount, yield* posts], [cents(sum(yield* moved)), 10])
        assert.strictEqual((yield* moved).length, 10)
      }).pipe(atDesk())
  )

  it.effect("that ran before are repeated, and are sent no second time", () =>
    Effect.gen(function*() {
      const rows = yield* makeRows(10)
      yield* run(rows.slice(0, 6))
      const results = yield* run(rows.toReversed())
      assert.strictEqual(results.filter(({ isRepeated }) => isRepeated).length, 6)
      assert.deepStrictEqual([(yield* moved).length, yield* posts], [10, 10])
    }).pipe(atDesk()))

  it.effect("of one order take turns, and stop where the balance ends", () =>
    Effect.gen(function*() {
      const rows = Arr.makeBy(8, (index) => request(900, keyOf(`row-${index}`)))
      const words = (yield* run(rows)).map(({ result }) => inWords(result))
      assert.deepStrictEqual(words.filter((word) => word === "RefundExceedsBalance").length, 3)
      assert.deepStrictEqual(yield* moved, [900, 900, 900, 900, 900])
    }).pipe(atDesk()))

  it.effect("go on when a row is not valid", () =>
    Effect.gen(function*() {
      const rows = yield* makeRows(3)
      const invalid = { ...rows[1] ?? assert.fail(), orderId: ".." as OrderId }
      const words = (yield* run([rows[0] ?? invalid, invalid, rows[2] ?? invalid], { ordered: true })).map((
        { result }
      ) => inWords(result))
      assert.deepStrictEqual(words, ["refunded, by evidence", "FlexFactorInvalidRequest", "refunded, by evidence"])
    }).pipe(atDesk()))
})

describe("a stream of refunds", () => {
  it.effect("is pulled only as fast as it is worked on", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      let pulled = 0
      const rows = Stream.range(1, 1_000_000).pipe(
        Stream.rechunk(1),
        Stream.map((index) => {
          pulled = index
          return request(1, keyOf(`row-${index}`))
        })
      )
      yield* failNext(...Arr.makeBy(100, () => Fault.delayed("1 minute")))
      const running = yield* Effect.forkChild(Stream.runDrain(refunds.many(rows, { concurrency: 4 })))
      yield* pass(10)
      assert.isAtMost(pulled, 10)
      yield* inTime(Fiber.interrupt(running))
    }).pipe(atDesk()))

  it.effect("that fails fails the run with its own error, and what was sent is settled or in doubt", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const rows = yield* makeRows(2)
      const broken = Stream.concat(Stream.fromIterable(rows), Stream.fail("broken" as const))
      const error = yield* inTime(Effect.flip(Stream.runDrain(refunds.many(broken))))
      assert.strictEqual(error, "broken")
      for (const { key } of rows) assert.notStrictEqual(yield* stateOf(key), "sending")
    }).pipe(atDesk()))
})
