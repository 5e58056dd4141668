/**
 * Giving a whole order back: by a cancel while it is pending, by a refund once it is captured.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import { Cents, type OrderStatus, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import {
  atDesk,
  cancels,
  cents,
  failNext,
  type Failure,
  id,
  inTime,
  inWords,
  key,
  moved,
  pass,
  posts,
  price,
  readings
} from "./desk.ts"

const simulator = FlexFactorSimulator.FlexFactorSimulator

const setStatus = (status: OrderStatus) => simulator.use((simulator) => simulator.setStatus(id, status))
const failCancel = (...faults: ReadonlyArray<Fault.Fault>) =>
  simulator.use((simulator) => simulator.failNext("Orders.cancel", ...faults))
const statusNow = simulator.use(({ orders }) => Effect.map(orders, ([order]) => order?.status))

const giveBackNow = (amount?: number) =>
  Refunds.Refunds.use((refunds) =>
    Effect.result(
      refunds.refundOrCancel({ key, orderId: id, ...(amount === undefined ? {} : { amount: Cents.make(amount) }) })
    )
  )

const said = (outcome: Result.Result<Refunds.GivenBack, Failure>): string =>
  Result.isSuccess(outcome) && outcome.success._tag === "Cancelled"
    ? "cancelled"
    : inWords(
      Result.flatMap(
        outcome,
        (done) => done._tag === "Refunded" ? Result.succeed(done.receipt) : Result.succeed(assert.fail())
      )
    )

const giveBack = (amount?: number) => Effect.map(inTime(giveBackNow(amount)), said)

describe("an order that is given back", () => {
  it.effect.each<OrderStatus>(["Capturerequired", "Processing", "Draft"])(
    "while it is %s is cancelled, and asked for again it is so",
    (status) =>
      Effect.gen(function*() {
        yield* setStatus(status)
        assert.strictEqual(yield* giveBack(), "cancelled")
        assert.strictEqual(yield* giveBack(), "cancelled")
        assert.deepStrictEqual([yield* statusNow, yield* cancels, yield* posts], ["Cancelled", 1, 0])
      }).pipe(atDesk())
  )

  it.effect.each([[undefined, price], [1000, 1000]] as const)(
    "after the capture is refunded: asked for %s, %s cents move",
    ([amount, expected]) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* giveBack(amount), "refunded, by evidence")
        assert.strictEqual(yield* giveBack(amount), "refunded, by evidence")
        assert.deepStrictEqual([yield* moved, yield* cancels, yield* posts], [[expected], 0, 1])
      }).pipe(atDesk())
  )

  it.effect("is refunded if it is captured between the reading and the cancel", () =>
    Effect.gen(function*() {
      yield* setStatus("Capturerequired")
      yield* simulator.use((simulator) => simulator.failNext("Orders.get", Fault.delayed("5 seconds")))
      const fiber = yield* Effect.forkChild(giveBackNow())
      yield* pass(1)
      yield* setStatus("Completed")
      yield* pass(30)
      assert.strictEqual(said(yield* Fiber.join(fiber)), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* cancels, yield* posts], [[price], 1, 1])
    }).pipe(atDesk()))

  it.effect("is refunded if the cancel is confirmed, and the order is captured all the same", () =>
    Effect.gen(function*() {
      yield* setStatus("Capturerequired")
      yield* failCancel(Fault.answer(200))
      yield* simulator.use((simulator) => simulator.failNext("Orders.get", Fault.delayed("5 seconds")))
      const fiber = yield* Effect.forkChild(giveBackNow())
      yield* pass(1)
      yield* setStatus("Completed")
      yield* pass(30)
      assert.strictEqual(said(yield* Fiber.join(fiber)), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[price], 1])
    }).pipe(atDesk()))

  it.effect.each(
    [
      ["lost connection", Fault.connectionLost({ serverActs: true })],
      ["502", Fault.answer(502, { serverActs: true })]
    ] satisfies ReadonlyArray<readonly [string, Fault.Fault]>
  )(
    "is cancelled in spite of a %s after the server acted, since a cancel can be repeated",
    ([, fault]) =>
      Effect.gen(function*() {
        yield* setStatus("Processing")
        yield* failCancel(fault)
        assert.strictEqual(yield* giveBack(), "cancelled")
        assert.deepStrictEqual([yield* statusNow, yield* posts], ["Cancelled", 0])
      }).pipe(atDesk())
  )

  it.effect("whose cancel is refused although it stays pending, gives the refusal, and nothing is refunded", () =>
    Effect.gen(function*() {
      yield* setStatus("Onhold")
      assert.strictEqual(yield* giveBack(), "FlexFactorBadRequest")
      assert.deepStrictEqual([yield* statusNow, yield* moved, yield* posts], ["Onhold", [], 0])
    }).pipe(atDesk()))

  it.effect("that moves on again and again ends, and does not follow it for ever", () =>
    Effect.gen(function*() {
      yield* setStatus("Processing")
      yield* failCancel(...Array.from({ length: 20 }, () => Fault.answer(400)))
      const fiber = yield* Effect.forkChild(giveBackNow())
      for (let turn = 0; fiber.pollUnsafe() === undefined && turn < 200; turn++) {
        yield* setStatus(turn % 2 === 0 ? "Processing" : "Capturerequired")
        yield* Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))
      }
      assert.isDefined(fiber.pollUnsafe())
      assert.isBelow(yield* readings, 10)
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 0])
    }).pipe(atDesk()))

  it.effect("is called cancelled only once it shows that it is", () =>
    Effect.gen(function*() {
      yield* setStatus("Processing")
      yield* failCancel(Fault.answer(200))
      assert.strictEqual(yield* giveBack(), "CancelNotConfirmed")
      assert.strictEqual(yield* statusNow, "Processing")
      assert.strictEqual(yield* giveBack(), "cancelled")
    }).pipe(atDesk()))

  it.effect("is waited for where the cancel shows later", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* giveBack(), "cancelled")
      assert.strictEqual(yield* cancels, 1)
    }).pipe(atDesk({
      simulator: { staleReads: "10 seconds", orders: [{ id, amount: cents(price), status: "Processing" }] }
    })))

  it.effect("under a key whose refund is in doubt goes on with that, and does not cancel", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(yield* giveBack(1000), "in doubt: connection lost")
      yield* setStatus("Processing")
      assert.strictEqual(yield* giveBack(1000), "in doubt: connection lost")
      assert.deepStrictEqual([yield* cancels, yield* posts], [0, 1])
    }).pipe(atDesk()))
})
