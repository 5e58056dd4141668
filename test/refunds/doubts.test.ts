/**
 * What can be done with refunds that are not settled: list them, go on with them, and settle them by a person's word.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Stream } from "effect"
import { RefundJournal, type RefundKey, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import {
  atDesk,
  cents,
  doubtOf,
  failNext,
  inTime,
  key,
  keyOf,
  moved,
  pass,
  posts,
  refund,
  refundNow,
  request,
  resolve,
  settle,
  stateOf
} from "./desk.ts"

const lost = Fault.connectionLost({ serverActs: false })

const openKeys = Refunds.Refunds.use(({ open }) => Stream.runCollect(open)).pipe(
  Effect.map((entries) => entries.map((entry): string => `${entry.key}: ${entry.state}`))
)

const addOrder = FlexFactorSimulator.FlexFactorSimulator.use(({ addOrder }) => addOrder({ amount: cents(5000) }))

describe("the list of open refunds", () => {
  it.effect("has those in doubt and on their way, the oldest first, and none that is settled", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const refundAnother = Effect.fnUntraced(function*(name: string, fault?: Fault.Fault) {
        const { id: orderId } = yield* addOrder
        if (fault !== undefined) yield* failNext(fault)
        return yield* Effect.forkChild(Effect.result(refunds.refund({ ...request(1000, keyOf(name)), orderId })))
      })
      assert.deepStrictEqual(yield* openKeys, [])
      const done = [yield* refundAnother("z-first", lost), yield* refundAnother("settled")]
      yield* pass(40)
      done.push(yield* refundAnother("refused", Fault.answer(400)), yield* refundAnother("second", lost))
      yield* pass(40)
      done.push(yield* refundAnother("on its way", Fault.delayed("20 seconds")))
      yield* pass(1)
      assert.deepStrictEqual(yield* openKeys, ["z-first: in doubt", "second: in doubt", "on its way: sending"])
      yield* inTime(Fiber.joinAll(done))
      assert.strictEqual(yield* settle("not refunded", keyOf("z-first")), "not applied")
      assert.strictEqual(yield* settle("refunded", keyOf("second")), "refunded")
      assert.deepStrictEqual(yield* openKeys, [])
    }).pipe(atDesk()))
})

describe("a person's word", () => {
  it.effect.each([["refunded", "refunded, by person"], ["not refunded", "not applied, by person"]] as const)(
    "%s settles a doubt: it is %s, and nothing is sent",
    ([verdict, outcome]) =>
      Effect.gen(function*() {
        const refunds = yield* Refunds.Refunds
        yield* failNext(lost)
        yield* refund()
        const entry = yield* refunds.settle(key, { verdict, note: "asked FlexFactor, case 12" })
        assert.deepStrictEqual([entry.note, entry.confirmedBy], ["asked FlexFactor, case 12", "person"])
        assert.strictEqual(yield* refund(), outcome)
        assert.strictEqual(yield* resolve(), outcome)
        assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
      }).pipe(atDesk())
  )

  it.effect("reaches whoever waits for evidence of that refund", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      yield* failNext(lost)
      yield* refund()
      const waiting = yield* Effect.forkChild(Effect.flip(refunds.resolve(key)))
      yield* pass(5)
      assert.strictEqual(yield* settle("not refunded"), "not applied")
      assert.strictEqual((yield* inTime(Fiber.join(waiting)))._tag, "RefundNotApplied")
    }).pipe(atDesk()))

  it.effect("is not taken where there is no doubt", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* settle("refunded"), "RefundKeyUnknown")
      yield* failNext(Fault.answer(400))
      yield* refund()
      assert.strictEqual(yield* settle("refunded"), "RefundNotInDoubt")
      yield* refund()
      assert.strictEqual(yield* settle("not refunded"), "RefundNotInDoubt")
      assert.strictEqual(yield* stateOf(), "refunded")
    }).pipe(atDesk()))

  it.effect("is not taken while the refund is on its way", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.delayed("10 seconds"))
      const fiber = yield* Effect.forkChild(refund())
      yield* pass(1)
      assert.strictEqual(yield* settle("not refunded"), "RefundNotInDoubt")
      assert.strictEqual(yield* inTime(Fiber.join(fiber)), "refunded, by evidence")
    }).pipe(atDesk()))
})

describe("going on with a refund", () => {
  it.effect("that nobody asked for says so", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* resolve(), "RefundKeyUnknown")
      assert.strictEqual(yield* posts, 0)
    }).pipe(atDesk()))

  it.effect("that is settled gives its verdict, without a request", () =>
    Effect.gen(function*() {
      yield* refund()
      assert.strictEqual(yield* resolve(), "refunded, by evidence")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDesk()))

  it.effect("sends it again once the window has passed meanwhile", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      assert.strictEqual(yield* refund(), "in doubt: connection lost")
      yield* pass(300)
      assert.strictEqual(yield* resolve(), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 2])
    }).pipe(atDesk({ policy: { settleWindow: "5 minutes" } })))

  it.effect("tells what was said of the last send, and nothing of an earlier one", () =>
    Effect.gen(function*() {
      const answered = Fault.answer(504, { body: { traceId: "trace-of-the-first", errorCode: "504001" } })
      yield* failNext(answered, lost)
      assert.strictEqual(yield* refund(), "in doubt: server error")
      yield* pass(60)
      const error = doubtOf(yield* inTime(refundNow()))
      assert.deepStrictEqual([error?.doubt, error?.status, error?.traceId], ["connection lost", undefined, undefined])
      assert.strictEqual(yield* posts, 2)
    }).pipe(atDesk({ policy: { settleWindow: "40 seconds", maximumSends: 2 } })))

  it.effect("needs a valid key", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const error = yield* Effect.flip(refunds.resolve("" as RefundKey))
      assert.strictEqual(error._tag, "FlexFactorInvalidRequest")
    }).pipe(atDesk()))
})

describe("what is shown of a failed refund", () => {
  const secrets = ["simulated-token", "simulated-app-secret", "Mrs Robinson", "asked for by"]

  const failures: ReadonlyArray<readonly [name: string, Fault.Fault, amount: number]> = [
    ["a doubt", lost, 1000],
    ["a rejection", Fault.answer(200, { body: { success: false, status: "FAILED", responseCode: "7" } }), 1000],
    ["an excess", lost, 6000],
    ["a refusal", Fault.answer(400, { body: { title: "Mrs Robinson", errors: { a: ["Mrs Robinson"] } } }), 1000]
  ]

  it.effect.each(failures)(
    "has no token and no words of the message: %s",
    ([, fault, amount]) =>
      Effect.gen(function*() {
        const refunds = yield* Refunds.Refunds
        yield* failNext(fault)
        const given = { ...request(amount), message: "asked for by Mrs Robinson" }
        const exit = yield* inTime(Effect.exit(refunds.refund(given)))
        const other = yield* Effect.exit(refunds.refund({ ...given, message: "another, asked for by Mrs Robinson" }))
        for (const failed of [exit, other]) {
          if (!Exit.isFailure(failed)) continue
          const shown = `${Cause.pretty(failed.cause)} ${JSON.stringify(failed)} ${String(failed)}`
          assert.isFalse(secrets.some((secret) => shown.includes(secret)), shown)
        }
        assert.isTrue(Exit.isFailure(exit))
      }).pipe(atDesk())
  )

  it.effect("has the key, so that it can be found in the journal", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      yield* failNext(lost)
      const error = yield* inTime(Effect.flip(refunds.refund(request())))
      assert.include(error.message, key)
      const entries = yield* RefundJournal.RefundJournal.use((journal) => journal.ofOrder(request().orderId))
      assert.deepStrictEqual(entries.map((entry) => entry.key), [key])
    }).pipe(atDesk()))
})
