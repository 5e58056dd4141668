/**
 * What a test takes: signed deliveries, each once, in order of arrival.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Orders, Webhook, WebhookNonces } from "../../../src/index.ts"
import { FlexFactorSimulator, type SignedWebhook, WebhookFault } from "../../../src/testing/index.ts"
import { host, key } from "../../webhook/deliveries.ts"
import { eventsOf, id, layer, nonceOf, otherId, read, refund, refundLate, reporting, simulator, take } from "./setup.ts"

describe("what was delivered", () => {
  it.effect("is taken once", () =>
    Effect.gen(function*() {
      yield* refund(1)
      assert.strictEqual((yield* take).length, 1)
      assert.strictEqual((yield* take).length, 0)
      yield* refund(1)
      assert.strictEqual((yield* take).length, 1)
    }).pipe(reporting()))

  it.effect("comes in the order in which it happened", () =>
    Effect.gen(function*() {
      yield* refundLate(1, 3)
      yield* refundLate(2, 1, otherId)
      yield* TestClock.adjust("2 minutes")
      yield* refund(3)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* eventsOf(yield* take), [
        "order.refunded 60",
        "order.refunded 120",
        "order.refunded 180"
      ])
    }).pipe(reporting()))

  it.effect("is received by a verifier, also when it is taken long after", () =>
    Effect.gen(function*() {
      const verifier = yield* Webhook.make({ key, host })
      yield* refund(1)
      yield* refund(2)
      yield* TestClock.adjust("10 hours")
      const received = yield* Effect.forEach(yield* take, verifier.receive)
      assert.deepStrictEqual(received.map(({ orderId }) => orderId), [id, id])
    }).pipe(reporting(), Effect.provide(WebhookNonces.layerMemory)))

  it.effect("is signed for its host alone, with its key alone", () =>
    Effect.gen(function*() {
      yield* refund(1)
      const [webhook = assert.fail("nothing came")] = yield* take
      const error = yield* Effect.flip(Webhook.verify(webhook, { key, host: "other.example" }))
      assert.strictEqual(error._tag, "WebhookSignatureInvalid")
      assert.strictEqual(webhook.headers["host"], host)
    }).pipe(reporting()))

  it.effect("is taken by whoever asks first: two at once share it", () =>
    Effect.gen(function*() {
      yield* Effect.replicateEffect(refund(1), 20)
      const shares = yield* Effect.all([take, take, take], { concurrency: "unbounded" })
      assert.strictEqual(new Set(shares.flat().map(nonceOf)).size, 20)
      assert.strictEqual(shares.flat().length, 20)
    }).pipe(reporting()))
})

describe("a nonce", () => {
  it.effect("looks like FlexFactor's, and is another for each delivery, of the same event too", () =>
    Effect.gen(function*() {
      const { emit, failNextWebhook } = yield* simulator
      yield* Effect.replicateEffect(emit({ event: "payout.created" }), 50)
      yield* failNextWebhook(WebhookFault.redelivered())
      yield* refund(1)
      const nonces = (yield* take).map(nonceOf)
      assert.strictEqual(new Set(nonces).size, 52)
      for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{32}$/)
    }).pipe(reporting()))

  // The same event: only the time at which it is sent tells it from another.
  const first = Effect.andThen(
    simulator.use(({ emit }) => emit({ event: "payout.created", at: DateTime.makeUnsafe(0) })),
    Effect.map(take, ([webhook]) => webhook && nonceOf(webhook))
  )
  it.effect("is not used again by a simulator that starts later", () =>
    Effect.gen(function*() {
      const before = yield* Effect.provide(first, layer())
      assert.strictEqual(yield* Effect.provide(first, layer()), before)
      yield* TestClock.adjust(1)
      assert.notStrictEqual(yield* Effect.provide(first, layer()), before)
    }))
})

/** A run with all that is drawn, and the bytes of its deliveries as they came. */
const run = (seed: number): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function*() {
    const { failWebhooksBySeed, setStatus } = yield* simulator
    const orders = yield* Orders
    yield* failWebhooksBySeed({ seed, rate: 0.7 })
    const came: Array<SignedWebhook> = []
    for (let turn = 0; turn < 30; turn++) {
      yield* refund(1 + turn)
      if (turn % 3 === 0) yield* setStatus(otherId, turn % 2 === 0 ? "Onhold" : "Completed")
      yield* TestClock.adjust("20 seconds")
      if (turn % 5 === 0) came.push(...yield* take)
    }
    yield* Effect.exit(orders.cancel(otherId))
    yield* TestClock.adjust("1 hour")
    came.push(...yield* take)
    return came.map(({ body, headers }) => JSON.stringify([headers, [...body]]))
  }).pipe(reporting({ amount: "paid" }), Effect.provide(TestClock.layer()), Effect.orDie)

describe("a run under a test clock", () => {
  it.effect.each([1, 2, 3])("delivers the same again, byte for byte, with seed %s", (seed) =>
    Effect.gen(function*() {
      const [one, other] = [yield* run(seed), yield* run(seed)]
      assert.isAbove(one.length, 20)
      assert.deepStrictEqual(one, other)
    }))

  it.effect("delivers otherwise with another seed", () =>
    Effect.gen(function*() {
      assert.notDeepEqual(yield* run(1), yield* run(4))
    }))
})

describe("a simulator", () => {
  it.effect("shares no webhooks with another one", () =>
    Effect.gen(function*() {
      const other = yield* FlexFactorSimulator.FlexFactorSimulator.pipe(Effect.provide(layer()))
      yield* refund(1)
      assert.deepStrictEqual(yield* other.takeWebhooks, [])
      const [webhook = assert.fail("nothing came")] = yield* take
      assert.strictEqual((yield* read(webhook)).orderId, id)
    }).pipe(reporting()))
})
