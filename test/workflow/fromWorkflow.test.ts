/**
 * A workflow of the program asks for a durable refund, as `Refunds` and not as a child of its own.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result, Schema } from "effect"
import { Activity, Workflow, WorkflowEngine } from "effect/workflow"
import { Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import { failNext, inWords, pass, refundNow, request, settle, stateOf } from "../refunds/desk.ts"
import { atDurableDesk, isComplete } from "./desk.ts"

const GoodsReturned = Workflow.make("GoodsReturned", {
  payload: { id: Schema.String },
  success: Schema.String,
  error: Schema.Never,
  idempotencyKey: ({ id }) => id
})

const given = { id: "1" }

const refundInWords = Refunds.Refunds.use((refunds) => Effect.result(refunds.refund(request()))).pipe(
  Effect.map(inWords)
)

const ways = {
  "in an activity": Activity.make({ name: "Refund", success: Schema.String, execute: refundInWords }),
  "by itself": refundInWords
}

/** Starts a workflow that asks for a refund whose answer is lost, in one of the ways. */
const begin = Effect.fnUntraced(function*(way: keyof typeof ways) {
  const engine = yield* WorkflowEngine.WorkflowEngine
  yield* engine.register(GoodsReturned, () => ways[way])
  yield* failNext(Fault.connectionLost({ serverActs: false }))
  const workflow = yield* Effect.forkChild(Effect.exit(GoodsReturned.execute(given)))
  yield* pass(10)
  return workflow
})

const patient = { policy: { patience: "5 minutes" } } as const

describe.each(["in an activity", "by itself"] as const)("a workflow that asks for a refund %s", (way) => {
  it.effect("is told when patience ends, and so is whoever joined it", () =>
    Effect.gen(function*() {
      const workflow = yield* begin(way)
      const joined = yield* Effect.forkChild(Effect.exit(refundNow()))
      // By now the refund sleeps for more than a minute at a time.
      yield* pass(295)
      const doubt = "in doubt: connection lost"
      assert.strictEqual(yield* yield* Fiber.join(workflow), doubt)
      assert.strictEqual(inWords(yield* yield* Fiber.join(joined)), doubt)
    }).pipe(Effect.scoped, atDurableDesk(patient)))

  it.effect("does not end the refund where it is interrupted", () =>
    Effect.gen(function*() {
      const workflow = yield* begin(way)
      yield* pass(200)
      yield* GoodsReturned.interrupt(yield* GoodsReturned.executionId(given))
      yield* pass(100)
      yield* Fiber.join(workflow)
      assert.deepStrictEqual([yield* isComplete(), yield* stateOf()], [false, "in doubt"])
      assert.strictEqual(yield* settle("refunded"), "refunded")
      yield* pass(1)
      assert.isTrue(yield* isComplete())
      assert.isTrue(Result.isSuccess(yield* refundNow()))
    }).pipe(Effect.scoped, atDurableDesk(patient)))
})
