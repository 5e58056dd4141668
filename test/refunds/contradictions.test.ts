/**
 * A journal that contradicts itself or does not answer: nobody goes round in circles, and nobody waits for ever.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { type RefundEntry, RefundEvidence, RefundJournal, Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import {
  atDesk,
  cents,
  failNext,
  id,
  inTime,
  inWords,
  key,
  moved,
  otherKey,
  pass,
  posts,
  refund,
  request,
  stateOf
} from "./desk.ts"
import { journalWith } from "./journals.ts"

describe("a journal that says that an entry was changed, and shows no change,", () => {
  it.effect("before the send is an error, and nothing is sent", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "RefundJournalError")
      assert.strictEqual(yield* posts, 0)
    }).pipe(atDesk({ journal: journalWith(() => ({ write: () => Effect.succeed("changed" as const) })) })))

  it.effect("after the send leaves a doubt", () => {
    const isVerdict = ({ state }: RefundEntry) => state !== "preparing" && state !== "sending" && state !== "not sent"
    return Effect.gen(function*() {
      assert.match(yield* refund(), /^in doubt/)
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk({
      journal: journalWith((journal) => ({
        write: (entry) => isVerdict(entry) ? Effect.succeed("changed" as const) : journal.write(entry)
      }))
    }))
  })
})

describe("a journal that does not answer", () => {
  for (const hanging of ["preparing", "sending"] as const) {
    it.effect(`when it is to write that a refund is ${hanging} is an error after a while, and nothing is sent`, () =>
      Effect.gen(function*() {
        assert.strictEqual(yield* refund(), "RefundJournalError")
        assert.strictEqual(yield* posts, 0)
      }).pipe(atDesk({
        journal: journalWith((journal) => ({
          write: (entry) => entry.state === hanging ? Effect.never : journal.write(entry)
        }))
      })))
  }
})

describe("a reading that is never answered", () => {
  /** The nth call hangs, and every other one is answered. */
  const hangsAt = (nth: number) => {
    let calls = 0
    return <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
      Effect.suspend(() => (calls += 1) === nth ? Effect.never : effect)
  }

  for (const [operation, nth] of [["find", 1], ["ofOrder", 1], ["ofOrder", 2]] as const) {
    it.effect(`of the journal before the send (${operation}, ${nth}) is an error after a while, and nothing is sent`, () => {
      const at = hangsAt(nth)
      return Effect.gen(function*() {
        assert.strictEqual(yield* refund(), "RefundJournalError")
        assert.deepStrictEqual([yield* posts, yield* refund()], [0, "refunded, by evidence"])
      }).pipe(atDesk({
        journal: journalWith((journal) => ({
          find: (key) => operation === "find" ? at(journal.find(key)) : journal.find(key),
          ofOrder: (orderId) => operation === "ofOrder" ? at(journal.ofOrder(orderId)) : journal.ofOrder(orderId)
        }))
      }))
    })
  }

  for (
    const [when, nth, outcome] of [["before", 1, "FlexFactorTimeout"], ["after", 2, "refunded, by evidence"]] as const
  ) {
    it.effect(`of the evidence ${when} the send keeps nobody for ever: ${outcome}`, () =>
      Effect.gen(function*() {
        const evidence = yield* RefundEvidence.RefundEvidence
        const at = hangsAt(nth)
        const refunds = yield* Refunds.make({ patience: "5 minutes" }).pipe(
          Effect.provideService(RefundEvidence.RefundEvidence, { read: (orderId) => at(evidence.read(orderId)) }),
          Effect.orDie
        )
        assert.strictEqual(inWords(yield* inTime(Effect.result(refunds.refund(request())))), outcome)
        assert.strictEqual(inWords(yield* inTime(Effect.result(refunds.refund(request())))), "refunded, by evidence")
        assert.deepStrictEqual(yield* moved, [1000])
      }).pipe(atDesk()))
  }
})

