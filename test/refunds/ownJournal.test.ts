/**
 * A journal of one's own, written as a class.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Stream } from "effect"
import { RefundJournal, RefundJournalError, Refunds } from "../../src/index.ts"
import { makeMemoryJournal } from "../../src/internal/refunds/memoryJournal.ts"
import { atDesk, moved, posts, refund, refundNow, request, stateOf, untilIdle } from "./desk.ts"
import { atFirst, journalWith } from "./journals.ts"

class Journal {
  readonly #kept = makeMemoryJournal()
  readonly find = this.#kept.find
  readonly ofOrder = this.#kept.ofOrder
  readonly write = this.#kept.write
  #isClosed: boolean
  constructor(isClosed: boolean) {
    this.#isClosed = isClosed
  }
  get open() {
    return this.#kept.open
  }
  get mayBegin() {
    return this.#isClosed
      ? Effect.fail(new RefundJournalError({ operation: "write", reason: "closed for the night" }))
      : Effect.void
  }
}

const over = (isClosed: boolean) =>
  atDesk({ journal: Layer.succeed(RefundJournal.RefundJournal, new Journal(isClosed)) })

describe("a journal that is an instance of a class", () => {
  it.effect("lists what is open", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual(yield* Refunds.Refunds.use(({ open }) => Stream.runCollect(open)), [])
    }).pipe(over(false)))

  it.effect("can refuse that a refund begins", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual([yield* refund(), yield* posts], ["RefundJournalError", 0])
    }).pipe(over(true)))
})

describe("a journal that throws", () => {
  const rejects = () => Effect.promise(() => Promise.reject(new RangeError("the store of 4111111111111111 is away")))
  const throws = () => {
    throw new RangeError("the store of 4111111111111111 is away")
  }

  const interrupts = () => Effect.interrupt

  it.effect.each([["rejects", rejects], ["throws", throws], ["is interrupted", interrupts]] as const)(
    "at the write after the send, where it %s, is asked again, and has the answer",
    ([, instead]) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* refund(), "refunded, by answer")
        assert.deepStrictEqual([yield* moved, yield* stateOf()], [[1000], "refunded"])
      }).pipe(atDesk({ totals: "none", journal: atFirst(({ revision }) => revision === 3, instead) }))
  )

  it.effect.each([["rejects", rejects], ["is interrupted", interrupts]] as const)(
    "at the write before the send, which it kept, where it %s, is told that nothing was sent",
    ([, after]) =>
      Effect.gen(function*() {
        assert.deepStrictEqual([yield* refund(), yield* posts], ["RefundJournalError", 0])
        assert.strictEqual(yield* refund(), "refunded, by answer")
      }).pipe(atDesk({
        totals: "none",
        journal: atFirst(({ state }) => state === "sending", (journal, entry) =>
          Effect.andThen(journal.write(entry), after()))
      }))
  )

  it.effect("where it is asked whether a refund may begin fails", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual([yield* refund(), yield* posts], ["RefundJournalError", 0])
    }).pipe(atDesk({ journal: journalWith(() => ({ mayBegin: rejects() })) })))

  it.effect("nothing, but hangs, lets a caller go who is interrupted", () =>
    Effect.gen(function*() {
      const caller = yield* Effect.forkChild(refundNow())
      yield* untilIdle
      yield* Fiber.interrupt(caller)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(caller)))
    }).pipe(atDesk({ journal: journalWith(() => ({ find: () => Effect.never })) })))

  it.effect("before anything else fails, and its error shows nothing of what it threw", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Refunds.Refunds.use((refunds) => refunds.refund(request())))
      assert.strictEqual(error.message, "RefundJournal.find: it threw RangeError")
    }).pipe(atDesk({ journal: journalWith(() => ({ find: throws })) })))
})
