/**
 * What each fault does to a webhook.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Webhook, WebhookNonces } from "../../../src/index.ts"
import { type SignedWebhook, WebhookFault } from "../../../src/testing/index.ts"
import { host, key } from "../../webhook/deliveries.ts"
import {
  cents,
  events,
  eventsOf,
  nonceOf,
  read,
  refund,
  refundLate,
  reporting,
  simulator,
  take,
  wire
} from "./setup.ts"

const fail = (...faults: ReadonlyArray<WebhookFault.WebhookFault>) =>
  simulator.use(({ failNextWebhook }) => failNextWebhook(...faults))

/** Two events, the first of them under a fault. */
const twoUnder = Effect.fnUntraced(function*(fault: WebhookFault.WebhookFault) {
  yield* fail(fault)
  yield* refund(1)
  yield* TestClock.adjust("1 second")
  yield* refund(2)
})

const verified = (webhook: SignedWebhook) => Webhook.verify(webhook, { key, host })

describe("a fault of a webhook", () => {
  it.effect("that is lost: it never comes", () =>
    Effect.gen(function*() {
      yield* twoUnder(WebhookFault.lost)
      yield* TestClock.adjust("100 days")
      assert.deepStrictEqual(yield* events, ["order.refunded 1"])
    }).pipe(reporting()))

  it.effect("that is delayed: a later event comes before it, and it says when it happened", () =>
    Effect.gen(function*() {
      yield* twoUnder(WebhookFault.delayed("10 minutes"))
      yield* TestClock.adjust("9 minutes")
      assert.deepStrictEqual(yield* events, ["order.refunded 1"])
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* events, ["order.refunded 0"])
    }).pipe(reporting()))

  it.effect("that is delayed stays behind also for who looks much later", () =>
    Effect.gen(function*() {
      yield* twoUnder(WebhookFault.delayed("10 minutes"))
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* events, ["order.refunded 1", "order.refunded 0"])
    }).pipe(reporting()))

  it.effect("that is duplicated: the same request comes twice, and a verifier refuses the second", () =>
    Effect.gen(function*() {
      const { receive } = yield* Webhook.make({ key, host })
      yield* fail(WebhookFault.duplicated())
      yield* refund(1)
      const [first = assert.fail("nothing came"), second = assert.fail("one came"), ...others] = yield* take
      assert.deepStrictEqual(second, first)
      assert.deepStrictEqual(others, [])
      yield* receive(first)
      assert.strictEqual((yield* Effect.flip(receive(second)))._tag, "WebhookReplayed")
    }).pipe(reporting(), Effect.provide(WebhookNonces.layerMemory)))

  it.effect("that is duplicated later: the same request, with its date of then", () =>
    Effect.gen(function*() {
      yield* fail(WebhookFault.duplicated("1 minute"))
      yield* refund(1)
      const before = yield* take
      assert.strictEqual(before.length, 1)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* take, before)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* take, [])
    }).pipe(reporting()))

  it.effect("that is redelivered: marked so, with another nonce and date, and the same event", () =>
    Effect.gen(function*() {
      yield* fail(WebhookFault.redelivered({ after: "1 hour" }))
      yield* refund(1)
      const [first = assert.fail("nothing came"), ...others] = yield* take
      assert.deepStrictEqual(others, [])
      yield* TestClock.adjust("1 hour")
      const [second = assert.fail("it does not come again"), ...more] = yield* take
      assert.deepStrictEqual(more, [])
      assert.deepStrictEqual(wire(second), { ...wire(first), IsResent: true })
      assert.notStrictEqual(nonceOf(second), nonceOf(first))
      assert.strictEqual(DateTime.toEpochMillis((yield* verified(second)).sentAt), 3_600_000)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* take, [])
    }).pipe(reporting()))

  it.effect("that is redelivered at once, and has the same key of its event", () =>
    Effect.gen(function*() {
      yield* fail(WebhookFault.redelivered())
      yield* refund(1)
      const read_ = yield* Effect.forEach(yield* take, read)
      assert.deepStrictEqual(read_.map(({ isResent }) => isResent), [false, true])
      assert.strictEqual(new Set(read_.map(Webhook.deliveryKey)).size, 1)
    }).pipe(reporting()))

  it.effect("that is redelivered with a new time has another key", () =>
    Effect.gen(function*() {
      yield* fail(WebhookFault.redelivered({ after: "1 minute", newTimeStamp: true }))
      yield* refund(1)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* events, ["order.refunded 0", "order.refunded 60 resent"])
    }).pipe(reporting()))

  it.effect("that is altered: one byte is another, and the signature does not fit", () =>
    Effect.gen(function*() {
      yield* fail(WebhookFault.altered)
      yield* refund(1)
      yield* refund(1)
      const [altered = assert.fail("nothing came"), genuine = assert.fail("one came")] = yield* take
      assert.strictEqual((yield* Effect.flip(verified(altered)))._tag, "WebhookSignatureInvalid")
      yield* verified(genuine)
      const differences = altered.body.filter((byte, index) => byte !== genuine.body[index])
      assert.strictEqual(differences.length, 1)
      assert.strictEqual(altered.body.length, genuine.body.length)
    }).pipe(reporting()))

  it.effect("that is aged: signed, with a date of before", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-03-01T12:00:00Z"))
      yield* fail(WebhookFault.aged(), WebhookFault.aged("301 seconds"), WebhookFault.aged("300 seconds"))
      yield* Effect.replicateEffect(refund(1), 3)
      const [day, longer, tolerated] = yield* take
      for (const webhook of [day, longer]) {
        const error = yield* Effect.flip(verified(webhook ?? assert.fail("nothing came")))
        assert.strictEqual(error._tag, "WebhookExpired")
      }
      assert.strictEqual(day?.headers["x-fc-date"], "Sat, 28 Feb 2026 12:00:00 GMT")
      yield* verified(tolerated ?? assert.fail("nothing came"))
    }).pipe(reporting()))

  it.effect("that is dated later: it says a later time, and comes then", () =>
    Effect.gen(function*() {
      yield* twoUnder(WebhookFault.datedLater("1 minute"))
      assert.deepStrictEqual(yield* events, ["order.refunded 1"])
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* events, ["order.refunded 60"])
    }).pipe(reporting()))
})

