/**
 * What whoever asks for a durable refund is told: by the engine, by the journal, or by what is left of them.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger } from "effect"
import { WorkflowEngine } from "effect/workflow"
import { RefundJournal, RefundJournalError } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import { DurableRefunds, RefundWorkflow } from "../../src/workflow/index.ts"
import {
  cents,
  failNext,
  id,
  inTime,
  inWords,
  moved,
  pass,
  price,
  refund,
  refundNow,
  refundRemaining,
  settle
} from "../refunds/desk.ts"
import { atDurableDesk, isComplete, passHours, payload } from "./desk.ts"

const lost = Fault.connectionLost({ serverActs: false })

describe("a durable refund that ended without a verdict many times", () => {
  let polls = 0
  const counted = Layer.effect(
    WorkflowEngine.WorkflowEngine,
    Effect.map(WorkflowEngine.WorkflowEngine, (engine): WorkflowEngine.WorkflowEngine["Service"] => ({
      ...engine,
      poll: (workflow, executionId) => {
        polls += 1
        return engine.poll(workflow, executionId)
      }
    }))
  )

  /** Asks often for more than is left, and makes sure that each time is an attempt of its own. */
  const failOften = (times: number) =>
    Effect.gen(function*() {
      for (let attempt = 1; attempt <= times; attempt++) {
        assert.strictEqual(yield* refund(9000), "RefundExceedsBalance")
        assert.isTrue(yield* isComplete({ ...payload(9000), attempt }))
        assert.isFalse(yield* isComplete({ ...payload(9000), attempt: attempt + 1 }))
      }
    })

  it.effect("begins the next attempt each time, and looks at few of the earlier ones", () =>
    Effect.gen(function*() {
      yield* failOften(100)
      polls = 0
      assert.strictEqual(yield* refund(9000), "RefundExceedsBalance")
      assert.isAtMost(polls, 14)
    }).pipe(
      Effect.provide(Layer.fresh(DurableRefunds.layerClient().pipe(Layer.provide(counted)))),
      atDurableDesk()
    ))

  it.effect("is told of its verdict, whichever attempt it is", () =>
    Effect.gen(function*() {
      yield* failOften(5)
      yield* FlexFactorSimulator.FlexFactorSimulator.use(({ addOrder }) => addOrder({ id, amount: cents(10_000) }))
      yield* failNext(lost)
      assert.include(yield* refund(9000), "in doubt")
      yield* passHours(5)
      assert.strictEqual(yield* settle("not refunded"), "not applied")
      yield* pass(1)
      assert.isTrue(yield* isComplete({ ...payload(9000), attempt: 6 }))
    }).pipe(atDurableDesk({ policy: { maximumSends: 1 } })))
})

describe("a durable refund, for whoever cannot read the journal any more once it was asked for,", () => {
  /** `Refunds` of a process whose journal answers `answers` times, as of now. */
  const asking = (answers: number, policy?: DurableRefunds.DurablePolicy) => {
    const away = new RefundJournalError({ operation: "find", reason: "away" })
    let finds = 0
    const journal = Layer.effect(
      RefundJournal.RefundJournal,
      Effect.map(RefundJournal.RefundJournal, (journal): RefundJournal.RefundJournal["Service"] => ({
        ...journal,
        find: (key) => Effect.suspend(() => ++finds > answers ? Effect.fail(away) : journal.find(key))
      }))
    )
    return Effect.provide(Layer.fresh(DurableRefunds.layerClient(policy).pipe(Layer.provide(journal))))
  }

  it.effect("gives the receipt that the journal has", () =>
    Effect.gen(function*() {
      const outcome = yield* inTime(refundNow()).pipe(asking(1))
      assert.strictEqual(inWords(outcome), "refunded, by evidence")
      assert.deepStrictEqual(outcome, yield* refundNow())
    }).pipe(atDurableDesk()))

  it.effect("gives the receipt of FlexFactor's answer, where nothing else confirms it", () =>
    Effect.gen(function*() {
      const outcome = yield* inTime(refundNow()).pipe(asking(1))
      assert.strictEqual(inWords(outcome), "refunded, by answer")
      assert.deepStrictEqual(outcome, yield* refundNow())
    }).pipe(atDurableDesk({ totals: "none" })))

  it.effect("gives the receipt of all that was left", () =>
    Effect.gen(function*() {
      const outcome = yield* refundRemaining().pipe(asking(1))
      assert.deepStrictEqual(outcome, yield* refundRemaining())
      assert.deepStrictEqual(yield* moved, [price])
    }).pipe(atDurableDesk()))

  it.effect("is rejected if FlexFactor refuses it", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund().pipe(asking(1, { patience: "5 minutes" })), "rejected 2001")
    }).pipe(atDurableDesk({
      simulator: { largestPartialRefund: 0.1 },
      policy: { settleWindow: "1 minute", patience: "5 minutes" }
    })))

  it.effect("is not applied if a person says so meanwhile", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      const again = yield* Effect.forkChild(refundNow().pipe(asking(1)))
      yield* pass(1)
      assert.strictEqual(yield* settle("not refunded"), "not applied")
      assert.strictEqual(inWords(yield* inTime(Fiber.join(again))), "not applied, by person")
    }).pipe(atDurableDesk()))

  it.effect("stays in doubt if it was in doubt before", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      const before = yield* refund()
      assert.strictEqual(before, "in doubt: connection lost")
      assert.strictEqual(yield* refund().pipe(asking(1)), before)
    }).pipe(atDurableDesk()))

  it.effect("is pending as long as nothing is known of it", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund().pipe(asking(1, { patience: 0 })), "in doubt: pending")
    }).pipe(atDurableDesk()))
})

describe("a durable refund, for whoever has a journal that was restored from an older copy,", () => {
  const restored = Effect.provide(
    Layer.fresh(DurableRefunds.layerClient().pipe(Layer.provide(Layer.fresh(RefundJournal.layerMemory))))
  )

  it.effect("has the verdict that the engine has, and is not sent again", () =>
    Effect.gen(function*() {
      const before = yield* inTime(refundNow())
      assert.deepStrictEqual(yield* inTime(refundNow()).pipe(restored), before)
      assert.deepStrictEqual(yield* moved, [1000])
    }).pipe(atDurableDesk()))
})

describe("a durable refund whose execution is interrupted", () => {
  it.effect("stays in doubt for whoever waits for it, and goes on once it is asked for again", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      const waiting = yield* Effect.forkChild(Effect.exit(refundNow()))
      yield* pass(10)
      yield* RefundWorkflow.interrupt(yield* RefundWorkflow.executionId(payload()))
      yield* pass(100)
      assert.strictEqual(inWords(yield* yield* Fiber.join(waiting)), "in doubt: connection lost")
      const again = yield* Effect.forkChild(refundNow())
      yield* pass(1)
      assert.strictEqual(yield* settle("refunded"), "refunded")
      assert.strictEqual(inWords(yield* inTime(Fiber.join(again))), "refunded, by person")
    }).pipe(Effect.provide(Logger.layer([])), atDurableDesk({ policy: { patience: "5 minutes" } })))

  it.effect("is another thing than a caller who is interrupted, of whom the log says nothing", () => {
    const logged: Array<unknown> = []
    return Effect.gen(function*() {
      yield* failNext(lost)
      const waiting = yield* Effect.forkChild(refundNow())
      yield* pass(10)
      yield* Fiber.interrupt(waiting)
      yield* pass(10)
      assert.deepStrictEqual(logged, [])
    }).pipe(
      atDurableDesk(),
      Effect.provide(Logger.layer([Logger.make(({ message }) => logged.push(message))]))
    )
  })
})
