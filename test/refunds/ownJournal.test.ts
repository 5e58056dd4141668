/**
 * A journal of one's own, written as a class.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { RefundJournal, RefundJournalError, Refunds } from "../../src/index.ts"
import { makeMemoryJournal } from "../../src/internal/refunds/memoryJournal.ts"
import { atDesk, posts, refund } from "./desk.ts"

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
