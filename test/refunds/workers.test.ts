/**
 * Several workers over one journal, some of which end in the middle.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Scope } from "effect"
import { type RefundEntry, RefundJournal, Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import {
  anotherWorker,
  atDesk,
  failNext,
  failReading,
  inTime,
  inWords,
  moved,
  otherKey,
  pass,
  posts,
  price,
  refund,
  refundNow,
  refundRemaining,
  request,
  settle,
  stateOf
} from "./desk.ts"

type State = RefundEntry["state"]

/**
 * A worker that ends when it is about to write a state, or right after: its process never goes on, and nothing of it is
 * cleaned up.
 */
const dyingWorker = Effect.fnUntraced(function*(when: "before" | "after", state: State) {
  const journal = yield* RefundJournal.RefundJournal
  let isDead = false
  const dying = RefundJournal.RefundJournal.of({
    ...journal,
    write: (entry) =>
      Effect.suspend(() => {
        if (isDead) return Effect.never
        if (entry.state !== state) return journal.write(entry)
        isDead = true
        return when === "before" ? Effect.never : Effect.andThen(journal.write(entry), Effect.never)
      })
  })
  const refunds = yield* Effect.orDie(Refunds.make()).pipe(
    Effect.provideService(RefundJournal.RefundJournal, dying),
    // Whoever closed this scope would wait for what the worker had begun.
    Effect.provideService(Scope.Scope, yield* Scope.make())
  )
  yield* Effect.forkDetach(refunds.refund(request()))
  yield* pass(1)
})

/** When it ends, the state that the journal is in, and how often money had moved by then. */
const endings: ReadonlyArray<readonly [when: "before" | "after", writes: State, state: string, movements: number]> = [
  ["before", "preparing", "unknown", 0],
  ["after", "preparing", "preparing", 0],
  ["before", "sending", "preparing", 0],
  ["after", "sending", "sending", 0],
  ["before", "in doubt", "sending", 1],
  ["after", "in doubt", "in doubt", 1],
  ["before", "refunded", "in doubt", 1],
  ["after", "refunded", "refunded", 1]
]

describe("a worker that ends", () => {
  for (const [when, writes, state, movements] of endings) {
    const name = `${when} it writes "${writes}"`

    it.effect(`${name} leaves the refund to the next one, who has it once or keeps the doubt`, () =>
      Effect.gen(function*() {
        yield* dyingWorker(when, writes)
        assert.deepStrictEqual([yield* stateOf(), (yield* moved).length], [state, movements])
        yield* pass(130)
        const outcome = yield* refund()
        const isLost = when === "after" && writes === "sending"
        assert.strictEqual(outcome, isLost ? "in doubt: interrupted" : "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], isLost ? [[], 0] : [[1000], 1])
      }).pipe(atDesk()))

    it.effect(`${name} does not keep the order for ever, as its refund can be looked into`, () =>
      Effect.gen(function*() {
        yield* dyingWorker(when, writes)
        const outcome = yield* refund(500, otherKey)
        const isLost = when === "after" && writes === "sending"
        assert.strictEqual(outcome, isLost ? "RefundBlocked by ticket-1" : "refunded, by evidence")
        if (isLost) assert.strictEqual(yield* settle("not refunded"), "not applied")
        assert.strictEqual(yield* refund(500, otherKey), "refunded, by evidence")
      }).pipe(atDesk()))
  }

  it.effect("after it said that it would send, and before it did, has its refund sent after the window", () =>
    Effect.gen(function*() {
      yield* dyingWorker("after", "sending")
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk({ policy: { settleWindow: "1 minute", patience: "10 minutes" } })))

  it.effect("keeps its refund to itself for as long as it may still be sending it", () =>
    Effect.gen(function*() {
      yield* dyingWorker("after", "sending")
      assert.strictEqual(yield* refund(), "in doubt: interrupted")
      assert.strictEqual(yield* settle("not refunded"), "RefundNotInDoubt")
      assert.deepStrictEqual([yield* stateOf(), yield* posts], ["sending", 0])
    }).pipe(atDesk({ policy: { settleWindow: "1 second" } })))
})

describe("a worker that is still sending", () => {
  it.effect("is waited for, and both give the same result", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.delayed("20 seconds"))
      const worker = yield* anotherWorker()
      const first = yield* Effect.forkChild(refundNow())
      yield* pass(1)
      const second = yield* Effect.forkChild(Effect.result(worker.refund(request())))
      yield* pass(60)
      assert.strictEqual(inWords(yield* Fiber.join(first)), "refunded, by evidence")
      assert.strictEqual(inWords(yield* Fiber.join(second)), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk()))

  it.effect("is not raced, also by one that would send again at once", () =>
    Effect.gen(function*() {
      const impatient = yield* anotherWorker({ readingGap: 1, settleWindow: 1, patience: 0 })
      yield* failNext(Fault.delayed("25 seconds"))
      const first = yield* Effect.forkChild(refundNow(4000))
      for (let second = 0; second < 25; second++) {
        yield* pass(1)
        yield* Effect.result(impatient.refund(request(4000)))
      }
      assert.strictEqual(yield* posts, 1)
      yield* inTime(Fiber.join(first))
    }).pipe(atDesk()))

  it.effect("and is waited for by the refund of another key, until its own turn comes", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.delayed("20 seconds"))
      const worker = yield* anotherWorker()
      const first = yield* Effect.forkChild(refundNow())
      yield* pass(1)
      const second = yield* Effect.forkChild(Effect.result(worker.refund(request(4500, otherKey))))
      yield* pass(60)
      assert.strictEqual(inWords(yield* Fiber.join(second)), "RefundExceedsBalance")
      assert.strictEqual(inWords(yield* Fiber.join(first)), "refunded, by evidence")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDesk()))

  it.effect("does not outlive the time in which it is left alone, also where the journal was slow", () =>
    Effect.gen(function*() {
      const journal = yield* RefundJournal.RefundJournal
      const slow = RefundJournal.RefundJournal.of({
        ...journal,
        write: (entry) => Effect.delay(journal.write(entry), entry.state === "sending" ? "4 seconds" : 0)
      })
      const worker = yield* anotherWorker({ sendTimeout: "10 seconds" }).pipe(
        Effect.provideService(RefundJournal.RefundJournal, slow)
      )
      yield* failNext(Fault.delayed("25 seconds"))
      const caller = yield* Effect.forkChild(worker.refund(request()))
      yield* pass(9)
      assert.strictEqual(yield* stateOf(), "sending")
      yield* pass(1)
      assert.notStrictEqual(yield* stateOf(), "sending")
      assert.strictEqual((yield* inTime(Fiber.join(caller))).confirmedBy, "evidence")
    }).pipe(atDesk()))

  it.effect("give no receipt for another amount, if one of them prepares a refund of all that is left", () =>
    Effect.gen(function*() {
      yield* failReading(Fault.delayed("5 seconds"))
      const all = yield* Effect.forkChild(refundRemaining())
      yield* pass(1)
      const other = yield* anotherWorker()
      const outcome = yield* inTime(Effect.result(other.refund(request(1000))))
      assert.strictEqual(inWords(outcome), "RefundKeyReused: amount")
      assert.strictEqual(inWords(yield* Fiber.join(all)), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [price])
    }).pipe(atDesk()))
})
