/**
 * Durable refunds, on the engine in memory: they go on by themselves, whether or not anybody waits.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer } from "effect"
import { WorkflowEngine } from "effect/workflow"
import { Cents, OrderId, RefundEvidence, RefundJournal, RefundJournalError, Refunds } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import { DurableRefunds, type RefundPayload, RefundWorkflow } from "../../src/workflow/index.ts"
import {
  cents,
  failNext,
  failReading,
  id,
  inTime,
  inWords,
  key,
  keyOf,
  moved,
  otherKey,
  pass,
  posts,
  price,
  readings,
  refund,
  refundInPortal,
  refundNow,
  refundRemaining,
  resolve,
  settle,
  stateOf
} from "../refunds/desk.ts"
import { atDurableDesk, isComplete, passHours, payload, wholePayload } from "./desk.ts"

const lost = Fault.connectionLost({ serverActs: false })
const away = (times: number) => Array.from({ length: times }, () => Fault.connectionRefused)

describe("a durable refund", () => {
  it.effect("is sent once, however often it is asked for", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.strictEqual(yield* refund(2000), "RefundKeyReused: amount")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDurableDesk()))

  it.effect("refunds all that is left", () =>
    Effect.gen(function*() {
      yield* refundInPortal(1500)
      assert.strictEqual(inWords(yield* refundRemaining()), "refunded, by evidence")
      assert.strictEqual(inWords(yield* refundRemaining(otherKey)), "RefundNothingLeft")
      assert.deepStrictEqual(yield* moved, [1500, 3500])
    }).pipe(atDurableDesk()))

  it.effect("is one refund among those of an order that are asked for at the same moment", () =>
    Effect.gen(function*() {
      const names = ["a", "b", "c", "d", "e", "f"].map(keyOf)
      const fibers = yield* Effect.forEach(names, (name) => Effect.forkChild(refundNow(900, name)))
      const outcomes = yield* inTime(Effect.forEach(fibers, Fiber.join))
      assert.deepStrictEqual(outcomes.map(inWords).toSorted(), [
        "RefundExceedsBalance",
        ...Array.from({ length: 5 }, () => "refunded, by evidence")
      ])
      assert.deepStrictEqual(yield* moved, [900, 900, 900, 900, 900])
    }).pipe(atDurableDesk()))

  it.effect("that FlexFactor refuses is rejected, and stays so", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "rejected 2001")
      assert.strictEqual(yield* refund(), "rejected 2001")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDurableDesk({
      simulator: { largestPartialRefund: 0.1 },
      policy: { settleWindow: "1 minute", patience: "5 minutes" }
    })))

  it.effect("fails before anything is written down if what is asked for is invalid", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(0), "FlexFactorInvalidRequest")
      assert.strictEqual(yield* stateOf(), "unknown")
    }).pipe(atDurableDesk()))

  it.effect("is handed over also if nobody waits for it", () =>
    Effect.gen(function*() {
      assert.strictEqual(inWords(yield* refundNow()), "in doubt: pending")
      yield* pass(5)
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["refunded", [1000]])
    }).pipe(atDurableDesk({ policy: { patience: 0 } })))

  it.effect("is handed over also if its caller is interrupted at once", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(refundNow(), { startImmediately: true })
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      yield* pass(5)
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["refunded", [1000]])
    }).pipe(atDurableDesk()))

  it.effect("gives no receipt for another amount, if all that was left is refunded under its key", () =>
    Effect.gen(function*() {
      yield* failReading(Fault.delayed("5 seconds"))
      const all = yield* Effect.forkChild(refundRemaining())
      yield* pass(1)
      assert.strictEqual(yield* refund(1000), "RefundKeyReused: amount")
      assert.strictEqual(inWords(yield* Fiber.join(all)), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [price])
    }).pipe(atDurableDesk()))

  it.effect("is sent although its order takes longer to read than it stays reserved", () =>
    Effect.gen(function*() {
      yield* failReading(Fault.delayed("21 seconds"))
      yield* refund()
      yield* pass(30)
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["refunded", [1000]])
    }).pipe(atDurableDesk()))

  it.effect("that ended without a verdict can be asked for again", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(9000), "RefundExceedsBalance")
      yield* FlexFactorSimulator.FlexFactorSimulator.use(({ addOrder }) => addOrder({ id, amount: cents(10_000) }))
      assert.strictEqual(yield* refund(9000), "refunded, by evidence")
      assert.deepStrictEqual(yield* moved, [9000])
    }).pipe(atDurableDesk()))
})

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

describe("a durable refund in doubt", () => {
  it.effect("is settled without anybody asking again, once the order shows it", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "3 hours" }))
      assert.include(yield* refund(), "in doubt")
      yield* passHours(2)
      assert.strictEqual(yield* stateOf(), "in doubt")
      yield* passHours(3)
      assert.strictEqual(yield* stateOf(), "refunded")
      assert.isTrue(yield* isComplete())
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 1])
    }).pipe(atDurableDesk()))

  it.effect("is sent again without anybody asking, once the settle window has passed", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      assert.include(yield* refund(), "in doubt")
      yield* passHours(1.9)
      assert.strictEqual(yield* posts, 1)
      yield* passHours(2.2)
      assert.strictEqual(yield* stateOf(), "refunded")
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 2])
    }).pipe(atDurableDesk({ policy: { settleWindow: "2 hours" } })))

  it.effect("is read ever more rarely, and at least once an hour", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      const before = yield* readings
      yield* passHours(2)
      const soon = yield* readings
      yield* passHours(10)
      const later = yield* readings
      assert.isAtMost(soon - before, 10)
      assert.isAtLeast(later - soon, 9)
      assert.isAtMost(later - soon, 11)
    }).pipe(atDurableDesk()))

  it.effect("is given up after as long as its policy says, and stays in doubt", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      yield* passHours(23)
      assert.isFalse(yield* isComplete())
      yield* passHours(2)
      assert.isTrue(yield* isComplete())
      assert.strictEqual(yield* stateOf(), "in doubt")
      yield* refundInPortal(1000)
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.strictEqual(yield* posts, 1)
    }).pipe(atDurableDesk({ policy: { goOnFor: "1 day" } })))

  it.effect("holds its order: the next refund waits for it, and goes on by itself", () =>
    Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "3 hours" }))
      yield* refund()
      assert.strictEqual(yield* refund(700, otherKey), "in doubt: pending")
      assert.deepStrictEqual([yield* moved, yield* posts], [[], 1])
      yield* passHours(6)
      assert.deepStrictEqual([yield* stateOf(), yield* stateOf(otherKey)], ["refunded", "refunded"])
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000, 700], 2])
    }).pipe(atDurableDesk()))

  it.effect("of somebody who does not ask again is looked at by the next one of its order, which then begins", () =>
    Effect.gen(function*() {
      const plain = yield* Effect.orDie(Refunds.make())
      yield* failNext(Fault.connectionLost({ serverActs: true, after: "1 minute" }))
      const outcome = yield* inTime(Effect.result(plain.refund({ key, orderId: id, amount: cents(1000) })))
      assert.include(inWords(outcome), "in doubt")
      yield* pass(60)
      assert.strictEqual(yield* refund(700, otherKey), "refunded, by evidence")
      assert.deepStrictEqual([yield* stateOf(), yield* moved], ["refunded", [1000, 700]])
    }).pipe(atDurableDesk()))

  it.effect("comes to its end as soon as a person settles it", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      yield* passHours(5)
      assert.isFalse(yield* isComplete())
      assert.strictEqual(yield* settle("not refunded"), "not applied")
      yield* pass(1)
      assert.isTrue(yield* isComplete())
      assert.strictEqual(yield* refund(), "not applied, by person")
    }).pipe(atDurableDesk()))

  it.effect("is not sent again by who resolves it: that is for runners", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund(3000)
      yield* pass(3)
      const before = yield* posts
      assert.include(yield* resolve(), "in doubt")
      assert.strictEqual(yield* posts, before)
    }).pipe(atDurableDesk({ policy: { maximumSends: 1 } })))

  it.effect("comes to its end as soon as somebody who was told of it resolves it", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      yield* passHours(5)
      yield* refundInPortal(1000)
      assert.strictEqual(yield* resolve(), "refunded, by evidence")
      yield* pass(1)
      assert.isTrue(yield* isComplete())
    }).pipe(atDurableDesk()))

  it.effect("of all that is left comes to its end in the same way", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refundRemaining()
      yield* passHours(5)
      assert.strictEqual(yield* settle("refunded"), "refunded")
      yield* pass(1)
      assert.isTrue(yield* isComplete(wholePayload))
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

describe("a durable refund while FlexFactor is away", () => {
  it.effect("is pending for whoever asked, and is sent once FlexFactor is back", () =>
    Effect.gen(function*() {
      yield* failReading(...away(24))
      assert.strictEqual(yield* refund(), "in doubt: pending")
      assert.strictEqual(yield* stateOf(), "not sent")
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
