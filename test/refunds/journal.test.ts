/**
 * The journal fails: what it does not know was not sent, and what was sent is never called not sent.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { type RefundEntry, RefundJournalError } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import {
  atDesk,
  failNext,
  inTime,
  inWords,
  moved,
  otherKey,
  pass,
  posts,
  refund,
  refundNow,
  refundRemaining,
  resolve,
  stateOf
} from "./desk.ts"
import { atFirst, journalWith } from "./journals.ts"

type Operation = "find" | "ofOrder" | "write"

const gone = (operation: Operation) => Effect.fail(new RefundJournalError({ operation, reason: "gone" }))

/** A journal that refuses to write what is picked. */
const refusing = (isRefused: (entry: RefundEntry) => boolean) =>
  journalWith((journal) => ({ write: (entry) => isRefused(entry) ? gone("write") : journal.write(entry) }))

/** Calls that fail as long as something is so. */
const failing = (operation: Operation, isDown: () => boolean) =>
  journalWith((journal) => ({
    [operation]: (given: never) =>
      Effect.suspend((): Effect.Effect<unknown, RefundJournalError> =>
        isDown() ? gone(operation) : journal[operation](given)
      )
  }))

describe("a journal that fails before the send", () => {
  it.effect.each<Operation>(["find", "ofOrder", "write"])(
    "in %s is the error, and nothing is sent",
    (operation) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* refund(), "RefundJournalError")
        assert.strictEqual(inWords(yield* refundRemaining()), "RefundJournalError")
        assert.deepStrictEqual([yield* moved, yield* posts], [[], 0])
      }).pipe(atDesk({ journal: failing(operation, () => true) }))
  )

  it.effect("when it is about to note the send is the error, nothing is sent, and the order is free soon", () => {
    let isDown = true
    return Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "RefundJournalError")
      assert.strictEqual(yield* posts, 0)
      isDown = false
      assert.strictEqual(yield* refund(500, otherKey), "refunded, by evidence")
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [500, 1000])
    }).pipe(atDesk({ journal: refusing(({ state }) => isDown && state === "sending") }))
  })

  it.effect("or takes so long that others may take over, is the error, and nothing is sent", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "RefundJournalError")
      assert.deepStrictEqual([yield* stateOf(), yield* posts], ["not sent", 0])
    }).pipe(atDesk({
      policy: { sendTimeout: "3 seconds" },
      journal: journalWith((journal) => ({
        write: (entry) => Effect.delay(journal.write(entry), entry.state === "sending" ? "4 seconds" : 0)
      }))
    })))
})

describe("a journal that fails after the send", () => {
  it.effect("is tried again, and a hiccup is not noticed", () => {
    let refusals = 5
    return Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual([refusals, yield* posts], [0, 1])
    }).pipe(atDesk({
      journal: refusing(({ state }) => {
        if (state !== "in doubt" || refusals === 0) return false
        refusals -= 1
        return true
      })
    }))
  })

  it.effect("for good leaves the doubt that it is not recorded, and is settled once it is back", () => {
    let isDown = true
    return Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "in doubt: not recorded")
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["sending", [1000]])
      isDown = false
      yield* pass(120)
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDesk({ journal: refusing(({ state }) => isDown && (state === "in doubt" || state === "refunded")) }))
  })

  it.effect("while evidence is read is a doubt, and no error that denies one", () => {
    let isDown = false
    return Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "3 seconds" }))
      const refunding = yield* Effect.forkChild(refundNow())
      yield* pass(1)
      isDown = true
      assert.strictEqual(inWords(yield* inTime(Fiber.join(refunding))), "in doubt: connection lost")
      isDown = false
      yield* pass(3)
      assert.strictEqual(yield* resolve(), "refunded, by evidence")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDesk({ journal: failing("find", () => isDown) }))
  })

  it.effect("when a verdict is to be written is a doubt, never the claim that nothing was sent", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "in doubt: not recorded")
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["in doubt", [1000]])
    }).pipe(atDesk({ journal: refusing(({ state }) => state === "refunded") })))

  it.effect("before it could be sent again leaves the doubt of the first send", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(yield* refund(3000), "in doubt: connection lost")
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
    }).pipe(atDesk({ journal: refusing(({ sends, state }) => state === "sending" && sends === 2) })))
})

describe("a write that somebody else came before", () => {
  it.effect("gives way to what is settled there", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "not applied, by person")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk({
      journal: atFirst(({ state }) => state === "in doubt", (journal, entry) => {
        return Effect.andThen(
          journal.write({ ...entry, state: "not applied", confirmedBy: "person" }),
          journal.write(entry)
        )
      })
    })))

  it.effect("adds the answer to what is open there", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by answer")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk({
      totals: "none",
      journal: atFirst(({ answer }) => answer === "yes", (journal, entry) => {
        const inDoubt = Effect.flatMap(
          Effect.flatMap(journal.find(entry.key), Effect.fromOption),
          (sending) => journal.write({ ...sending, state: "in doubt", doubt: "interrupted", revision: entry.revision })
        )
        return Effect.andThen(Effect.orDie(inDoubt), journal.write(entry))
      })
    })))

  it.effect("whose own answer was lost is not made twice", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk({
      journal: atFirst(({ state }) => state === "in doubt", (journal, entry) => {
        return Effect.andThen(journal.write(entry), gone("write"))
      })
    })))
})