it.effect("a journal that does not answer after the send leaves a doubt, and its order to others", () => {
  let hangs = true
  return Effect.gen(function*() {
    assert.strictEqual(yield* refund(), "in doubt: not recorded")
    hangs = false
    assert.deepStrictEqual([yield* stateOf(), yield* moved], ["sending", [1000]])
    assert.strictEqual(yield* refund(2000, otherKey), "refunded, by evidence")
    assert.deepStrictEqual([yield* stateOf(), yield* moved], ["refunded", [1000, 2000]])
  }).pipe(atDesk({
    journal: journalWith((journal) => ({
      write: (entry) => hangs && entry.state === "in doubt" ? Effect.never : journal.write(entry)
    }))
  }))
})

describe("a worker that died while it prepared a refund", () => {
  const died = (orderId = id): RefundEntry => ({
    key,
    orderId,
    amount: cents(1000),
    state: "preparing",
    revision: 1,
    sends: 0,
    sendEndsAt: DateTime.makeUnsafe(20_000),
    before: { at: DateTime.makeUnsafe(0) },
    createdAt: DateTime.makeUnsafe(0),
    updatedAt: DateTime.makeUnsafe(0)
  })

  it.effect("binds its key while the reservation lasts, and not after, because nothing was sent", () =>
    Effect.gen(function*() {
      const journal = yield* RefundJournal.RefundJournal
      yield* journal.write(died())
      assert.strictEqual(yield* refund(500), "RefundKeyReused: amount")
      yield* pass(20)
      assert.strictEqual(yield* refund(500), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [500])
    }).pipe(atDesk()))

  it.effect("holds its order for as long as the reservation lasts, and no longer", () =>
    Effect.gen(function*() {
      const journal = yield* RefundJournal.RefundJournal
      yield* journal.write(died())
      assert.strictEqual(yield* refund(2000, otherKey), "refunded, by evidence")
      assert.strictEqual(yield* refund(500), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [2000, 500])
    }).pipe(atDesk()))
})

it.effect("a refund whose first send is lost to a full outage of the journal is not sent a second time", () => {
  let isDown = false
  return Effect.gen(function*() {
    yield* failNext(Fault.connectionLost({ serverActs: true }))
    assert.strictEqual(yield* refund(), "in doubt: not recorded")
    isDown = false
    assert.match(yield* refund(), /^in doubt|^refunded/)
    assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
  }).pipe(atDesk({
    journal: journalWith((journal) => ({
      write: (entry) =>
        Effect.suspend(() => {
          if (entry.state === "sending") isDown = true
          return isDown && entry.state === "in doubt" ? Effect.never : journal.write(entry)
        })
    }))
  }))
})

describe("a person who settles a refund", () => {
  const inDoubt = Effect.gen(function*() {
    yield* failNext(Fault.connectionLost({ serverActs: false }))
    yield* refund()
    return yield* Refunds.Refunds
  })

  it.effect.each(
    [
      ["verdict", { verdict: "Refunded" }],
      ["verdict", {}],
      ["note", { verdict: "refunded", note: " " }]
    ] as const
  )("has to say the %s rightly: %o", ([field, finding]) =>
    Effect.gen(function*() {
      const refunds = yield* inDoubt
      const error = yield* Effect.flip(refunds.settle(key, finding as Refunds.PersonsFinding))
      assert.strictEqual(error._tag === "FlexFactorInvalidRequest" ? error.field : error._tag, field)
      assert.strictEqual(yield* stateOf(), "in doubt")
    }).pipe(atDesk()))

  it.effect("is not kept by a journal that says again and again that somebody else was first", () => {
    let contradicts = false
    return Effect.gen(function*() {
      const refunds = yield* inDoubt
      contradicts = true
      const error = yield* Effect.flip(refunds.settle(key, { verdict: "refunded" }))
      assert.strictEqual(error._tag, "RefundJournalError")
    }).pipe(atDesk({
      journal: journalWith((journal) => ({
        write: (entry) => contradicts ? Effect.succeed("changed" as const) : journal.write(entry)
      }))
    }))
  })
})
