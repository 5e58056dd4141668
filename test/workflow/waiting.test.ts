/**
 * What a durable refund waits out: FlexFactor that is away, and evidence that breaks.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { type OrderId, RefundEvidence } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import { DurableRefunds, RefundWorkflow } from "../../src/workflow/index.ts"
import { failReading, inTime, moved, posts, refund, stateOf } from "../refunds/desk.ts"
import { atDurableDesk, isComplete, passHours, payload } from "./desk.ts"

const away = (times: number) => Array.from({ length: times }, () => Fault.connectionRefused)

describe("a durable refund while FlexFactor is away", () => {
  it.effect("is pending for whoever asked, and is sent once FlexFactor is back", () =>
    Effect.gen(function*() {
      yield* failReading(...away(24))
      assert.strictEqual(yield* refund(), "in doubt: pending")
      assert.strictEqual(yield* posts, 0)
      yield* passHours(3)
      assert.strictEqual(yield* stateOf(), "refunded")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDurableDesk()))

  it.effect("or refuses the credentials waits until somebody mends that", () =>
    Effect.gen(function*() {
      yield* failReading(...Array.from({ length: 12 }, () => Fault.answer(403)))
      assert.strictEqual(yield* refund(), "in doubt: pending")
      yield* passHours(3)
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["refunded", [1000]])
    }).pipe(atDurableDesk()))

  it.effect.each<readonly [what: string, answer: Fault.Fault]>([
    ["status 405", Fault.answer(405)],
    ["status 408", Fault.answer(408)],
    ["status 409", Fault.answer(409)],
    ["status 425", Fault.answer(425)],
    ["status 501", Fault.answer(501)],
    ["status 520", Fault.answer(520)],
    ["status 530", Fault.answer(530)],
    ["a page of another server", Fault.answer(200, { body: "<html>maintenance</html>" })]
  ])("is sent although %s is the first answer", ([, answer]) =>
    Effect.gen(function*() {
      yield* failReading(answer)
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDurableDesk()))

  it.effect.each<readonly [status: number, error: string]>([
    [400, "FlexFactorBadRequest"],
    [404, "FlexFactorNotFound"],
    [422, "FlexFactorUnprocessableEntity"]
  ])("does not wait where FlexFactor refuses what is asked for with %s", ([status, error]) =>
    Effect.gen(function*() {
      yield* failReading(Fault.answer(status))
      assert.strictEqual(yield* refund(), error)
      assert.isTrue(yield* isComplete())
    }).pipe(atDurableDesk()))

  it.effect("fails with what was wrong once it has gone on for as long as it should", () =>
    Effect.gen(function*() {
      yield* failReading(...away(500))
      assert.strictEqual(yield* refund(), "in doubt: pending")
      yield* passHours(2)
      assert.isTrue(yield* isComplete())
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 0])
    }).pipe(atDurableDesk({ policy: { goOnFor: "1 hour" } })))
})

describe("a durable refund with evidence that breaks", () => {
  const broken = (times: number) =>
    Effect.provideServiceEffect(
      RefundEvidence.RefundEvidence,
      Effect.map(RefundEvidence.RefundEvidence, ({ read }) => {
        let reading = 0
        return {
          read: (orderId: OrderId) => ++reading <= times ? Effect.die(new Error("broken")) : read(orderId)
        }
      })
    )

  it.effect("waits until it is mended", () =>
    Effect.gen(function*() {
      const layer = DurableRefunds.layerMemory()
      yield* Effect.gen(function*() {
        assert.strictEqual(yield* refund(), "in doubt: pending")
        yield* passHours(3)
        assert.strictEqual(yield* stateOf(), "refunded")
      }).pipe(Effect.provide(Layer.fresh(layer)))
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(broken(8), atDurableDesk()))

  it.effect("says that a step failed with a defect, once it has gone on for as long as it should", () =>
    Effect.gen(function*() {
      const failure = yield* inTime(Effect.flip(RefundWorkflow.execute(payload())))
      assert.include(failure.message, "a step of the refund failed with a defect, which is in the log")
    }).pipe(
      Effect.provide(Layer.fresh(DurableRefunds.layerMemory({ goOnFor: "10 minutes" }))),
      broken(1000),
      atDurableDesk()
    ))
})
