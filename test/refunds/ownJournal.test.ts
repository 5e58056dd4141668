/**
 * A journal of one's own, written as a class.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { RefundJournal, RefundJournalError, Refunds } from "../../src/index.ts"
import { makeMemoryJournal } from "../../src/internal/refunds/memoryJournal.ts"
import { atDesk, moved, posts, refund, request, stateOf } from "./desk.ts"
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

  it.effect.each([["rejects", rejects], ["throws", throws]] as const)(
    "at the write after the send, as it %s, is asked again, and has the answer",
    ([, instead]) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* refund(), "refunded, by answer")
        assert.deepStrictEqual([yield* moved, yield* stateOf()], [[1000], "refunded"])
      }).pipe(atDesk({ totals: "none", journal: atFirst(({ revision }) => revision === 3, instead) }))
  )

  it.effect("at the write before the send, which it kept, is told that nothing was sent", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual([yield* refund(), yield* posts], ["RefundJournalError", 0])
      assert.strictEqual(yield* refund(), "refunded, by answer")
    }).pipe(atDesk({
      totals: "none",
      journal: atFirst(({ state }) => state === "sending", (journal, entry) =>
        Effect.andThen(journal.write(entry), rejects()))
    })))

  it.effect("before anything else fails, and its error shows nothing of what it threw", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Refunds.Refunds.use((refunds) => refunds.refund(request())))
      assert.strictEqual(error.message, "RefundJournal.find: it threw RangeError")
    }).pipe(atDesk({ journal: journalWith(() => ({ find: throws })) })))
})
