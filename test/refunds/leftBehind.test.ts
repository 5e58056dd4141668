/**
 * What a process leaves in the journal that died while it was at a refund.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Stream } from "effect"
import { type RefundEntry, RefundJournal } from "../../src/index.ts"
import { atDesk, cents, id, key, moved, otherKey, pass, refund, resolve, settle, stateOf } from "./desk.ts"

const year = 365 * 24 * 3600 * 1000

/** Has the journal hold what a process wrote before it died. */
const leave = (state: "preparing" | "sending", writtenAt: number) =>
  RefundJournal.RefundJournal.use((journal) => {
    const at = DateTime.makeUnsafe(writtenAt)
    const entry: RefundEntry = {
      key,
      orderId: id,
      amount: cents(1000),
      balance: cents(5000),
      state,
      revision: 1,
      sends: state === "sending" ? 1 : 0,
      sendEndsAt: DateTime.makeUnsafe(writtenAt + 20_000),
      before: { at, status: "Completed", ...(state === "sending" ? { refunded: cents(0) } : {}) },
      createdAt: at,
      updatedAt: at
    }
    return journal.write(entry)
  })

const open = RefundJournal.RefundJournal.use((journal) => Stream.runCount(journal.open))

describe("a reservation that a dead process left", () => {
  it.effect.each(["resolve", "settle"])(
    "is closed by %s, which says that nothing is in doubt",
    (way) =>
      Effect.gen(function*() {
        yield* leave("preparing", 0)
        yield* pass(60)
        assert.strictEqual(yield* open, 1)
        assert.strictEqual(yield* (way === "resolve" ? resolve() : settle("not refunded")), "RefundNotInDoubt")
        assert.deepStrictEqual([yield* open, yield* stateOf()], [0, "not sent"])
      }).pipe(atDesk())
  )
})

describe("what a process left whose clock was a year ahead", () => {
  it.effect("holds an order no longer than a send takes, where it was a reservation", () =>
    Effect.gen(function*() {
      yield* leave("preparing", year)
      assert.strictEqual(yield* refund(500, otherKey), "refunded, by evidence")
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [500, 1000])
    }).pipe(atDesk()))

  it.effect("is in doubt, and a person can settle it, where it was a send", () =>
    Effect.gen(function*() {
      yield* leave("sending", year)
      assert.strictEqual(yield* refund(500, otherKey), `RefundBlocked by ${key}`)
      assert.strictEqual(yield* settle("not refunded"), "not applied")
      assert.strictEqual(yield* refund(500, otherKey), "refunded, by evidence")
    }).pipe(atDesk()))
})
