/**
 * Faults of webhooks that are drawn from a seed.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Webhook } from "../../../src/index.ts"
import { type FlexFactorSimulator, WebhookFault } from "../../../src/testing/index.ts"
import { webhookFaultKinds } from "../../../src/testing/simulator/webhookFaultKinds.ts"
import { host, key } from "../../webhook/deliveries.ts"
import { failBySeed, onOneOrder, send } from "../Fault/seeded.ts"
import { served } from "../simulator/setup.ts"
import { cents, events, id, refund, refundLate, reporting, simulator, take, webhooks, wire } from "./setup.ts"

const failWebhooks = (faults: FlexFactorSimulator.SeededWebhookFaults) =>
  simulator.use(({ failWebhooksBySeed }) => failWebhooksBySeed(faults))

/** The kinds that were met, and how often each. */
const counted = Effect.gen(function*() {
  const { webhookFaultCounts } = yield* simulator
  return Object.fromEntries(Object.entries(yield* webhookFaultCounts).filter(([, count]) => count > 0))
})

/** Reports some payouts, a minute apart, and yields what came of it in the end. */
const payouts = Effect.fnUntraced(function*(times: number, event = "payout.created") {
  const { emit } = yield* simulator
  yield* Effect.replicateEffect(Effect.andThen(TestClock.adjust("1 minute"), emit({ event })), times)
  yield* TestClock.adjust("1 hour")
  return (yield* take).map(({ body }) => new TextDecoder().decode(body))
})

describe("faults of webhooks from a seed", () => {
  it.effect("are as frequent as their rate, and all kinds come", () =>
    Effect.gen(function*() {
      yield* failWebhooks({ seed: 1, rate: 0.5 })
      yield* payouts(400)
      const counts = yield* counted
      assert.sameMembers(Object.keys(counts), [...webhookFaultKinds])
      assert.approximately(Object.values(counts).reduce((sum, count) => sum + count, 0), 200, 40)
    }).pipe(reporting()))

  it.effect("are none at a rate of 0, and end with it", () =>
    Effect.gen(function*() {
      yield* failWebhooks({ seed: 1, rate: 1, kinds: ["lost"] })
      assert.deepStrictEqual(yield* payouts(3), [])
      yield* failWebhooks({ seed: 1, rate: 0 })
      assert.strictEqual((yield* payouts(3)).length, 3)
      assert.deepStrictEqual(yield* counted, { lost: 3 })
    }).pipe(reporting()))

  it.effect.each(webhookFaultKinds)("are of the kinds that are asked for: %s", (kind) =>
    Effect.gen(function*() {
      yield* failWebhooks({ seed: 1, rate: 1, kinds: [kind] })
      yield* payouts(10)
      assert.deepStrictEqual(yield* counted, { [kind]: 10 })
    }).pipe(reporting()))

  it.effect("come after those of a script, which do not count", () =>
    Effect.gen(function*() {
      yield* failWebhooks({ seed: 1, rate: 1, kinds: ["lost"] })
      const { failNextWebhook } = yield* simulator
      yield* failNextWebhook(WebhookFault.redelivered())
      yield* refund(1)
      yield* refund(2)
      assert.deepStrictEqual(yield* events, ["order.refunded 0", "order.refunded 0 resent"])
      assert.deepStrictEqual(yield* counted, { lost: 1 })
    }).pipe(reporting()))

  it.effect("are the same for the nth event of a name, whatever else is reported", () =>
    Effect.gen(function*() {
      const { emit } = yield* simulator
      /** How often each of thirty payouts came. */
      const run = Effect.fnUntraced(function*(others: number) {
        yield* failWebhooks({ seed: 7, rate: 0.5, kinds: ["lost", "redelivered"], maxDelay: 1 })
        for (let n = 0; n < 30; n++) {
          yield* Effect.replicateEffect(emit({ event: "payout.updated" }), others)
          yield* emit({ event: "payout.created", confirmationId: String(n) })
        }
        yield* TestClock.adjust(1)
        const came = (yield* take).map((webhook) => wire(webhook)["ConfirmationId"])
        return Array.from({ length: 30 }, (_, n) => came.filter((id) => id === String(n)).length)
      })
      const alone = yield* run(0)
      assert.sameMembers([...new Set(alone)], [0, 1, 2])
      assert.deepStrictEqual(yield* run(1), alone)
      assert.deepStrictEqual(yield* run(2), alone)
    }).pipe(reporting()))

  it.effect("take no longer than the longest", () =>
    Effect.gen(function*() {
      yield* failWebhooks({ seed: 1, rate: 1, kinds: ["delayed"], maxDelay: "10 seconds" })
      const { emit } = yield* simulator
      yield* Effect.replicateEffect(emit({ event: "payout.created" }), 50)
      yield* TestClock.adjust("5 seconds")
      const early = (yield* take).length
      assert.approximately(early, 25, 15)
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* take).length, 50 - early)
    }).pipe(reporting()))

  it.effect("leave the faults of requests as they were", () =>
    Effect.gen(function*() {
      yield* failBySeed({ seed: 1, rate: 0.5 })
      const without = yield* Effect.forEach(
        ["Orders.refund", "Orders.get"] as const,
        (operation) => send(operation, 40)
      ).pipe(onOneOrder)
      const withThem = yield* Effect.gen(function*() {
        yield* failBySeed({ seed: 1, rate: 0.5 })
        yield* failWebhooks({ seed: 1, rate: 0.5 })
        return yield* Effect.forEach(["Orders.refund", "Orders.get"] as const, (operation) => send(operation, 40))
      }).pipe(served({ orders: [{ id, amount: cents(5000) }], webhooks }))
      assert.deepStrictEqual(withThem, without)
    }).pipe(onOneOrder))
})

describe("over many scripts, with delays, replays and redeliveries alone", () => {
  const harmless = ["delayed", "duplicated", "redelivered", "redelivered with a new time", "dated later"] as const

  it.effect.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "every movement is delivered, and every delivery is genuine: seed %s",
    (seed) =>
      Effect.gen(function*() {
        const { ledger, refundInPortal } = yield* simulator
        yield* failWebhooks({ seed, rate: 0.6, kinds: harmless, maxDelay: "4 minutes" })
        const told: Array<number> = []
        const look = Effect.flatMap(
          take,
          Effect.forEach((webhook) =>
            Effect.gen(function*() {
              const { body } = yield* Webhook.verify(webhook, { key, host })
              const amount = Webhook.amountOf(yield* Webhook.decode(body), { amount: "paid", unit: "cents" })
              told.push(amount ?? assert.fail("an event without its amount"))
            })
          )
        )
        // Each amount is another one, so that it tells its movement.
        for (let turn = 1; turn <= 20; turn++) {
          if (turn % 3 === 0) yield* refundLate(turn, turn % 7)
          else if (turn % 5 === 0) yield* refundInPortal(id, cents(turn), { after: `${turn} seconds` })
          else yield* refund(turn)
          yield* TestClock.adjust("30 seconds")
          if ((turn * (seed + 1)) % 4 === 0) yield* look
        }
        for (let minute = 0; minute < 20; minute++) {
          yield* TestClock.adjust("1 minute")
          yield* look
        }
        const moved = (yield* ledger).map(({ amount }) => amount)
        assert.strictEqual(moved.length, 20)
        assert.sameMembers([...new Set(told)], moved)
        assert.isAbove(told.length, moved.length)
      }).pipe(reporting({ amount: "paid", unit: "cents" }))
  )
})
