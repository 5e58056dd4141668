/**
 * A set-up that makes no sense is told so at once, and not by what happens to a refund later.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import { Cents } from "../../src/index.ts"
import { Fault, FlexFactorSimulator, WebhookFault } from "../../src/testing/index.ts"
import { cents } from "./simulator/setup.ts"
import { webhooks } from "./webhooks/setup.ts"

const defectOf = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.isFailure(exit) && Cause.hasDies(exit.cause) ? Cause.pretty(exit.cause) : "no defect"

type Row = readonly [name: string, set: FlexFactorSimulator.SimulatorOptions, rule: string]

const money = (order: { readonly amount: number; readonly refunded?: number }) => ({
  orders: [order as FlexFactorSimulator.OrderSeed]
})

describe("an option of the simulator that makes no sense is a defect:", () => {
  const share = "largestPartialRefund must be a share of the price, more than 0 and at most 1"
  const rows: ReadonlyArray<Row> = [
    ["a percentage", { largestPartialRefund: 60 }, share],
    ["a negative share", { largestPartialRefund: -0.6 }, share],
    ["no share", { largestPartialRefund: 0 }, share],
    ["a share that is no number", { largestPartialRefund: Number.NaN }, share],
    ["a token that never lives", { tokenLifetime: 0 }, "tokenLifetime must be a finite duration of more than zero"],
    ["a token that lives for ever", { tokenLifetime: Infinity }, "tokenLifetime must be a finite duration"],
    ["a clock that is no number", { clockOffset: Number.NaN }, "clockOffset must be a finite duration"],
    ["reads of the future", { staleReads: "-1 second" }, "staleReads must be a finite duration that is not negative"],
    [
      "a redelivery before the delivery",
      { webhooks: { ...webhooks, redeliveries: ["1 minute", "-1 minute"] } },
      "webhooks.redeliveries must be a finite duration that is not negative"
    ],
    ["more refunded than charged", money({ amount: 5000, refunded: 6000 }), "refunded must be a whole number of cents"],
    ["dollars for cents", money({ amount: 19.99 }), "amount must be a whole number of cents"],
    [
      "a date that is none",
      { orders: [{ amount: cents(100), placedAt: "someday" }] },
      "placedAt must be a date"
    ]
  ]
  it.effect.each(rows)("%s", ([, options, rule]) =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(
        Effect.provide(FlexFactorSimulator.FlexFactorSimulator, FlexFactorSimulator.layer(options))
      )
      assert.include(defectOf(exit), rule)
    }))
})

describe("an option of the simulator is taken at the edge of its rule:", () => {
  const rows: ReadonlyArray<readonly [string, FlexFactorSimulator.SimulatorOptions]> = [
    ["all of the price", { largestPartialRefund: 1 }],
    ["a clock that is behind", { clockOffset: "-1 hour" }],
    ["an order of which all went back", { orders: [{ amount: cents(100), refunded: cents(100) }] }],
    ["redeliveries at once", { webhooks: { ...webhooks, redeliveries: [0] } }]
  ]
  it.effect.each(rows)("%s", ([, options]) =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(
        Effect.provide(FlexFactorSimulator.FlexFactorSimulator, FlexFactorSimulator.layer(options))
      )
      assert.isTrue(Exit.isSuccess(exit))
    }))
})

type Controls = FlexFactorSimulator.FlexFactorSimulator["Service"]

describe("a control that is asked for nonsense is a defect:", () => {
  const undefinedRate = { seed: 1 } as FlexFactorSimulator.SeededFaults
  const rate = "rate must be a number from 0, never, to 1, always"
  const time = "must be a finite duration that is not negative"
  const rows: ReadonlyArray<readonly [string, (controls: Controls) => Effect.Effect<unknown>, string]> = [
    ["a percentage of faults", ({ failBySeed }) => failBySeed({ seed: 1, rate: 50 }), `failBySeed: ${rate}`],
    ["a rate that is no number", ({ failBySeed }) => failBySeed({ seed: 1, rate: Number.NaN }), `failBySeed: ${rate}`],
    ["no rate", ({ failBySeed }) => failBySeed(undefinedRate), `failBySeed: ${rate}`],
    [
      "a late commit before its request",
      ({ failBySeed }) => failBySeed({ seed: 1, rate: 1, maxLateCommit: "-1 second" }),
      `failBySeed: maxLateCommit ${time}`
    ],
    [
      "an endless delay",
      ({ failBySeed }) => failBySeed({ seed: 1, rate: 1, maxDelay: Infinity }),
      `failBySeed: maxDelay ${time}`
    ],
    [
      "a staleness that is no number",
      ({ failBySeed }) => failBySeed({ seed: 1, rate: 1, maxStaleness: Number.NaN }),
      `failBySeed: maxStaleness ${time}`
    ],
    [
      "a percentage of faults of webhooks",
      ({ failWebhooksBySeed }) => failWebhooksBySeed({ seed: 1, rate: 50 }),
      `failWebhooksBySeed: ${rate}`
    ],
    [
      "a webhook before its event",
      ({ failWebhooksBySeed }) => failWebhooksBySeed({ seed: 1, rate: 1, maxDelay: "-1 second" }),
      `failWebhooksBySeed: maxDelay ${time}`
    ],
    ["more refunded than charged", ({ addOrder }) => addOrder({ amount: cents(1), refunded: cents(2) }), "at most the"],
    [
      "a refund in the portal in the past",
      ({ addOrder, refundInPortal }) =>
        Effect.flatMap(
          addOrder({ amount: cents(100) }),
          ({ id }) => refundInPortal(id, Cents.make(1), { after: "-1 hour" })
        ),
      `after ${time}`
    ]
  ]
  it.effect.each(rows)("%s", ([, ask, rule]) =>
    Effect.gen(function*() {
      const controls = yield* FlexFactorSimulator.FlexFactorSimulator
      assert.include(defectOf(yield* Effect.exit(ask(controls))), rule)
    }).pipe(Effect.provide(FlexFactorSimulator.layer({ webhooks }))))
})

describe("a fault that makes no sense throws:", () => {
  const time = "must be a finite duration that is not negative"
  const rows: ReadonlyArray<readonly [string, () => unknown, string]> = [
    ["a status that is none", () => Fault.answer(5), "Fault.answer: status must be a whole number from 200 to 599"],
    ["half a status", () => Fault.answer(200.5), "Fault.answer: status"],
    ["an action in the past", () => Fault.answer(504, { serverActs: true, after: -1 }), `Fault.answer: after ${time}`],
    [
      "a commit that never comes",
      () => Fault.connectionLost({ serverActs: true, after: Infinity }),
      `Fault.connectionLost: after ${time}`
    ],
    ["an answer before its request", () => Fault.delayed(-1), "Fault.delayed: duration must be a duration that is not"],
    ["bytes without an interval", () => Fault.slow(0), "Fault.slow: interval must be a duration of more than zero"],
    ["bytes with an interval that is none", () => Fault.slow(Number.NaN), "Fault.slow: interval must be a duration"],
    ["a reading of the future", () => Fault.stale("-1 second"), `Fault.stale: duration ${time}`],
    ["a webhook in the past", () => WebhookFault.delayed(-1), `WebhookFault.delayed: duration ${time}`],
    ["a replay in the past", () => WebhookFault.duplicated(-1), `WebhookFault.duplicated: after ${time}`],
    [
      "a redelivery in the past",
      () => WebhookFault.redelivered({ after: -1 }),
      `WebhookFault.redelivered: after ${time}`
    ],
    ["a date of the future that is old", () => WebhookFault.aged(-1), `WebhookFault.aged: by ${time}`],
    ["a later date that is earlier", () => WebhookFault.datedLater(-1), `WebhookFault.datedLater: by ${time}`]
  ]
  it.each(rows)("%s", (_, make, rule) => {
    assert.throws(make, rule)
  })

  it("but an answer may be delayed for ever", () => {
    assert.strictEqual(Fault.delayed(Infinity)._tag, "Delayed")
  })
})
