/**
 * What a fault of the request for a token makes of a refund.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Fault } from "../../../src/testing/index.ts"
import { acted, html, idle, refundUnder, type Row, simulated } from "./setup.ts"

describe("a refund whose token fails", () => {
  const waiting: ReadonlyArray<Row> = [
    { name: "a refused connection", faults: [Fault.connectionRefused], outcome: "receipt", moved: 1, arrived: 1 },
    { name: "a lost connection", faults: [Fault.connectionLost(acted)], outcome: "receipt", moved: 1, arrived: 1 },
    { name: "a 503", faults: [Fault.answer(503)], outcome: "receipt", moved: 1, arrived: 1 },
    {
      name: "a 400",
      faults: [Fault.answer(400)],
      outcome: "FlexFactorUnauthorized",
      moved: 0,
      arrived: 0
    },
    {
      name: "a 200 as HTML",
      faults: [Fault.answer(200, { body: html })],
      outcome: "FlexFactorInvalidResponse",
      moved: 0,
      arrived: 0
    },
    {
      name: "connections that are lost until the retries are spent",
      faults: Array.from({ length: 4 }, () => Fault.connectionLost(idle)),
      outcome: "FlexFactorUnreachable: FlexFactor.token, sent no",
      moved: 0,
      arrived: 0
    },
    {
      name: "503s until the retries are spent",
      faults: Array.from({ length: 4 }, () => Fault.answer(503)),
      outcome: "FlexFactorServiceUnavailable",
      moved: 0,
      arrived: 0
    }
  ]
  it.effect.each(waiting)(
    "under $name: $outcome, and no money moves on a guess",
    ({ arrived, faults, moved, outcome }) =>
      Effect.gen(function*() {
        const seen = yield* refundUnder(faults, "FlexFactor.token")
        assert.deepStrictEqual({ outcome: seen.outcome, moved: seen.moved, arrived: seen.arrived }, {
          outcome,
          moved,
          arrived
        })
      }).pipe(simulated)
  )

  it.effect("in the first attempt, and does not come in the second before the deadline, was not sent", () =>
    Effect.gen(function*() {
      const seen = yield* refundUnder([Fault.answer(503), Fault.delayed("1 hour")], "FlexFactor.token")
      assert.strictEqual(seen.outcome, "FlexFactorTimeout: Orders.refund, sent no")
      assert.deepStrictEqual([seen.moved, seen.arrived], [0, 0])
    }).pipe(simulated))

  it.effect("by its deadline was not sent", () =>
    Effect.gen(function*() {
      const seen = yield* refundUnder([Fault.delayed("1 hour")], "FlexFactor.token")
      assert.include(seen.outcome, "FlexFactorTimeout")
      assert.include(seen.outcome, "sent no")
      assert.deepStrictEqual([seen.moved, seen.arrived], [0, 0])
    }).pipe(simulated))
})
