/**
 * What every journal does, wherever it keeps its refunds: the promises of `RefundJournal` as tests.
 */
import { assert } from "@effect/vitest"
import { Arbitrary, DateTime, Effect, type Layer, Option, Schema, type Scope, Stream } from "effect"
import { Cents } from "../../src/Money.ts"
import { OrderId } from "../../src/OrderId.ts"
import { isOpen, RefundEntry, RefundState } from "../../src/RefundEntry.ts"
import { RefundJournal, type Written } from "../../src/RefundJournal.ts"
import { RefundKey } from "../../src/RefundKey.ts"
import { anyEntry, at, complete, next, sending } from "./entries.ts"

/** Declares a test: as one that runs, or as one that was not run. */
export type Declare = <E>(name: string, test: () => Effect.Effect<void, E, Scope.Scope>) => void

const toJson = Schema.encodeSync(Schema.toCodecJson(RefundEntry))

/** Checks that entries are the same in every field, and that what is absent in the one is absent in the other. */
export const assertSame = (actual: ReadonlyArray<RefundEntry>, expected: ReadonlyArray<RefundEntry>): void =>
  assert.deepStrictEqual(actual.map((entry) => toJson(entry)), expected.map((entry) => toJson(entry)))

export const assertKept = Effect.fnUntraced(function*(expected: RefundEntry) {
  const kept = yield* RefundJournal.use(({ find }) => find(expected.key))
  assertSame(Option.toArray(kept), [expected])
})

/** How often each result occurs. */
export const tally = (results: ReadonlyArray<Written>): Readonly<Record<Written, number>> => {
  const count = { written: 0, changed: 0, busy: 0 }
  for (const result of results) count[result]++
  return count
}

const isOpenIn = (state: RefundState): boolean => isOpen({ ...complete, state })

const openStates = RefundState.literals.filter((state) => isOpenIn(state))
const closedStates = RefundState.literals.filter((state) => !isOpenIn(state))

