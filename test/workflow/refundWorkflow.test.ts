/**
 * The workflow of a refund, for programs that run workflows themselves.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { Cents, OrderId, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import { type RefundPayload, RefundWorkflow } from "../../src/workflow/index.ts"
import {
  cents,
  failNext,
  id,
  inTime,
  inWords,
  key,
  moved,
  pass,
  posts,
  price,
  settle,
  stateOf
} from "../refunds/desk.ts"
import { atDurableDesk, isComplete, passHours, payload, wholePayload } from "./desk.ts"

const lost = Fault.connectionLost({ serverActs: false })

describe("the workflow of a refund", () => {
  it.effect("refuses an amount of nothing, which is not all that is left", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(RefundWorkflow.execute({ ...wholePayload, amount: Cents.make(0) }))
      assert.isTrue(Exit.isFailure(exit))
      yield* pass(60)
      assert.deepStrictEqual(yield* moved, [])
    }).pipe(atDurableDesk()))

  it.effect("comes to its end as soon as a person settles it, also if it has its order's GUID in capitals", () =>
    Effect.gen(function*() {
      const orderId = OrderId.make("ABCDEF00-0000-4000-8000-000000000001")
      const capitals: RefundPayload = { key, orderId, amount: cents(1000) }
      yield* FlexFactorSimulator.FlexFactorSimulator.use(({ addOrder }) =>
        addOrder({ id: OrderId.make(orderId.toLowerCase()), amount: cents(price) })
      )
      yield* failNext(lost)
      yield* RefundWorkflow.execute(capitals, { discard: true })
      yield* passHours(5)
      assert.isFalse(yield* isComplete(capitals))
      assert.strictEqual(yield* settle("not refunded"), "not applied")
      yield* pass(1)
      assert.isTrue(yield* isComplete(capitals))
    }).pipe(atDurableDesk()))

  it.effect("goes on without anybody who waits for it", () =>
    Effect.gen(function*() {
      yield* RefundWorkflow.execute(payload(), { discard: true })
      yield* pass(5)
      assert.strictEqual(yield* stateOf(), "refunded")
      const receipt = yield* RefundWorkflow.execute(payload())
      assert.deepStrictEqual([receipt.key, receipt.amount, receipt.confirmedBy], [key, 1000, "evidence"])
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDurableDesk()))

  it.effect("is another one if it has other content, and then belongs to the key that came first", () =>
    Effect.gen(function*() {
      yield* RefundWorkflow.execute(payload())
      const failure = yield* inTime(Effect.flip(RefundWorkflow.execute(payload(2000))))
      assert.strictEqual(failure._tag, "RefundKeyReused")
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDurableDesk()))

  it.effect("and a refund of the same key outside of it are one refund", () =>
    Effect.gen(function*() {
      const plain = yield* Effect.orDie(Refunds.make())
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "20 seconds" }))
      yield* RefundWorkflow.execute(payload(), { discard: true })
      yield* pass(2)
      const outcome = yield* inTime(Effect.result(plain.refund({ key, orderId: id, amount: cents(1000) })))
      assert.strictEqual(inWords(outcome), "refunded, by evidence")
      yield* pass(60)
      assert.isTrue(yield* isComplete())
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDurableDesk()))
})
