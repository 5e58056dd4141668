/**
 * How fast many refunds go, and how far they have come.
 */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Duration, Effect, Stream } from "effect"
import { Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import { atDesk, failNext, pass, posts } from "./desk.ts"
import { makeRows, run } from "./rows.ts"

describe("a rate", () => {
  it.effect("holds, from the first second on", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const rows = yield* makeRows(40)
      const running = yield* Effect.forkChild(
        Stream.runDrain(refunds.many(rows, { rate: { refunds: 5, per: "1 second" } }))
      )
      for (let second = 0; running.pollUnsafe() === undefined; second++) {
        yield* pass(1)
        assert.isAtMost(yield* posts, 5 * (second + 2))
      }
      assert.strictEqual(yield* posts, 40)
    }).pipe(atDesk()))
})

describe("the progress", () => {
  it.effect("adds up at each step, and says how long the rest will take", () =>
    Effect.gen(function*() {
      const rows = yield* makeRows(20)
      const seen: Array<Refunds.RefundProgress> = []
      yield* failNext(...rows.map(() => Fault.delayed("2 seconds")))
      yield* run(rows, { concurrency: 2, onProgress: (progress) => Effect.sync(() => seen.push(progress)) })
      assert.deepStrictEqual(seen.map(({ done }) => done), Arr.range(1, 20))
      for (const { done, failed, inDoubt, refunded, rejected, total } of seen) {
        assert.strictEqual(refunded + rejected + inDoubt + failed, done)
        assert.strictEqual(total, 20)
      }
      const half = seen[9] ?? assert.fail()
      assert.closeTo(Duration.toSeconds(half.remaining ?? Duration.zero), Duration.toSeconds(half.elapsed), 3)
      assert.closeTo(half.perSecond, 10 / Duration.toSeconds(half.elapsed), 0.01)
      assert.strictEqual(Duration.toMillis(seen[19]?.remaining ?? Duration.infinity), 0)
    }).pipe(atDesk()))

  it.effect("does not know how long the rest will take where it is not known how much there is", () =>
    Effect.gen(function*() {
      const rows = yield* makeRows(3)
      const seen: Array<Refunds.RefundProgress> = []
      const onProgress = (progress: Refunds.RefundProgress) => Effect.sync(() => seen.push(progress))
      yield* run(Stream.fromIterable(rows), { onProgress })
      assert.deepStrictEqual(
        seen.map(({ remaining, total }) => [remaining, total]),
        Arr.makeBy(3, () => [undefined, undefined])
      )
      yield* run(Stream.fromIterable(rows), { onProgress, total: 3 })
      assert.strictEqual(seen.at(-1)?.total, 3)
    }).pipe(atDesk()))
})