export const declareBehaviours = <E>(declare: Declare, journal: Layer.Layer<RefundJournal, E>): void => {
  const check = <E>(
    name: string,
    test: (journal: RefundJournal["Service"]) => Effect.Effect<void, E, Scope.Scope | RefundJournal>
  ): void => declare(name, () => Effect.provide(RefundJournal.use(test), journal))

  check(
    "knows nothing of a key and of an order before they are written",
    ({ find, ofOrder, open }) =>
      Effect.gen(function*() {
        assert.isTrue(Option.isNone(yield* find(RefundKey.make("unknown"))))
        assert.deepStrictEqual(yield* ofOrder(OrderId.make("unknown")), [])
        assert.deepStrictEqual(yield* Stream.runCollect(open), [])
      })
  )

  check("gives back every field, and leaves out what was left out", ({ write }) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* write(complete), "written")
      yield* assertKept(complete)
      assert.hasAllKeys(complete, Object.keys(RefundEntry.fields))
      const sparse = sending("sparse", "order-sparse")
      assert.strictEqual(yield* write(sparse), "written")
      yield* assertKept(sparse)
      const forgotten = next(complete, sending("complete", "order-complete", { revision: 2 }))
      assert.strictEqual(yield* write(forgotten), "written")
      yield* assertKept(forgotten)
    }))

  check("gives back any refund as it was written", ({ write }) =>
    Effect.gen(function*() {
      let count = 0
      const result = yield* Arbitrary.checkEffect(anyEntry, (any) =>
        Effect.gen(function*() {
          const name = `any-${count++}`
          const entry = { ...any, key: RefundKey.make(name), orderId: OrderId.make(name) }
          assert.strictEqual(yield* write(entry), "written")
          yield* assertKept(entry)
          return true
        }), { runs: 100 })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    }))

  check(
    "replaces only the revision before: whoever comes second is told so, and alters nothing",
    ({ write }) =>
      Effect.gen(function*() {
        const first = sending("k", "o")
        const second = next(first, { state: "refunded", confirmedBy: "answer" })
        assert.strictEqual(yield* write(second), "changed")
        assert.strictEqual(yield* write(first), "written")
        assert.strictEqual(yield* write({ ...first, note: "again" }), "changed")
        assert.strictEqual(yield* write(next(second, {})), "changed")
        yield* assertKept(first)
        assert.strictEqual(yield* write(second), "written")
        assert.strictEqual(yield* write({ ...second, note: "again" }), "changed")
        yield* assertKept(second)
      })
  )

  check(
    "takes one open refund of an order: a second one is told that the order is busy",
    ({ ofOrder, write }) =>
      Effect.gen(function*() {
        const first = sending("first", "o")
        const other = sending("other", "o", { state: "not sent" })
        assert.strictEqual(yield* write(first), "written")
        assert.strictEqual(yield* write(sending("second", "o")), "busy")
        assert.strictEqual(yield* write(sending("third", "o", { state: "in doubt" })), "busy")
        assert.strictEqual(yield* write(other), "written")
        assert.strictEqual(yield* write(next(other, { state: "sending" })), "busy")
        assert.strictEqual(yield* write({ ...other, state: "sending" }), "changed")
        assert.strictEqual(yield* write(next(first, { state: "in doubt" })), "written")
        assert.strictEqual(yield* write(sending("elsewhere", "another-order")), "written")
        const kept = yield* ofOrder(first.orderId)
        assertSame(kept.toSorted((a, b) => a.key.localeCompare(b.key)), [next(first, { state: "in doubt" }), other])
      })
  )

  for (const state of openStates) {
    check(
      `holds the order for a refund that is ${state}, and lists it as open`,
      ({ open, write }) =>
        Effect.gen(function*() {
          const entry = sending("first", "o", { state })
          assert.strictEqual(yield* write(entry), "written")
          for (const other of openStates) assert.strictEqual(yield* write(sending("k", "o", { state: other })), "busy")
          assertSame(yield* Stream.runCollect(open), [entry])
        })
    )
  }

  for (const state of closedStates) {
    check(`frees the order once its refund is ${state}`, ({ write }) =>
      Effect.gen(function*() {
        const first = sending("first", "o")
        assert.strictEqual(yield* write(first), "written")
        assert.strictEqual(yield* write(next(first, { state })), "written")
        assert.strictEqual(yield* write(sending("second", "o")), "written")
        assert.strictEqual(yield* write(next(next(first, { state }), { state: "sending" })), "busy")
      }))
  }

  check("keeps no amount for a refund of all that is left, until it is sent", ({ write }) =>
    Effect.gen(function*() {
      const reserved = sending("k", "o", { state: "preparing", amount: Cents.make(0) })
      const released = next(reserved, { state: "not sent" })
      for (const entry of [reserved, released, next(released, { state: "preparing" })]) {
        assert.strictEqual(yield* write(entry), "written")
        yield* assertKept(entry)
      }
    }))

  check(
    "writes one of fifty refunds of an order that are opened at once",
    ({ ofOrder, open, write }) =>
      Effect.gen(function*() {
        const entries = Array.from({ length: 50 }, (_, n) => sending(`k-${n}`, "o"))
        const results = yield* Effect.forEach(entries, write, { concurrency: "unbounded" })
        assert.deepStrictEqual(tally(results), { written: 1, changed: 0, busy: 49 })
        assert.lengthOf(yield* ofOrder(OrderId.make("o")), 1)
        assert.lengthOf(yield* Stream.runCollect(open), 1)
      })
  )

  check("writes one of fifty next revisions that are made at once", ({ write }) =>
    Effect.gen(function*() {
      const first = sending("k", "o")
      yield* write(first)
      const entries = Array.from({ length: 50 }, (_, n) => next(first, { note: `${n}` }))
      const results = yield* Effect.forEach(entries, write, { concurrency: "unbounded" })
      assert.deepStrictEqual(tally(results), { written: 1, changed: 49, busy: 0 })
      const winner = entries[results.indexOf("written")]
      assert.isDefined(winner)
      if (winner !== undefined) yield* assertKept(winner)
    }))

  check(
    "lists what is open, the oldest first, and nothing that is closed",
    ({ open, write }) =>
      Effect.gen(function*() {
        const entries = Array.from({ length: 1_000 }, (_, n) =>
          sending(`k-${n}`, `o-${n}`, {
            createdAt: at(Math.floor(n / 3)),
            state: n % 10 === 0 ? "refunded" : n % 2 === 0 ? "sending" : "in doubt"
          }))
        yield* Effect.forEach(entries, write, { concurrency: 8 })
        const listed = yield* Stream.runCollect(open)
        const expected = entries.filter(({ state }) => state !== "refunded")
        const times = listed.map(({ createdAt }) => DateTime.toEpochMillis(createdAt))
        assert.deepStrictEqual(times, times.toSorted((a, b) => a - b))
        const byKey = (entries: ReadonlyArray<RefundEntry>) => entries.toSorted((a, b) => a.key.localeCompare(b.key))
        assertSame(byKey(listed), byKey(expected))
        assertSame(yield* Stream.runCollect(Stream.take(open, 1)), listed.slice(0, 1))
      })
  )
}
