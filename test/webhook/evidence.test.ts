/**
 * What became of refunds in doubt once FlexFactor reported them: from the signed delivery, through the inbox and its
 * handler, to the verdict. The order shows no totals, so nothing else can tell.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Fiber, Layer } from "effect"
import { WebCrypto } from "effect/crypto"
import { TestClock } from "effect/testing"
import {
  Cents,
  OrderId,
  RefundEvidence,
  RefundJournal,
  Refunds,
  Webhook,
  WebhookInbox,
  WebhookInboxError
} from "../../src/index.ts"
import { Fault, FlexFactorSimulator, signWebhook, WebhookFault } from "../../src/testing/index.ts"
import { DurableRefunds } from "../../src/workflow/index.ts"
import {
  cents,
  failNext,
  id,
  inWords,
  otherKey,
  pass,
  posts,
  price,
  refund,
  refundNow,
  stateOf
} from "../refunds/desk.ts"
import { cryptoAtOnce, passHours } from "../workflow/desk.ts"
import { host, key } from "./deliveries.ts"

const lost = Fault.connectionLost({ serverActs: true })

const evidence = (options: RefundEvidence.ReportOptions) =>
  RefundEvidence.combine(RefundEvidence.fromOrder(), RefundEvidence.fromWebhooks).pipe(
    Layer.provide(RefundEvidence.layerReports(options))
  )

const simulator = FlexFactorSimulator.layer({ orders: [{ id, amount: cents(price) }] })
const handler = WebhookInbox.layerHandler(Refunds.resolveReported)

const atDesk = (options: RefundEvidence.ReportOptions = { amount: "amount" }) =>
  Effect.provide(
    handler.pipe(
      Layer.provideMerge(Layer.orDie(Refunds.layer())),
      Layer.provideMerge([evidence(options), RefundJournal.layerMemory]),
      Layer.provideMerge([WebhookInbox.layerMemory, simulator])
    )
  )

const atDurableDesk = Effect.provide(
  handler.pipe(
    Layer.provideMerge(Layer.orDie(DurableRefunds.layerMemory())),
    Layer.provideMerge(evidence({ amount: "amount" })),
    Layer.provideMerge([WebhookInbox.layerMemory, simulator, WebCrypto.layer(cryptoAtOnce)])
  )
)

/** FlexFactor reports a refund, some seconds ago: signed, sent and received now. */
const report = Effect.fnUntraced(function*(amount: number | undefined, secondsAgo = 0, orderId = id) {
  const verifier = yield* Webhook.make({ key, host })
  const at = DateTime.subtract(yield* DateTime.now, { seconds: secondsAgo })
  const event = {
    event: "order.refunded",
    at,
    orderId,
    ...(amount === undefined ? {} : { data: { amount: Number(Cents.toDollars(cents(amount))) } })
  }
  return yield* verifier.keep(yield* signWebhook({ key, host, event }))
}, Effect.provideService(WebCrypto.WebCrypto, globalThis.crypto))

describe("a refund in doubt", () => {
  it.effect("is settled when FlexFactor's report arrives, by nobody's doing", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      assert.strictEqual(yield* refund(), "in doubt: connection lost")
      assert.strictEqual(yield* report(1000), "new")
      yield* pass(2)
      assert.deepStrictEqual([yield* stateOf(), yield* posts], ["refunded", 1])
      assert.strictEqual(yield* refund(), "refunded, by webhook")
    }).pipe(atDesk()))

  it.effect("is settled while its caller still waits", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      const waiting = yield* Effect.forkChild(refundNow())
      yield* pass(3)
      yield* report(1000, 2)
      yield* pass(10)
      assert.strictEqual(inWords(yield* Fiber.join(waiting)), "refunded, by webhook")
    }).pipe(atDesk()))

  it.effect.each(
    [
      ["another amount", 999, 0, id],
      ["another order", 1000, 0, OrderId.make("another")],
      ["a time before it", 1000, 3600, id],
      ["no amount", undefined, 0, id]
    ] as const
  )("is not settled by a report of %s", ([, amount, secondsAgo, orderId]) =>
    Effect.gen(function*() {
      yield* TestClock.adjust("2 hours")
      yield* failNext(lost)
      assert.strictEqual(yield* refund(), "in doubt: connection lost")
      yield* report(amount, secondsAgo, orderId)
      yield* pass(60)
      assert.strictEqual(yield* stateOf(), "in doubt")
    }).pipe(atDesk()))

  it.effect("is settled by a report without an amount, if the program says that nobody else refunds", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      yield* report(undefined)
      yield* pass(2)
      assert.strictEqual(yield* stateOf(), "refunded")
    }).pipe(atDesk({ withoutAmount: "refunded" })))

  it.effect("is not settled by the late report of an earlier refund of the same amount", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refund(), "refunded, by answer")
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(yield* refund(1000, otherKey), "in doubt: connection lost")
      yield* report(1000)
      yield* pass(60)
      assert.strictEqual(yield* stateOf(otherKey), "in doubt")
    }).pipe(atDesk()))

  it.effect("is looked at again until the order can be read, although the report came before", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      yield* refund()
      const down = Array.from({ length: 60 }, () => Fault.answer(503))
      yield* FlexFactorSimulator.FlexFactorSimulator.use(({ failNext }) => failNext("Orders.get", ...down))
      yield* report(1000)
      yield* pass(30)
      assert.strictEqual(yield* stateOf(), "in doubt")
      yield* pass(1200)
      assert.strictEqual(yield* stateOf(), "refunded")
    }).pipe(atDesk()))

  it.effect("stays so while the inbox cannot be read, which breaks nothing", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      assert.strictEqual(yield* refund(), "in doubt: connection lost")
    }).pipe(
      Effect.provide(
        Layer.orDie(Refunds.layer()).pipe(
          Layer.provideMerge([evidence({ amount: "amount" }), RefundJournal.layerMemory]),
          Layer.provideMerge(simulator),
          Layer.provide(
            Layer.mock(WebhookInbox.WebhookInbox)({
              ofOrder: () => Effect.fail(new WebhookInboxError({ operation: "ofOrder", reason: "away" }))
            })
          )
        )
      )
    ))
})

