import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Result, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { Cents } from "../../src/Money.ts"
import { ExternalOrderId, OrderId } from "../../src/OrderId.ts"
import * as Webhook from "../../src/Webhook.ts"
import {
  amountOf,
  deliveryKey,
  isAboutChallenge,
  isAboutChargeback,
  isAboutPayout,
  isAboutRefund,
  WebhookEvent
} from "../../src/WebhookEvent.ts"
import { assertMalformed, bytes } from "./deliveries.ts"

const at = "2026-03-01T12:00:00.123456Z"
const minimal = { Event: "order.refunded", TimeStamp: at }

const read = (json: unknown) => Webhook.decode(bytes(JSON.stringify(json)))

const refuses = Effect.fnUntraced(function*(body: string | Uint8Array, field: string, rule: string) {
  const error = yield* Effect.flip(Webhook.decode(typeof body === "string" ? bytes(body) : body))
  assertMalformed(error, field, rule)
})

describe("an event", () => {
  it.effect("is read the same with names that begin with a capital and without", () =>
    Effect.gen(function*() {
      const pascal = {
        ...minimal,
        EventData: { Amount: 1 },
        ExternalOrderId: "#1001",
        OrderId: "order-1",
        ConfirmationId: "22ACD1D9",
        IsTestMode: false,
        IsResent: true
      }
      const camel = Object.fromEntries(
        Object.entries(pascal).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value])
      )
      const event = yield* read(pascal)
      assert.deepStrictEqual(yield* read(camel), event)
      assert.deepStrictEqual(event, {
        event: "order.refunded",
        at: DateTime.makeUnsafe("2026-03-01T12:00:00.123Z"),
        orderId: OrderId.make("order-1"),
        externalOrderId: ExternalOrderId.make("#1001"),
        confirmationId: "22ACD1D9",
        isTestMode: false,
        isResent: true,
        data: { Amount: 1 },
        extra: {}
      })
    }))

  it.effect("needs no more than its name and its time, and null counts as absent", () =>
    Effect.gen(function*() {
      const event = yield* read(minimal)
      assert.deepStrictEqual(Object.keys(event).sort(), ["at", "event", "extra"])
      const nulls = { EventData: null, OrderId: null, ExternalOrderId: null, IsTestMode: null, IsResent: null }
      assert.deepStrictEqual(yield* read({ ...minimal, ...nulls, ConfirmationId: null }), event)
      assert.deepStrictEqual(yield* read({ ...minimal, OrderId: "" }), event)
    }))

  it.effect("may have any name, and fields that nobody knows", () =>
    Effect.gen(function*() {
      const event = yield* read({ ...minimal, Event: "order.NEW thing", Amount: 12.5, nested: { a: [1] } })
      assert.strictEqual(event.event, "order.NEW thing")
      assert.deepStrictEqual(event.extra, { Amount: 12.5, nested: { a: [1] } })
    }))

  it.effect("is not lost for a merchant's id, a confirmation or data that are not as documented", () =>
    Effect.gen(function*() {
      const odd = { ExternalOrderId: "2026/1001", ConfirmationId: 7, EventData: [1] }
      const event = yield* read({ ...minimal, ...odd })
      assert.deepStrictEqual(event.extra, odd)
      assert.notProperty(event, "externalOrderId")
    }))

  it.effect("is read without what it does not say, whatever names it has", () =>
    Effect.gen(function*() {
      const json =
        `{"__proto__":{"isTestMode":false},"constructor":1,"hasOwnProperty":2,"toString":"x","extra":{"a":1},`
        + `"at":"never","data":1,"Event":"order.refunded","TimeStamp":"${at}"}`
      const event = yield* Webhook.decode(bytes(json))
      assert.isUndefined(event.isTestMode)
      assert.strictEqual(DateTime.formatIso(event.at), "2026-03-01T12:00:00.123Z")
      assert.notProperty(event, "data")
      assert.sameMembers(Object.keys(event.extra), [
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "toString",
        "extra",
        "at",
        "data"
      ])
      assert.strictEqual(Object.getPrototypeOf(event.extra), Object.prototype)
    }))

  it.effect("is written as it came, but for what was absent", () =>
    Effect.gen(function*() {
      const wire = { ...minimal, TimeStamp: "2026-03-01T12:00:00.123Z", OrderId: "o", EventData: {}, more: 1 }
      const encoded = yield* Schema.encodeEffect(WebhookEvent)(yield* read(wire))
      assert.deepStrictEqual<object>({ ...encoded }, wire)
    }))

  it.effect("is written again with both values of a field that came in both spellings", () =>
    Effect.gen(function*() {
      const event = yield* read({
        ...minimal,
        confirmationId: "22ACD1D9",
        ConfirmationId: 7,
        orderId: "a",
        OrderId: "b"
      })
      const encoded = yield* Schema.encodeEffect(WebhookEvent)(event)
      assert.deepStrictEqual(yield* read(encoded), event)
    }))

  const names = ["Event", "TimeStamp", "OrderId", "ExternalOrderId", "ConfirmationId", "IsResent", "EventData"]
  const values = ["", "x", "#1", "9999-12-31T23:59:59-14:00", "0000-01-01T00:00:00+14:00", null, 0, true, [], {}]
  const fields = Arbitrary.schema(Schema.Array(Schema.Struct({
    name: Schema.Literals([...names, ...names.map((name) => name.charAt(0).toLowerCase() + name.slice(1))]),
    value: Schema.Literals(values.map((_, index) => index))
  })))
  it.effect.prop(
    "is the same, and has the same key, once it is written and read again, whatever came in both spellings",
    { fields },
    ({ fields }) =>
      Effect.gen(function*() {
        const body = { ...minimal, ...Object.fromEntries(fields.map(({ name, value }) => [name, values[value]])) }
        const event = yield* Effect.result(read(body))
        if (Result.isFailure(event)) return
        const again = yield* read(yield* Schema.encodeEffect(WebhookEvent)(event.success))
        assert.strictEqual(JSON.stringify(again), JSON.stringify(event.success))
        assert.strictEqual(deliveryKey(again), deliveryKey(event.success))
      }),
    { arbitrary: { runs: 2_000 } }
  )

  it.effect.each([
    { orderId: "", OrderId: [] },
    { orderId: null, OrderId: "another" },
    { externalOrderId: null, ExternalOrderId: "another" }
  ])(
    "does not take for its field what came in the other spelling, once it is written and read again: %j",
    (both) =>
      Effect.gen(function*() {
        const event = yield* read({ ...minimal, ...both })
        assert.deepStrictEqual(yield* read(yield* Schema.encodeEffect(WebhookEvent)(event)), event)
        assert.deepStrictEqual([event.orderId, event.externalOrderId], [undefined, undefined])
      })
  )

  const texts = Arbitrary.schema(
    Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Null]))
  )
  it.effect.prop(
    "keeps every value that is not listed, as it came",
    { extra: texts },
    ({ extra }) =>
      Effect.gen(function*() {
        const others = Object.fromEntries(Object.values(extra).map((value, n) => [`x${n}`, value]))
        const event = yield* read({ ...others, ...minimal })
        assert.deepStrictEqual(event.extra, JSON.parse(JSON.stringify(others)))
      }),
    { arbitrary: { runs: 200 } }
  )

  const wrong: ReadonlyArray<readonly [field: string, values: ReadonlyArray<unknown>, rule: string]> = [
    ["Event", [undefined, null], "must be there"],
    ["Event", [5, {}, ["order.refunded"]], "must be text"],
    ["Event", [""], "must not be empty"],
    ["Event", ["x".repeat(257)], "must be at most 256 characters"],
    ["TimeStamp", [undefined, null], "must be there"],
    ["TimeStamp", [5, {}], "must be text"],
    ["TimeStamp", ["1", "sentinel", "2026-03-01", "2026-13-01T00:00:00Z", ""], "must be a date and time"],
    ["TimeStamp", ["9999-12-31T23:59:59-14:00", "0000-01-01T00:00:00+14:00"], "must be a date and time"],
    ["OrderId", [5, ["a"], {}], "must be text"],
    ["OrderId", [".."], "must not be a path step"],
    ["OrderId", ["a/b"], "must not contain a slash"],
    ["IsTestMode", ["true", 1, {}], "must be true or false"],
    ["IsResent", ["false", 0, []], "must be true or false"]
  ]
  for (const [field, values, rule] of wrong) {
    for (const value of values) {
      it.effect(`whose ${field} is ${JSON.stringify(value)} is refused by that name`, () =>
        Effect.gen(function*() {
          yield* refuses(JSON.stringify({ ...minimal, [field]: value }), field, rule)
          const camel = field.charAt(0).toLowerCase() + field.slice(1)
          yield* refuses(JSON.stringify({ ...minimal, [field]: undefined, [camel]: value }), field, rule)
        }))
    }
  }
})

