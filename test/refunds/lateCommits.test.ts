/**
 * FlexFactor carries a request out long after its answer was lost.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Fault } from "../../src/testing/index.ts"
import { atDesk, failNext, moved, otherKey, pass, posts, price, refund, resolve } from "./desk.ts"

const late = (after: Parameters<typeof Fault.delayed>[0]) => [
  ["a lost connection", Fault.connectionLost({ serverActs: true, after })] as const,
  ["a 504", Fault.answer(504, { serverActs: true, after })] as const
]

describe("a refund that is carried out late", () => {
  it.effect.each(late("9 seconds"))(
    "after %s is settled within the same call, if it is patient enough",
    ([, fault]) =>
      Effect.gen(function*() {
        yield* failNext(fault)
        assert.strictEqual(yield* refund(), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
      }).pipe(atDesk())
  )

  it.effect.each(late("10 minutes"))(
    "after %s is in doubt, and settled by whoever looks after it moved",
    ([, fault]) =>
      Effect.gen(function*() {
        yield* failNext(fault)
        assert.include(yield* refund(), "in doubt")
        assert.include(yield* resolve(), "in doubt")
        assert.strictEqual(yield* refund(200, otherKey), "RefundBlocked by ticket-1")
        yield* pass(600)
        assert.strictEqual(yield* refund(200, otherKey), "refunded, by evidence")
        assert.strictEqual(yield* resolve(), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[1000, 200], 2])
      }).pipe(atDesk())
  )

  it.effect.each([1, 20, 59])(
    "after %s s is not sent again within the settle window of a minute",
    (seconds) =>
      Effect.gen(function*() {
        yield* failNext(Fault.connectionLost({ serverActs: true, after: `${seconds} seconds` }))
        assert.strictEqual(yield* refund(), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
      }).pipe(atDesk({ policy: { settleWindow: "1 minute", patience: "5 minutes" } }))
  )

  it.effect.each([17, 40, 300])(
    "after %s s, where a guarded one was sent again meanwhile, moves money once, because FlexFactor refuses the second",
    (seconds) =>
      Effect.gen(function*() {
        yield* failNext(Fault.connectionLost({ serverActs: true, after: `${seconds} seconds` }))
        assert.strictEqual(yield* refund(3000), "refunded, by evidence")
        yield* pass(300)
        assert.strictEqual(yield* refund(3000), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[3000], 2])
      }).pipe(atDesk())
  )

  it.effect("while the guarded second send is refused for it, is refunded and not rejected", () =>
    Effect.gen(function*() {
      const first = Fault.connectionLost({ serverActs: true, after: "17 seconds" })
      yield* failNext(first, Fault.connectionLost({ serverActs: true, after: "2 seconds" }))
      assert.strictEqual(yield* refund(price), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[price], 2])
    }).pipe(atDesk()))

  it.effect("and is shown only after FlexFactor refused the second send, is not rejected either", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "10 seconds" }))
      assert.strictEqual(yield* refund(price), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[price], 2])
    }).pipe(atDesk({ simulator: { staleReads: "8 seconds" }, policy: { patience: "2 minutes" } })))
})