describe("a refund that may be sent again because the order shows no movement", () => {
  const totals = { charged: "amount", refunded: "amountRefunded" } as const

  it.effect("is not, while reports cannot be read that could tell of one", () => {
    let isAway = true
    const inbox = Layer.mock(WebhookInbox.WebhookInbox)({
      ofOrder: () =>
        isAway ? Effect.fail(new WebhookInboxError({ operation: "ofOrder", reason: "away" })) : Effect.succeed([])
    })
    const reports = Layer.provide(RefundEvidence.layerReports({ amount: "amount" }), inbox)
    return Effect.gen(function*() {
      yield* failNext(Fault.connectionLost({ serverActs: false }))
      assert.strictEqual(yield* refund(), "in doubt: connection lost")
      yield* pass(120)
      assert.strictEqual(yield* refund(), "in doubt: connection lost")
      assert.strictEqual(yield* posts, 1)
      isAway = false
      assert.strictEqual(yield* refund(), "refunded, by evidence")
      assert.strictEqual(yield* posts, 2)
    }).pipe(Effect.provide(
      Layer.orDie(Refunds.layer({ settleWindow: "1 minute" })).pipe(
        Layer.provideMerge([
          RefundEvidence.combine(RefundEvidence.fromOrder(totals), RefundEvidence.fromWebhooks).pipe(
            Layer.provide(reports)
          ),
          RefundJournal.layerMemory
        ]),
        Layer.provideMerge(FlexFactorSimulator.layer({ orders: [{ id, amount: cents(price) }], totals }))
      )
    ))
  })
})

describe("a refund whose answer is lost", () => {
  const reporting = FlexFactorSimulator.layer({
    orders: [{ id, amount: cents(price) }],
    webhooks: { key, host, amount: "amount" }
  })

  const receive = Effect.gen(function*() {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const verifier = yield* Webhook.make({ key, host })
    yield* simulator.deliverWebhooks(verifier.keep)
    yield* pass(2)
  })

  it.effect.each(
    [
      ["at once", [], 0],
      ["twice, as a replay", [WebhookFault.duplicated()], 0],
      ["again, in another delivery", [WebhookFault.redelivered()], 0],
      ["again, with another date", [WebhookFault.redelivered({ newTimeStamp: true })], 0],
      ["minutes later", [WebhookFault.delayed("10 minutes")], 600],
      ["minutes later, and dated so", [WebhookFault.datedLater("10 minutes")], 600],
      ["altered, and again in time", [WebhookFault.altered], 60]
    ] as const
  )("is settled by the simulator's own report, delivered %s", ([, faults, seconds]) =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* simulator.failNextWebhook(...faults)
      yield* failNext(lost)
      assert.strictEqual(yield* refund(), "in doubt: connection lost")
      yield* receive
      if (seconds > 0) {
        assert.strictEqual(yield* stateOf(), "in doubt")
        yield* pass(seconds)
        yield* receive
      }
      assert.deepStrictEqual([yield* stateOf(), yield* posts], ["refunded", 1])
    }).pipe(
      Effect.provide(
        handler.pipe(
          Layer.provideMerge(Layer.orDie(Refunds.layer())),
          Layer.provideMerge([evidence({ amount: "amount" }), RefundJournal.layerMemory]),
          Layer.provideMerge([WebhookInbox.layerMemory, reporting])
        )
      )
    ))
})

describe("a durable refund in doubt", () => {
  it.effect("is settled when FlexFactor's report arrives, and its wait ends", () =>
    Effect.gen(function*() {
      yield* failNext(lost)
      const waiting = yield* Effect.forkChild(refundNow())
      yield* pass(40)
      assert.strictEqual(inWords(yield* Fiber.join(waiting)), "in doubt: connection lost")
      yield* passHours(5)
      assert.strictEqual(yield* stateOf(), "in doubt")
      yield* report(1000, 5 * 3600)
      yield* pass(5)
      assert.strictEqual(yield* stateOf(), "refunded")
      assert.strictEqual(yield* refund(), "refunded, by webhook")
    }).pipe(atDurableDesk))
})
