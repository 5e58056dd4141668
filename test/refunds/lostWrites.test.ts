/**
 * The journal keeps a write, and its answer is lost: what it says afterwards and what the caller was told agree with the
 * money.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Random } from "effect"
import { TestClock } from "effect/testing"
import { RefundJournal, RefundJournalError } from "../../src/index.ts"
import { send } from "../../src/internal/refunds/send.ts"
import { makeWorkplace } from "../../src/internal/refunds/workplace.ts"
import { Fault } from "../../src/testing/index.ts"
import { atDesk, failNext, key, moved, otherKey, posts, refund, stateOf } from "./desk.ts"
import { journalWith } from "./journals.ts"

const lost = Effect.fail(new RefundJournalError({ operation: "write", reason: "the connection is lost" }))

/** A journal that keeps what it is given, and loses its answer to the nth write. */
const losing = (nth: number) => {
  let writes = 0
  return journalWith((journal) => ({
    write: (entry) => Effect.filterOrElse(journal.write(entry), () => writes++ !== nth, () => lost)
  }))
}

/** A journal that keeps that a refund is being sent, loses the answer, and is gone from then on until it is back. */
const goneAfterSending = (isBack: () => boolean) => {
  let isGone = false
  return journalWith((journal) => ({
    write: (entry) =>
      Effect.suspend(() => {
        if (isGone && !isBack()) return lost
        if (entry.state !== "sending" || isBack()) return journal.write(entry)
        isGone = true
        return Effect.andThen(journal.write(entry), lost)
      })
  }))
}

const faults = {
  "none": Fault.delayed(0),
  "a lost answer": Fault.connectionLost({ serverActs: true }),
  "a refused connection": Fault.answer(429)
} as const

/** What the caller is told of a refund whose nth write is kept in secret, with each fault. */
const expected: ReadonlyArray<readonly [nth: number, fault: keyof typeof faults, told: string, sent: number]> = [
  [0, "none", "RefundJournalError", 0],
  [1, "none", "RefundJournalError", 0],
  [2, "none", "refunded, by evidence", 1],
  [3, "none", "in doubt: not recorded", 1],
  [2, "a lost answer", "refunded, by evidence", 1],
  [3, "a lost answer", "in doubt: connection lost", 1],
  [2, "a refused connection", "FlexFactorTooManyRequests", 1]
]

describe("a journal that keeps a write and loses its answer", () => {
  it.effect.each(expected)(
    "at write %i, with %s: the caller is told %s, and money moves once in the end",
    ([nth, fault, told, sent]) =>
      Effect.gen(function*() {
        yield* failNext(faults[fault])
        assert.strictEqual(yield* refund(), told)
        assert.strictEqual(yield* posts, sent)
        // Asking again brings it to its end, and frees the order.
        let again = yield* refund()
        if (again.startsWith("RefundBlocked")) again = yield* refund()
        assert.match(again, /^refunded/)
        assert.match(yield* refund(500, otherKey), /^refunded/)
        assert.deepStrictEqual(yield* moved, [1000, 500])
      }).pipe(atDesk({ journal: losing(nth) }))
  )

  it.effect("and is gone then, when it was to note the send: nothing was sent, and the refund is in doubt, not lost", () => {
    let isBack = false
    return Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "in doubt: not recorded")
      assert.deepStrictEqual([yield* posts, yield* stateOf()], [0, "sending"])
      isBack = true
      assert.strictEqual(yield* refund(), "in doubt: interrupted")
      assert.deepStrictEqual([yield* posts, yield* moved], [0, []])
    }).pipe(atDesk({ journal: goneAfterSending(() => isBack) }))
  })
})

describe("a journal that fails one of two workers who send a refund again at the same time", () => {
  it.effect.each([["0 seconds", "a different"], ["1 second", "a different"], ["1 second", "the same"]] as const)(
    "keeps what the other one wrote, who began %s before, with %s seed of random numbers",
    ([earlier, seed]) => {
      let fails = false
      const journal = journalWith((journal) => ({
        write: (entry) =>
          Effect.suspend(() => {
            if (!fails) return journal.write(entry)
            fails = false
            return lost
          })
      }))
      return Effect.gen(function*() {
        yield* failNext(Fault.connectionLost({ serverActs: false }), Fault.delayed("5 seconds"))
        assert.strictEqual(yield* refund(), "in doubt: connection lost")
        const place = yield* Effect.orDie(makeWorkplace({}))
        const entry = yield* RefundJournal.RefundJournal.use((journal) => journal.find(key)).pipe(
          Effect.flatMap(Effect.fromOption)
        )
        const one = yield* Effect.forkChild(Random.withSeed(send(place, entry), "the same"))
        yield* TestClock.adjust(earlier)
        fails = true
        const other = yield* Effect.flip(Random.withSeed(send(place, entry), seed))
        const meanwhile = yield* stateOf()
        yield* TestClock.adjust("6 seconds")
        const sent = yield* Fiber.join(one)
        assert.deepStrictEqual([other._tag, meanwhile], ["RefundOutcomeUnknown", "sending"])
        assert.strictEqual(sent._tag === "Recorded" ? sent.entry.sends : undefined, 2)
        assert.deepStrictEqual(yield* moved, [1000])
      }).pipe(Effect.scoped, atDesk({ journal }))
    }
  )
})
