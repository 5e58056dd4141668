/**
 * What each fault makes of a refund: what the client is told, and whether money moved. The deadline is 30 seconds.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import { Cents, Orders } from "../../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../../src/testing/index.ts"
import { acted, html, id, idle, price, refundUnder, type Row, simulated } from "./setup.ts"

const unknown = (doubt: string) => `RefundOutcomeUnknown: ${doubt}`

const rows: ReadonlyArray<Row> = [
  { name: "no fault", faults: [], outcome: "receipt", moved: 1, arrived: 1 },
  // Before sending.
  { name: "a refused connection", faults: [Fault.connectionRefused], outcome: "receipt", moved: 1, arrived: 1 },
  {
    name: "connections that are refused until the retries are spent",
    faults: Array.from({ length: 4 }, () => Fault.connectionRefused),
    outcome: "FlexFactorUnreachable: Orders.refund, sent no",
    moved: 0,
    arrived: 0
  },
  // After sending.
  {
    name: "a connection lost after the server acted",
    faults: [Fault.connectionLost(acted)],
    outcome: unknown("connection lost"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a connection lost before the server acted",
    faults: [Fault.connectionLost(idle)],
    outcome: unknown("connection lost"),
    moved: 0,
    arrived: 1
  },
  {
    name: "a refused connection and then a lost one",
    faults: [Fault.connectionRefused, Fault.connectionLost(acted)],
    outcome: unknown("connection lost"),
    moved: 1,
    arrived: 1
  },
  { name: "a truncated answer", faults: [Fault.truncated], outcome: unknown("connection lost"), moved: 1, arrived: 1 },
  // Statuses.
  ...[500, 502, 503, 504].flatMap((status): ReadonlyArray<Row> => [
    {
      name: `a ${status} after the server acted`,
      faults: [Fault.answer(status, acted)],
      outcome: unknown(`server error ${status}`),
      moved: 1,
      arrived: 1
    },
    {
      name: `a ${status} before the server acted`,
      faults: [Fault.answer(status)],
      outcome: unknown(`server error ${status}`),
      moved: 0,
      arrived: 1
    }
  ]),
  {
    name: "a 502 as HTML",
    faults: [Fault.answer(502, { body: html, ...acted })],
    outcome: unknown("server error 502"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a 200 as HTML",
    faults: [Fault.answer(200, { body: html, ...acted })],
    outcome: unknown("no verdict 200"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a 200 without a body",
    faults: [Fault.answer(200, acted)],
    outcome: unknown("no verdict 200"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a 200 that contradicts itself",
    faults: [Fault.answer(200, { body: { success: true, status: "FAILED" }, ...acted })],
    outcome: unknown("contradiction 200"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a 502 that says that it was done",
    faults: [Fault.answer(502, { body: { success: true, status: "SUCCESS" }, ...acted })],
    outcome: "receipt",
    moved: 1,
    arrived: 1
  },
  {
    name: "a 307 to elsewhere",
    faults: [Fault.answer(307, { headers: { location: "https://elsewhere.test/" } })],
    outcome: unknown("unexpected status 307"),
    moved: 0,
    arrived: 1
  },
  {
    name: "a 409",
    faults: [Fault.answer(409, acted)],
    outcome: unknown("conflict 409"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a 429 with Retry-After",
    faults: [Fault.answer(429, { headers: { "retry-after": "2" } })],
    outcome: "FlexFactorTooManyRequests: 2s",
    moved: 0,
    arrived: 1
  },
  {
    name: "a 429 without Retry-After",
    faults: [Fault.answer(429)],
    outcome: "FlexFactorTooManyRequests: ",
    moved: 0,
    arrived: 1
  },
  { name: "a 400", faults: [Fault.answer(400)], outcome: "FlexFactorBadRequest", moved: 0, arrived: 1 },
  { name: "a 403", faults: [Fault.answer(403)], outcome: "FlexFactorForbidden", moved: 0, arrived: 1 },
  { name: "a 422", faults: [Fault.answer(422)], outcome: "FlexFactorUnprocessableEntity", moved: 0, arrived: 1 },
  // Time.
  {
    name: "an answer that comes within the deadline",
    faults: [Fault.delayed("29 seconds")],
    outcome: "receipt",
    moved: 1,
    arrived: 1
  },
  {
    name: "an answer that comes after the deadline",
    faults: [Fault.delayed("31 seconds")],
    outcome: unknown("timeout"),
    moved: 1,
    arrived: 1
  },
  { name: "a slow body", faults: [Fault.slow("1 millis")], outcome: "receipt", moved: 1, arrived: 1 },
  {
    name: "a body that is slower than the deadline",
    faults: [Fault.slow("1 second")],
    outcome: unknown("timeout"),
    moved: 1,
    arrived: 1
  },
  // Delivery and tokens.
  { name: "a duplicate delivery", faults: [Fault.duplicated], outcome: "receipt", moved: 2, arrived: 2 },
  { name: "tokens that expire on the way", faults: [Fault.tokensExpired], outcome: "receipt", moved: 1, arrived: 2 },
  {
    name: "tokens that expire on the way twice",
    faults: [Fault.tokensExpired, Fault.tokensExpired],
    outcome: "FlexFactorUnauthorized",
    moved: 0,
    arrived: 2
  },
  {
    name: "tokens that expire and then a lost connection",
    faults: [Fault.tokensExpired, Fault.connectionLost(acted)],
    outcome: unknown("connection lost"),
    moved: 1,
    arrived: 2
  },
  {
    name: "tokens that expire and then a refused connection",
    faults: [Fault.tokensExpired, Fault.connectionRefused],
    outcome: "receipt",
    moved: 1,
    arrived: 2
  },
  {
    name: "a 401 after the server acted, which says that it was done",
    faults: [Fault.answer(401, { body: { success: true, status: "SUCCESS" }, ...acted })],
    outcome: "receipt",
    moved: 1,
    arrived: 1
  }
]

describe("a refund", () => {
  it.effect.each(rows)(
    "under $name: $outcome, money moved $moved times, $arrived requests arrived",
    ({ arrived, faults, moved, outcome }) =>
      Effect.gen(function*() {
        const seen = yield* refundUnder(faults)
        assert.deepStrictEqual({ outcome: seen.outcome, moved: seen.moved, arrived: seen.arrived }, {
          outcome,
          moved,
          arrived
        })
      }).pipe(simulated)
  )

  it.effect("that is delivered twice gets the second answer", () =>
    Effect.gen(function*() {
      const { result } = yield* refundUnder([Fault.duplicated])
      assert.strictEqual(Result.getOrThrow(result).transactionId, `refund-${id}-2`)
    }).pipe(simulated))

  it.effect("of the full amount that is delivered twice gets the second answer, a refusal, although money moved", () =>
    Effect.gen(function*() {
      const seen = yield* refundUnder([Fault.duplicated], "Orders.refund", price)
      assert.strictEqual(seen.outcome, "RefundRejected: 2001")
      assert.strictEqual(seen.moved, 1)
    }).pipe(simulated))

  it.effect("that times out tells so at the deadline, and the money moved when the request arrived", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      yield* simulator.failNext("Orders.refund", Fault.delayed("1 minute"))
      const refund = yield* Effect.forkChild(Effect.flip(orders.refund(id, { amount: Cents.make(1000) })))
      yield* TestClock.adjust(29_999)
      assert.isUndefined(refund.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.isDefined(refund.pollUnsafe())
      assert.strictEqual((yield* Fiber.join(refund))._tag, "RefundOutcomeUnknown")
      assert.deepStrictEqual((yield* simulator.ledger).map((entry) => DateTime.toEpochMillis(entry.at)), [0])
    }).pipe(simulated))
})
