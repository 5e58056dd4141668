/**
 * A refund that one worker is at, while another one, a person in the portal, or a write in the journal comes between.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Result } from "effect"
import { Orders, RefundEvidence, RefundJournal, RefundJournalError, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import {
  anotherWorker,
  atDesk,
  cents,
  failNext,
  failReading,
  id,
  inTime,
  inWords,
  key,
  moved,
  otherKey,
  pass,
  posts,
  price,
  refund,
  refundInPortal,
  request,
  stateOf,
  totals
} from "./desk.ts"

/** A worker whose requests leave only after a while, as where a connection takes long to be made. */
const slowWorker = (seconds: number) =>
  Effect.flatMap(Orders, (orders) =>
    anotherWorker().pipe(
      Effect.provideService(
        Orders,
        Orders.of({ ...orders, refund: (order, given) => Effect.delay(orders.refund(order, given), seconds * 1000) })
      )
    ))

const lost = Effect.fail(new RefundJournalError({ operation: "write", reason: "the connection is lost" }))

/** A journal that keeps that a refund was not sent, loses its answer, and is away until somebody else sends it. */
const awayAfterNotSent = (journal: RefundJournal.RefundJournal["Service"]) => {
  let isAway = false
  const isSentAgain = Effect.map(
    journal.find(key),
    (found) => Option.isSome(found) && found.value.state === "sending"
  )
  return RefundJournal.RefundJournal.of({
    ...journal,
    write: Effect.fnUntraced(function*(entry) {
      if (isAway) return (yield* isSentAgain) ? yield* journal.write(entry) : yield* lost
      if (entry.state !== "not sent") return yield* journal.write(entry)
      isAway = true
      return yield* Effect.andThen(journal.write(entry), lost)
    })
  })
}

describe("a refund that another worker began anew", () => {
  it.effect("is not called unsent by the one whose own send was refused before", () =>
    Effect.gen(function*() {
      const journal = yield* RefundJournal.RefundJournal
      const first = yield* anotherWorker().pipe(
        Effect.provideService(RefundJournal.RefundJournal, awayAfterNotSent(journal))
      )
      const second = yield* anotherWorker()
      yield* failNext(Fault.answer(429), Fault.delayed("3 seconds"))
      const firsts = yield* Effect.forkChild(Effect.result(first.refund(request())))
      const seconds = yield* Effect.forkChild(Effect.delay(Effect.result(second.refund(request())), "100 millis"))
      yield* pass(60)
      assert.strictEqual(inWords(yield* Fiber.join(seconds)), "refunded, by evidence")
      assert.match(inWords(yield* Fiber.join(firsts)), /TooManyRequests|^refunded/)
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk()))
})

describe("a refund that is under way", () => {
  const reports = Layer.effect(
    RefundEvidence.RefundReports,
    Effect.map(FlexFactorSimulator.FlexFactorSimulator, ({ ledger }) => ({
      ofOrder: () => Effect.map(ledger, (entries) => entries.map(({ amount, at }) => ({ at, amount })))
    }))
  )
  const evidence = RefundEvidence.combine(RefundEvidence.fromOrder(totals), RefundEvidence.fromWebhooks).pipe(
    Layer.provide(reports)
  )
  const withReports = Refunds.layer().pipe(
    Layer.orDie,
    Layer.provideMerge([RefundJournal.layerMemory, evidence]),
    Layer.provideMerge(FlexFactorSimulator.layer({ orders: [{ id, amount: cents(price) }], totals }))
  )

  it.effect("and not sent yet is not settled by a report of somebody else's refund", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const other = yield* anotherWorker()
      yield* failReading(Fault.delayed("5 seconds"))
      const refunding = yield* Effect.forkChild(Effect.result(refunds.refund(request())))
      yield* pass(1)
      assert.deepStrictEqual([yield* stateOf(), yield* posts], ["preparing", 0])
      yield* refundInPortal(1000)
      const resolving = yield* Effect.forkChild(Effect.result(other.resolve(key)))
      yield* pass(1)
      assert.strictEqual(yield* stateOf(), "preparing")
      yield* pass(120)
      yield* Fiber.join(resolving)
      assert.strictEqual(inWords(yield* Fiber.join(refunding)), "in doubt: other movement")
      assert.deepStrictEqual(yield* moved, [1000, 1000])
    }).pipe(Effect.provide(withReports)))

  it.effect("and never connects is not settled by somebody else's refund", () =>
    Effect.gen(function*() {
      const slow = yield* slowWorker(5)
      const other = yield* anotherWorker()
      yield* failNext(...Array.from({ length: 10 }, () => Fault.connectionRefused))
      const refunding = yield* Effect.forkChild(Effect.result(slow.refund(request())))
      yield* pass(1)
      yield* refundInPortal(1000)
      yield* inTime(Effect.result(other.resolve(key)))
      assert.strictEqual(inWords(yield* Fiber.join(refunding)), "FlexFactorUnreachable")
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["not sent", [1000]])
    }).pipe(atDesk()))

  it.effect("holds its order: another one does not begin beside it, and does not take its movement for its own", () =>
    Effect.gen(function*() {
      const slow = yield* slowWorker(6)
      const other = yield* anotherWorker()
      const refunding = yield* Effect.forkChild(Effect.result(slow.refund(request())))
      yield* pass(1)
      yield* refundInPortal(1000)
      yield* inTime(Effect.result(other.resolve(key)))
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      const others = yield* Effect.forkChild(Effect.result(other.refund(request(1000, otherKey))))
      yield* pass(90)
      // Two movements of one amount, one of them by hand: nobody can tell whose they are.
      assert.match(inWords(yield* Fiber.join(refunding)), /^in doubt/)
      assert.strictEqual(Result.isFailure(yield* Fiber.join(others)), true)
    }).pipe(atDesk()))
})
