/**
 * What every inbox does with deliveries.
 */
import { assert } from "@effect/vitest"
import { DateTime, Effect, type Layer, type Scope } from "effect"
import { OrderId } from "../../src/OrderId.ts"
import * as Webhook from "../../src/Webhook.ts"
import { WebhookInbox } from "../../src/WebhookInbox.ts"
import { bytes, options, sign } from "./deliveries.ts"
import { type Due, eventOf, handleRest, keep, orderId } from "./inboxes.ts"

export type Declare = (name: string, test: () => Effect.Effect<void, unknown, Scope.Scope>) => void

const ofOrder = (id: OrderId) => WebhookInbox.use((inbox) => inbox.ofOrder(id))

const many = Array.from({ length: 30 }, (_, n) => n)

/** The permutations of some values. */
const ordersOf = <A>(values: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  values.length < 2
    ? [values]
    : values.flatMap((value, index) => ordersOf(values.toSpliced(index, 1)).map((rest) => [value, ...rest]))

export const declareKeepingBehaviours = <E>(declare: Declare, layer: Layer.Layer<WebhookInbox | Due, E>): void => {
  const check = (name: string, test: Effect.Effect<void, unknown, WebhookInbox | Due | Scope.Scope>): void =>
    declare(name, () => Effect.provide(test, layer))

  check(
    "keeps an event once, and says why it did not keep it again",
    Effect.gen(function*() {
      const refunded = eventOf("order.refunded")
      const expired = eventOf("order.expired")
      assert.strictEqual(yield* keep(refunded, "n1"), "new")
      assert.strictEqual(yield* keep(refunded, "n1"), "replayed")
      assert.strictEqual(yield* keep(refunded, "n2"), "redelivered")
      assert.strictEqual(yield* keep(refunded, "n2"), "replayed", "the nonce of a delivery that came again is used")
      assert.strictEqual(yield* keep(expired, "n2"), "new", "whatever else came with its nonce")
      assert.strictEqual(yield* keep(expired, "n3"), "redelivered")
      assert.deepStrictEqual(yield* ofOrder(orderId), [refunded, expired])
      assert.deepStrictEqual(yield* handleRest, ["order.refunded", "order.expired"])
      assert.strictEqual(yield* keep(refunded, "n4"), "redelivered", "also once it is handled")
      assert.deepStrictEqual(yield* handleRest, [])
    })
  )

  check(
    "keeps each event once, in whatever order its deliveries come",
    Effect.gen(function*() {
      for (const [round, order] of ordersOf(["a 1", "a 2", "b 3", "a 1"]).entries()) {
        const kept = yield* Effect.forEach(order, (delivery) => {
          const [name, nonce] = delivery.split(" ")
          return Effect.map(keep(eventOf(`${name}${round}`), `${nonce}-${round}`), (kept) => `${name} ${kept}`)
        })
        assert.sameMembers(kept.filter((text) => text.endsWith("new")), ["a new", "b new"], order.join())
        assert.lengthOf(kept.filter((text) => text === "a replayed"), 1, order.join())
        assert.lengthOf(kept.filter((text) => text === "a redelivered"), 1, order.join())
        assert.deepStrictEqual((yield* handleRest).toSorted(), [`a${round}`, `b${round}`])
      }
    })
  )

  check(
    "keeps one of many deliveries that come at once",
    Effect.gen(function*() {
      const same = many.map(() => keep(eventOf("same.nonce"), "n"))
      const others = many.map(() => keep(eventOf("other.nonces")))
      const kept = yield* Effect.all([...same, ...others], { concurrency: "unbounded" })
      const [ofSame, ofOthers] = [kept.slice(0, many.length), kept.slice(many.length)]
      assert.deepStrictEqual(ofSame.toSorted(), ["new", ...many.slice(1).map(() => "replayed")])
      assert.deepStrictEqual(ofOthers.toSorted(), ["new", ...many.slice(1).map(() => "redelivered")])
      assert.deepStrictEqual((yield* handleRest).toSorted(), ["other.nonces", "same.nonce"])
    })
  )

  check(
    "takes signed deliveries, and does not use up the nonce of one that cannot be read",
    Effect.gen(function*() {
      const { keep } = yield* Webhook.make(options)
      const date = yield* DateTime.now
      const signed = yield* sign({ date })
      const unreadable = yield* sign({ date, event: bytes("{}") })
      assert.strictEqual((yield* Effect.flip(keep(unreadable)))._tag, "WebhookMalformed")
      assert.strictEqual(yield* keep(signed), "new")
      assert.strictEqual(yield* keep(signed), "replayed")
      assert.strictEqual(yield* keep(yield* sign({ date, nonce: "another" })), "redelivered")
      assert.deepStrictEqual(yield* handleRest, ["order.refunded"])
    })
  )

  check(
    "takes an event whose texts are as long as they may be",
    Effect.gen(function*() {
      const { keep } = yield* Webhook.make(options)
      const long = (length: number) => "\u{10000}".repeat(length / 2)
      const event = bytes(JSON.stringify({
        Event: long(256),
        TimeStamp: "2026-03-01T12:00:00Z",
        OrderId: "o".repeat(128),
        ExternalOrderId: long(128),
        EventData: { text: long(100_000) }
      }))
      assert.strictEqual(yield* keep(yield* sign({ date: yield* DateTime.now, nonce: "n".repeat(128), event })), "new")
    })
  )

  check(
    "shows the events of an order whatever the case in which its id is written",
    Effect.gen(function*() {
      const small = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")
      const capitals = OrderId.make("E97B1FF1-4449-46DA-BC6C-A76D23F16353")
      const event = eventOf("a", { orderId: capitals })
      yield* keep(event)
      assert.deepStrictEqual(yield* ofOrder(small), [event])
      assert.deepStrictEqual(yield* ofOrder(capitals), [event])
    })
  )

  check(
    "shows the events of an order in the order in which they happened, and no others",
    Effect.gen(function*() {
      const other = OrderId.make("other")
      const later = (seconds: number) => ({ at: DateTime.addDuration(eventOf("").at, `${seconds} seconds`) })
      const [first, second, third] = [eventOf("b", later(1)), eventOf("a", later(2)), eventOf("c", later(30))]
      const ofOther = eventOf("b", { ...later(1), orderId: other })
      const { orderId: _, ...ofNone } = eventOf("payout.created")
      for (const event of [third, ofOther, first, ofNone, second]) assert.strictEqual(yield* keep(event), "new")
      assert.deepStrictEqual(yield* ofOrder(orderId), [first, second, third])
      assert.deepStrictEqual(yield* ofOrder(other), [ofOther])
      assert.deepStrictEqual(yield* ofOrder(OrderId.make("none")), [])
      assert.lengthOf(yield* handleRest, 5)
    })
  )

  check(
    "keeps all that an event says, also one that nobody documents",
    Effect.gen(function*() {
      const complete = yield* Webhook.decode(bytes(JSON.stringify({
        Event: "order.something\u0000new \u2028 'quoted' 🙂",
        TimeStamp: "2026-03-01T12:00:00.123456Z",
        OrderId: orderId,
        ExternalOrderId: "#1001",
        ConfirmationId: 7,
        IsTestMode: true,
        IsResent: false,
        EventData: { amount: 12.5, nested: { list: [1, "two", null, { deep: "\u0000" }] } },
        ["__proto__"]: { a: 1 },
        New: [true],
        empty: {}
      })))
      assert.sameMembers(Object.keys(complete.extra), ["ConfirmationId", "__proto__", "New", "empty"])
      const long = eventOf("x".repeat(256))
      assert.strictEqual(yield* keep(complete), "new")
      assert.strictEqual(yield* keep(complete), "redelivered")
      assert.strictEqual(yield* keep(long), "new")
      assert.strictEqual(yield* keep(long), "redelivered")
      assert.deepStrictEqual(yield* ofOrder(orderId), [long, complete])
      const handled = yield* WebhookInbox.use(({ handleNext }) => handleNext(Effect.succeed))
      assert.deepStrictEqual(handled, complete)
      assert.deepStrictEqual(yield* handleRest, [long.event])
    })
  )
}