describe("a body", () => {
  const bodies: ReadonlyArray<readonly [name: string, body: string | Uint8Array, rule: string]> = [
    ["empty", "", "must be JSON"],
    ["no JSON", "Event=order.refunded", "must be JSON"],
    ["cut off", "{\"Event\":\"order.ref", "must be JSON"],
    ["not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), "must be UTF-8"],
    ["a list", JSON.stringify([minimal]), "must be a JSON object"],
    ["a text", "\"order.refunded\"", "must be a JSON object"],
    ["null", "null", "must be a JSON object"],
    ["nested without end", `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, "must nest less deeply"],
    [
      "nested by 40",
      `{"Event":"x","TimeStamp":"${at}","EventData":${"{\"a\":".repeat(40)}1${"}".repeat(41)}`,
      "nest less"
    ]
  ]
  for (const [name, body, rule] of bodies) {
    it.effect(`that is ${name} is refused`, () => refuses(body, "body", rule))
  }

  it.effect("may begin with a byte order mark", () =>
    Effect.gen(function*() {
      const body = new Uint8Array([0xef, 0xbb, 0xbf, ...bytes(JSON.stringify(minimal))])
      assert.strictEqual((yield* Webhook.decode(body)).event, "order.refunded")
    }))
})

describe("the key of an event's deliveries", () => {
  it.effect("is the same for a redelivery, and another for another name, order or time", () =>
    Effect.gen(function*() {
      const wire = { ...minimal, OrderId: "order-1" }
      const first = deliveryKey(yield* read(wire))
      assert.strictEqual(deliveryKey(yield* read({ ...wire, IsResent: true, ConfirmationId: "x" })), first)
      const others = [
        { ...wire, Event: "order.completed" },
        { ...wire, OrderId: "order-2" },
        { ...wire, TimeStamp: "2026-03-01T12:00:00.124Z" },
        minimal
      ]
      const keys = yield* Effect.forEach(others, (other) => Effect.map(read(other), deliveryKey))
      assert.strictEqual(new Set([first, ...keys]).size, 5)
    }))

  const told: ReadonlyArray<readonly [what: string, one: object, other: object]> = [
    ["amounts of one order", { OrderId: "order-1", EventData: { amount: 10 } }, {
      OrderId: "order-1",
      EventData: { amount: 20 }
    }],
    ["payouts, which are about no order", { EventData: { payoutId: "a" } }, { EventData: { payoutId: "b" } }],
    ["payouts with fields of their own", { PayoutId: "a" }, { PayoutId: "b" }],
    ["orders without an id", { ExternalOrderId: "ticket-1" }, { ExternalOrderId: "ticket-2" }]
  ]
  it.effect.each(told)("tells apart, at one time, %s", ([, one, other]) =>
    Effect.gen(function*() {
      const keyOf = (fields: object) => Effect.map(read({ ...minimal, ...fields }), deliveryKey)
      assert.notStrictEqual(yield* keyOf(one), yield* keyOf(other))
      assert.strictEqual(yield* keyOf(one), yield* keyOf({ ...one, IsResent: true }))
    }))
})

describe("what an event is about", () => {
  const kinds = {
    refund: isAboutRefund,
    chargeback: isAboutChargeback,
    payout: isAboutPayout,
    challenge: isAboutChallenge
  }
  const names: ReadonlyArray<readonly [event: string, kind: keyof typeof kinds | undefined]> = [
    ["order.refunded", "refund"],
    ["order.refunded.later", undefined],
    ["order.completed", undefined],
    ["payment.early_warning.received", undefined],
    ["payment.chargeback.received", "chargeback"],
    ["payment.chargeback.reversed", "chargeback"],
    ["chargeback.received", "chargeback"],
    ["challenge.passed", "challenge"],
    ["payout.created", "payout"],
    ["payout.updated", "payout"]
  ]
  for (const [event, kind] of names) {
    it.effect(`is told of ${event}`, () =>
      Effect.gen(function*() {
        const one = yield* read({ ...minimal, Event: event })
        for (const [name, isAbout] of Object.entries(kinds)) assert.strictEqual(isAbout(one), name === kind, name)
      }))
  }
})

describe("the amount of an event", () => {
  const amounts: ReadonlyArray<
    readonly [value: unknown, unit: "dollars" | "cents" | undefined, cents: number | undefined]
  > = [
    [12.5, undefined, 1250],
    ["12.50", "dollars", 1250],
    [1250, "cents", 1250],
    [12.5, "cents", undefined],
    [12.345, "dollars", undefined],
    [-1, "dollars", undefined],
    [null, "dollars", undefined],
    [{}, "cents", undefined],
    [undefined, "cents", undefined]
  ]
  for (const [value, unit, cents] of amounts) {
    it.effect(`that shows ${JSON.stringify(value)} in ${unit ?? "dollars, by default,"} is ${cents ?? "not known"}`, () =>
      Effect.gen(function*() {
        const event = yield* read({ ...minimal, EventData: { paid: value } })
        assert.strictEqual(amountOf(event, { amount: "paid", unit }), cents)
        assert.isUndefined(amountOf(event, { amount: "toString", unit }))
        assert.isUndefined(amountOf(yield* read(minimal), { amount: "paid", unit }))
      }))
  }

  it.effect("may be told by a function, which may fail", () =>
    Effect.gen(function*() {
      const event = yield* read(minimal)
      assert.strictEqual(amountOf(event, { amount: () => Cents.make(5) }), 5)
      assert.isUndefined(amountOf(event, { amount: () => undefined }))
      assert.isUndefined(amountOf(event, {
        amount: () => {
          throw new Error("no amount")
        }
      }))
    }))
})
