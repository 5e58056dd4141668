/**
 * The caller is interrupted: a refund that was sent is not lost, and not sent twice.
 */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Effect, Exit, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import {
  atDesk,
  failNext,
  failReading,
  inTime,
  inWords,
  keyOf,
  moved,
  otherKey,
  pass,
  posts,
  refund,
  refundNow,
  request,
  stateOf,
  untilIdle
} from "./desk.ts"

const passMillis = Effect.fnUntraced(function*(millis: number) {
  yield* untilIdle
  for (let n = 0; n < millis; n++) {
    yield* TestClock.adjust(1)
    yield* untilIdle
  }
})

const slowReading = Fault.delayed("4 millis")

/** A run of about twenty milliseconds, and what its one request meets. */
const requests: ReadonlyArray<readonly [name: string, Fault.Fault]> = [
  ["answered", Fault.delayed("8 millis")],
  ["answered byte by byte", Fault.slow("1 millis")],
  ["carried out, and its answer is lost", Fault.connectionLost({ serverActs: true, after: "5 millis" })],
  ["refused", Fault.answer(400)]
]

describe("a caller who is interrupted", () => {
  it.effect.each(requests)(
    "at any millisecond of a refund that is %s, can ask again and has it once",
    ([, fault]) =>
      Effect.gen(function*() {
        for (const millis of Arr.range(0, 24)) {
          const outcome = yield* Effect.gen(function*() {
            yield* failReading(slowReading, slowReading)
            yield* failNext(fault)
            const caller = yield* Effect.forkChild(refundNow())
            yield* passMillis(millis)
            const ending = yield* Effect.forkChild(Fiber.interrupt(caller))
            yield* passMillis(400)
            assert.isDefined(ending.pollUnsafe(), `interrupted at ${millis} ms, it has not ended`)
            const state = yield* stateOf()
            const isSent = (yield* posts) > 0 && fault._tag !== "Answer"
            assert.strictEqual(["sending", "in doubt", "refunded"].includes(state), isSent, `at ${millis} ms: ${state}`)
            // The fault may be there still, if nothing was sent.
            if ((yield* refund()) === "FlexFactorBadRequest") yield* refund()
            assert.deepStrictEqual(yield* moved, [1000], `at ${millis} ms`)
            return yield* posts
          }).pipe(atDesk())
          assert.isAtMost(outcome, fault._tag === "Answer" ? 2 : 1)
        }
      }),
    20_000
  )

  it.effect("before the first step of the refund can ask again", () =>
    Effect.gen(function*() {
      const caller = yield* Effect.forkChild(refundNow(), { startImmediately: true })
      yield* Fiber.interrupt(caller)
      assert.strictEqual(yield* refund(), "refunded, by evidence")
    }).pipe(atDesk()))

  it.effect("while the request is out, does not take along who asks for the same refund meanwhile", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.delayed("5 seconds"))
      const first = yield* Effect.forkChild(refundNow())
      yield* pass(1)
      yield* Effect.forkChild(Fiber.interrupt(first))
      yield* pass(1)
      const second = yield* Effect.forkChild(Effect.exit(refundNow()))
      yield* pass(10)
      assert.isTrue(Exit.isSuccess(yield* Fiber.join(second)))
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk()))

  it.effect.each([0, 1])(
    "leaves the result to the other one who waits for it, whichever of the two it is",
    (who) =>
      Effect.gen(function*() {
        yield* failNext(Fault.delayed("5 seconds"))
        const callers = [yield* Effect.forkChild(refundNow()), yield* Effect.forkChild(refundNow())]
        yield* pass(1)
        yield* Fiber.interrupt(callers[who] ?? assert.fail())
        const outcome = yield* inTime(Fiber.join(callers[1 - who] ?? assert.fail()))
        assert.strictEqual(inWords(outcome), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
      }).pipe(atDesk())
  )

  it.effect("while he waits for evidence is let go at once, and the order is free for who comes next", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "20 seconds" }))
      const caller = yield* Effect.forkChild(refundNow())
      yield* pass(10)
      yield* Fiber.interrupt(caller)
      assert.strictEqual(yield* refund(500, otherKey), "RefundBlocked by ticket-1")
      yield* pass(20)
      assert.strictEqual(yield* refund(500, otherKey), "refunded, by evidence")
      assert.strictEqual(yield* refund(), "refunded, by evidence")
    }).pipe(atDesk()))

  it.effect("while he waits for his turn does not keep others from theirs", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.delayed("5 seconds"))
      const first = yield* Effect.forkChild(refundNow())
      yield* pass(1)
      const second = yield* Effect.forkChild(refundNow(200, otherKey))
      const third = yield* Effect.forkChild(refundNow(300, keyOf("ticket-3")))
      yield* pass(1)
      yield* Fiber.interrupt(second)
      assert.strictEqual(inWords(yield* inTime(Fiber.join(third))), "refunded, by evidence")
      assert.strictEqual(inWords(yield* Fiber.join(first)), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* stateOf(otherKey)], [[1000, 300], "unknown"])
    }).pipe(atDesk()))

  it.effect("of many refunds finds each settled or not sent when it runs them again", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const rows = Arr.makeBy(10, (index) => request(100, keyOf(`row-${index}`)))
      yield* failNext(...Arr.makeBy(5, () => Fault.delayed("3 seconds")))
      const run = yield* Effect.forkChild(Stream.runDrain(refunds.many(rows)))
      yield* pass(7)
      yield* inTime(Fiber.interrupt(run))
      yield* inTime(Stream.runDrain(refunds.many(rows)))
      assert.deepStrictEqual(yield* moved, Arr.makeBy(10, () => 100))
      assert.strictEqual(yield* posts, 10)
    }).pipe(atDesk()))
})

describe("a service that ends", () => {
  it.effect("waits for the answer of what it sent, and writes it down", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.delayed("5 seconds"))
      const service = yield* Effect.forkChild(Effect.scoped(Effect.gen(function*() {
        const refunds = yield* Refunds.make()
        yield* Effect.forkDetach(Effect.exit(refunds.refund(request())))
        yield* Effect.sleep("1 second")
      })))
      yield* pass(3)
      assert.isUndefined(service.pollUnsafe())
      yield* pass(10)
      assert.isDefined(service.pollUnsafe())
      assert.strictEqual(yield* stateOf(), "in doubt")
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDesk()))
})