describe("the faults of a script", () => {
  it.effect("are for one event each, in order, whatever it reports", () =>
    Effect.gen(function*() {
      const { emit } = yield* simulator
      yield* fail(WebhookFault.lost, WebhookFault.redelivered())
      yield* fail(WebhookFault.lost)
      yield* refund(1)
      yield* emit({ event: "payout.created" })
      yield* refund(2)
      yield* refund(3)
      assert.deepStrictEqual(yield* events, ["payout.created 0", "payout.created 0 resent", "order.refunded 0"])
    }).pipe(reporting()))

  it.effect("are not for what happened before, though nobody looked", () =>
    Effect.gen(function*() {
      yield* refundLate(1, 1)
      yield* refund(2)
      yield* TestClock.adjust("2 minutes")
      yield* fail(WebhookFault.lost)
      yield* refund(3)
      assert.deepStrictEqual(yield* events, ["order.refunded 0", "order.refunded 60"])
    }).pipe(reporting()))

  it.effect("wait for what happens later, such as a late commit", () =>
    Effect.gen(function*() {
      yield* refundLate(1, 1)
      yield* fail(WebhookFault.lost)
      yield* TestClock.adjust("2 minutes")
      yield* refund(2)
      assert.deepStrictEqual(yield* eventsOf(yield* take), ["order.refunded 120"])
    }).pipe(reporting()))

  it.effect("change nothing of what happened", () =>
    Effect.gen(function*() {
      yield* fail(WebhookFault.lost, WebhookFault.altered)
      yield* refund(1)
      yield* refund(2)
      const { ledger } = yield* simulator
      assert.deepStrictEqual((yield* ledger).map(({ amount }) => amount), [cents(1), cents(2)])
    }).pipe(reporting()))
})
