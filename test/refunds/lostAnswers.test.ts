/**
 * What becomes of a refund whose answer is lost, by whether and when the server acted. The deadline of a call is 30
 * seconds.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Fault } from "../../src/testing/index.ts"
import { atDesk, failNext, moved, posts, refund, resolve, stateOf } from "./desk.ts"

const html = "<html><head><title>Please wait</title></head></html>"

/** Answers that say nothing of the money, whether the server acted or not. */
const answers = (acts: { readonly serverActs: boolean }): ReadonlyArray<readonly [name: string, Fault.Fault]> => [
  ["a lost connection", Fault.connectionLost(acts)],
  ...[500, 502, 503, 504, 408, 409, 302, 307].map((status) => [`a ${status}`, Fault.answer(status, acts)] as const),
  ["a 502 as HTML", Fault.answer(502, { body: html, ...acts })],
  ["a 200 as HTML", Fault.answer(200, { body: html, ...acts })],
  ["a 200 without a body", Fault.answer(200, acts)],
  ["a 200 that contradicts itself", Fault.answer(200, { body: { success: true, status: "FAILED" }, ...acts })]
]

const afterActing = [
  ...answers({ serverActs: true }),
  ["an answer that breaks off", Fault.truncated],
  ["an answer slower than the deadline", Fault.slow("1 second")],
  ["an answer later than the deadline", Fault.delayed("40 seconds")]
] as const

const beforeActing = answers({ serverActs: false })

describe("a refund that was carried out", () => {
  it.effect.each(afterActing)(
    "is settled by the order after %s, with one request",
    ([, fault]) =>
      Effect.gen(function*() {
        yield* failNext(fault)
        assert.strictEqual(yield* refund(), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
      }).pipe(atDesk())
  )

  it.effect.each(afterActing)(
    "is not sent again after %s, also where it would be allowed to",
    ([, fault]) =>
      Effect.gen(function*() {
        yield* failNext(fault)
        assert.strictEqual(yield* refund(3000), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[3000], 1])
      }).pipe(atDesk({ policy: { settleWindow: "1 second", patience: "10 minutes" } }))
  )
})

describe("a refund that was not carried out", () => {
  it.effect.each(beforeActing)(
    "stays in doubt after %s, and is not sent again on a guess",
    ([, fault]) =>
      Effect.gen(function*() {
        yield* failNext(fault)
        assert.include(yield* refund(), "in doubt")
        assert.include(yield* resolve(), "in doubt")
        assert.strictEqual(yield* stateOf(), "in doubt")
        assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
      }).pipe(atDesk())
  )

  it.effect.each(beforeActing)(
    "is sent again after %s where the balance does not suffice for two",
    ([, fault]) =>
      Effect.gen(function*() {
        yield* failNext(fault)
        assert.strictEqual(yield* refund(2501), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[2501], 2])
      }).pipe(atDesk())
  )

  it.effect.each(beforeActing)(
    "is sent again after %s once the settle window has passed",
    ([, fault]) =>
      Effect.gen(function*() {
        yield* failNext(fault)
        assert.strictEqual(yield* refund(), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 2])
      }).pipe(atDesk({ policy: { settleWindow: "1 minute", patience: "5 minutes" } }))
  )

  it.effect("is not sent again before the settle window has passed", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(yield* refund(), "in doubt: connection lost")
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
    }).pipe(atDesk({ policy: { settleWindow: "1 minute", patience: "50 seconds" } })))

  it.effect("is not sent again where two of it fit exactly into the balance", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(yield* refund(2500), "in doubt: connection lost")
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
    }).pipe(atDesk()))

  it.effect("is sent three times at most, and then stays in doubt", () =>
    Effect.gen(function*() {
      yield* failNext(...Array.from({ length: 5 }, () => Fault.connectionLost({ serverActs: false })))
      assert.strictEqual(yield* refund(3000), "in doubt: connection lost")
      assert.strictEqual(yield* resolve(), "in doubt: connection lost")
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 3])
    }).pipe(atDesk({ policy: { patience: "10 minutes" } })))

  it.effect("is sent as often as the policy allows", () =>
    Effect.gen(function*() {
      yield* failNext(...Array.from({ length: 5 }, () => Fault.connectionLost({ serverActs: false })))
      assert.strictEqual(yield* refund(3000), "in doubt: connection lost")
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
    }).pipe(atDesk({ policy: { maximumSends: 1, patience: "10 minutes", settleWindow: "1 second" } })))
})
