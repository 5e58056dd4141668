/**
 * One key is one refund.
 */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Effect, Fiber, Result } from "effect"
import { OrderId, RefundJournal, RefundKey, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import {
  anotherWorker,
  atDesk,
  cents,
  failNext,
  id,
  inTime,
  inWords,
  key,
  moved,
  pass,
  posts,
  readings,
  refund,
  refundNow,
  refundRemaining,
  request
} from "./desk.ts"

describe("a hundred callers of one key at once", () => {
  it.effect.each(
    [
      ["without a fault", []],
      ["with a lost answer", [Fault.connectionLost({ serverActs: true })]],
      ["with a slow answer", [Fault.delayed("20 seconds")]]
    ] satisfies ReadonlyArray<readonly [string, ReadonlyArray<Fault.Fault>]>
  )(
    "%s send one request and get one receipt",
    ([, faults]) =>
      Effect.gen(function*() {
        yield* failNext(...faults)
        const outcomes = yield* inTime(Effect.all(Arr.makeBy(100, () => refundNow()), { concurrency: "unbounded" }))
        assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
        const receipts = outcomes.map((outcome) => JSON.stringify(Result.getOrThrow(outcome)))
        assert.strictEqual(new Set(receipts).size, 1)
      }).pipe(atDesk())
  )

  it.effect("read the order twice, and not for each of them", () =>
    Effect.gen(function*() {
      yield* inTime(Effect.all(Arr.makeBy(100, () => refundNow()), { concurrency: "unbounded" }))
      assert.strictEqual(yield* readings, 2)
    }).pipe(atDesk()))

  it.effect("in ten workers over one journal send one request", () =>
    Effect.gen(function*() {
      const workers = yield* Effect.all(Arr.makeBy(10, () => anotherWorker()))
      const callers = workers.flatMap((worker) => Arr.makeBy(10, () => Effect.result(worker.refund(request()))))
      const outcomes = yield* inTime(Effect.all(callers, { concurrency: "unbounded" }))
      assert.deepStrictEqual([...new Set(outcomes.map(inWords))], ["refunded, by evidence"])
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDesk()))

  it.effect("all get the doubt if it ends in one", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      const outcomes = yield* inTime(Effect.all(Arr.makeBy(100, () => refundNow()), { concurrency: "unbounded" }))
      assert.deepStrictEqual([...new Set(outcomes.map(inWords))], ["in doubt: connection lost"])
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
    }).pipe(atDesk()))
})

const withAnother = Effect.fnUntraced(function*(field: "amount" | "message" | "orderId") {
  const { addOrder } = yield* FlexFactorSimulator.FlexFactorSimulator
  const other = yield* addOrder({ amount: cents(5000) })
  const changed = { amount: { amount: cents(999) }, message: { message: "late" }, orderId: { orderId: other.id } }
  return { ...request(), ...changed[field] }
})

