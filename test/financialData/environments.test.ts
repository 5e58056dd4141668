/**
 * Real financial data never leaves for the sandbox.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Result } from "effect"
import { inspect } from "node:util"
import { Cents, ExternalOrderId, type FlexFactor, OrderId } from "../../src/index.ts"
import { json, makeOrders, makeScript, once, type Run, tagged } from "../support/script.ts"
import { card, cards, grouped } from "./samples.ts"

const id = OrderId.make("1001")
const amount = Cents.make(100)

/** Runs an operation; shows what came of it, and how many requests left the client. */
const run = Effect.fnUntraced(function*(operation: Run, environment: FlexFactor.Environment = "sandbox") {
  const script = makeScript(() => json({ id, status: "SUCCESS", success: true, items: [] }))
  const orders = yield* makeOrders(script, { ...once, environment })
  return { result: yield* Effect.result(operation(orders)), requests: script.requests.length }
})

/** Every place where a caller's text goes out, by the name that the error gives it. */
const places: ReadonlyArray<readonly [field: string, at: (text: string) => Run]> = [
  ["message", (message) => (orders) => orders.refund(id, { amount, message })],
  ["query", (query) => (orders) => orders.list({ query })],
  ["mid", (mid) => (orders) => orders.list({ mid })],
  ["orderBy", (orderBy) => (orders) => orders.list({ orderBy })]
]

/** The places that take an id, whose characters are fewer. */
const idPlaces: ReadonlyArray<readonly [name: string, at: (text: string) => Run]> = [
  ["get", (text) => (orders) => orders.get(OrderId.make(text))],
  ["refund", (text) => (orders) => orders.refund(OrderId.make(text), { amount })],
  ["cancel", (text) => (orders) => orders.cancel(OrderId.make(text))],
  ["cancelByExternalId", (text) => (orders) => orders.cancelByExternalId(ExternalOrderId.make(text))]
]

const refusedWith = Effect.fnUntraced(function*(operation: Run) {
  const { requests, result } = yield* run(operation)
  assert.strictEqual(requests, 0)
  assert.isTrue(Result.isFailure(result))
  return tagged(Result.getOrThrow(Result.flip(result)), "SandboxDataRefused")
})

describe("the sandbox", () => {
  for (const [field, at] of places) {
    it.effect(`refuses a card number of every scheme in ${field}, before anything is sent`, () =>
      Effect.gen(function*() {
        for (const [scheme, number] of cards) {
          for (const text of [number, grouped(number, " "), grouped(number, "-"), `card ${number}, please`]) {
            const error = yield* refusedWith(at(text))
            assert.strictEqual(error.field, field, scheme)
            assert.strictEqual(error.kind, "card number", scheme)
          }
        }
      }))

    for (
      const [kind, text] of [
        ["IBAN", "DE89370400440532013000"],
        ["IBAN", "DE89 3704 0044 0532 0130 00"],
        ["IBAN", "GB82WEST12345698765432"],
        ["IBAN", "GB82 WEST 1234 5698 7654 32"],
        ["IBAN", "gb82 west 1234 5698 7654 32"],
        ["IBAN", "to GB82 WEST 1234 5698 7654 32 please"],
        ["social security number", "123-45-6789"],
        ["social security number", "SSN 123-45-6789."]
      ] as const
    ) {
      it.effect(`refuses the ${kind} in ${field}: ${text}`, () =>
        Effect.gen(function*() {
          const error = yield* refusedWith(at(text))
          assert.strictEqual(error.field, field)
          assert.strictEqual(error.kind, kind)
        }))
    }
  }

  for (const [name, at] of idPlaces) {
    it.effect(`refuses financial data as the id of ${name}, before anything is sent`, () =>
      Effect.gen(function*() {
        const texts = [card, grouped(card, "-"), "DE89370400440532013000", "GB82WEST12345698765432", "123-45-6789"]
        for (const text of texts) {
          const error = yield* refusedWith(at(text))
          assert.strictEqual(error.field, name === "cancelByExternalId" ? "externalId" : "id")
        }
      }))
  }

  it.effect("says what it refused and where, in one sentence", () =>
    Effect.gen(function*() {
      const error = yield* refusedWith((orders) => orders.refund(id, { amount, message: card }))
      assert.strictEqual(
        error.message,
        "Orders.refund: message looks like a real card number, which must not be sent to the sandbox. Nothing was sent"
      )
    }))

  it.effect("shows the refused value in no rendering of the error", () =>
    Effect.gen(function*() {
      for (const text of [card, grouped(card, " "), "DE89370400440532013000", "123-45-6789"]) {
        const error = yield* refusedWith((orders) => orders.refund(id, { amount, message: text }))
        const renderings = [
          String(error),
          error.stack ?? "",
          inspect(error, { depth: 10, showHidden: true }),
          JSON.stringify(error),
          Cause.pretty(Cause.fail(error)),
          JSON.stringify(Exit.fail(error))
        ]
        for (const rendering of renderings) assert.notInclude(rendering, text)
      }
    }))

  for (
    const number of [
      "4111111111111111",
      "4242424242424242",
      "4242 4242 4242 4242",
      "4242-4242-4242-4242",
      "5555555555554444",
      "378282246310005",
      "3782 822463 10005",
      "6011111111111117",
      "30569309025904",
      "3530111333300000"
    ]
  ) {
    it.effect(`lets the test card ${number} pass`, () =>
      Effect.gen(function*() {
        for (const [field, at] of places) {
          assert.strictEqual((yield* run(at(number))).requests, 1, field)
        }
      }))
  }

  it.effect("refuses a real card number beside a test card", () =>
    Effect.gen(function*() {
      const error = yield* refusedWith((orders) => orders.list({ query: `4242424242424242 and ${card}` }))
      assert.strictEqual(error.kind, "card number")
    }))
})

describe("production", () => {
  it.effect("lets everything pass: it is where real data belongs", () =>
    Effect.gen(function*() {
      for (const text of [card, grouped(card, "-"), "DE89370400440532013000", "123-45-6789"]) {
        for (const [name, at] of [...places, ...idPlaces]) {
          assert.strictEqual((yield* run(at(text), "production")).requests, 1, name)
        }
      }
    }))
})