describe("the key of a refund with another", () => {
  for (const field of ["amount", "message", "orderId"] as const) {
    it.effect(`${field} is refused, without a request`, () =>
      Effect.gen(function*() {
        yield* refund()
        const requests = (yield* posts) + (yield* readings)
        const refunds = yield* Refunds.Refunds
        const outcome = yield* Effect.result(refunds.refund(yield* withAnother(field)))
        assert.strictEqual(inWords(outcome), `RefundKeyReused: ${field}`)
        assert.strictEqual((yield* posts) + (yield* readings), requests)
      }).pipe(atDesk()))

    it.effect(`${field} is refused while it is under way, and disturbs nothing`, () =>
      Effect.gen(function*() {
        yield* failNext(Fault.delayed("10 seconds"))
        const refunds = yield* Refunds.Refunds
        const first = yield* Effect.forkChild(refundNow())
        const second = yield* Effect.forkChild(Effect.result(refunds.refund(yield* withAnother(field))))
        yield* pass(5)
        assert.strictEqual(inWords(yield* Fiber.join(second)), `RefundKeyReused: ${field}`)
        assert.strictEqual(inWords(yield* inTime(Fiber.join(first))), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
      }).pipe(atDesk()))

    it.effect(`${field} is refused while another worker is at it`, () =>
      Effect.gen(function*() {
        yield* failNext(Fault.delayed("10 seconds"))
        const worker = yield* anotherWorker()
        const first = yield* Effect.forkChild(refundNow())
        yield* pass(1)
        const second = yield* inTime(Effect.result(worker.refund(yield* withAnother(field))))
        assert.strictEqual(inWords(second), `RefundKeyReused: ${field}`)
        assert.strictEqual(inWords(yield* inTime(Fiber.join(first))), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
      }).pipe(atDesk()))
  }

  it.effect("amount is refused also where the first was a refund of all that is left, and is not taken for it", () =>
    Effect.gen(function*() {
      const all = yield* Effect.forkChild(refundRemaining())
      const part = yield* Effect.forkChild(inTime(refundNow(1000)))
      yield* pass(5)
      assert.strictEqual(inWords(yield* Fiber.join(all)), "refunded, by evidence")
      assert.strictEqual(inWords(yield* Fiber.join(part)), "RefundKeyReused: amount")
      assert.deepStrictEqual(yield* moved, [5000])
    }).pipe(atDesk()))

  it.effect("amount is a refund of its own where the first found that what is left is not known", () =>
    Effect.gen(function*() {
      const all = yield* Effect.forkChild(refundRemaining())
      const part = yield* Effect.forkChild(inTime(refundNow(1000)))
      yield* pass(5)
      assert.strictEqual(inWords(yield* Fiber.join(all)), "RefundBalanceUnknown")
      assert.strictEqual(inWords(yield* Fiber.join(part)), "refunded, by answer")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDesk({ totals: "none" })))
})

describe("what is no valid request", () => {
  it.effect.each(
    [
      ["key", { key: "" }],
      ["key", { key: "a\nb" }],
      ["amount", { amount: 0 }],
      ["amount", { amount: 0.5 }],
      ["amount", { amount: undefined }],
      ["amount", { amount: "remaining" }],
      ["orderId", { orderId: ".." }],
      ["message", { message: "x".repeat(501) }],
      ["charged", { charged: -1 }]
    ] as const
  )("is refused for its %s, before anything is written or sent: %o", ([field, wrong]) =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const given = { key, orderId: id, amount: cents(1000), ...wrong } as Refunds.KeyedRefund
      const error = yield* Effect.flip(refunds.refund(given))
      assert.strictEqual(error._tag, "FlexFactorInvalidRequest")
      assert.strictEqual(error._tag === "FlexFactorInvalidRequest" ? error.field : "", field)
      assert.strictEqual((yield* posts) + (yield* readings), 0)
    }).pipe(atDesk()))

  it("is no key that somebody could mistake", () => {
    for (const text of ["", " a", "a ", "a\tb", "x".repeat(201)]) assert.throws(() => RefundKey.make(text))
    assert.strictEqual(RefundKey.make("x".repeat(200)).length, 200)
  })
})

describe("an order whose id is written in capitals", () => {
  it.effect("is the same order: what holds it under the one spelling holds it under the other", () =>
    Effect.gen(function*() {
      const { addOrder } = yield* FlexFactorSimulator.FlexFactorSimulator
      const orderId = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")
      yield* addOrder({ id: orderId, amount: cents(5000) })
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      const refunds = yield* Refunds.Refunds
      const first = yield* inTime(Effect.result(refunds.refund({ key, orderId, amount: cents(1000) })))
      assert.strictEqual(inWords(first), "in doubt: connection lost")
      const inCapitals = { key: RefundKey.make("ticket-2"), orderId: OrderId.make(orderId.toUpperCase()) }
      const second = yield* inTime(Effect.result(refunds.refund({ ...inCapitals, amount: cents(1000) })))
      assert.strictEqual(inWords(second), `RefundBlocked by ${key}`)
      assert.strictEqual((yield* (yield* RefundJournal.RefundJournal).ofOrder(orderId)).length, 1)
    }).pipe(atDesk()))
})
