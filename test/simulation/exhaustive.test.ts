/**
 * A small world, exhausted: every sequence of up to three faults, with a death of the process before and after every step
 * of each, under each reading of FlexFactor's claim that a repeated refund never refunds twice.
 */
import { assert, describe, it } from "@effect/vitest"
import { explore, smallScenario } from "./exhaustive.ts"
import { broken } from "./rules.ts"
import { vouchedWindow } from "./scenario.ts"

const readings = ["additive", "once per order", "once per order and amount"] as const
const minutes = 300_000

describe("one refund settles exactly once or stays in doubt, whatever up to three faults and a death do to it,", () => {
  for (const reading of readings) {
    for (const [amount, part] of [[2000, "a part"], [5000, "the whole"]] as const) {
      it(`of ${part} of the order, if refunds count ${reading}`, () => {
        const explored = explore(smallScenario(amount, reading, undefined), { faults: 3, deathsUpTo: 3 })
        assert.deepStrictEqual(explored.violations, [])
        assert.isAbove(explored.sequences, 300)
        assert.isAbove(explored.runs, 5000)
      }, minutes)

      it(`of ${part} of the order, if refunds count ${reading} and the caller vouches for a window`, () => {
        const explored = explore(smallScenario(amount, reading, vouchedWindow), { faults: 3, deathsUpTo: 2 })
        assert.deepStrictEqual(explored.violations, [])
        assert.isAbove(explored.sequences, 250)
      }, minutes)
    }
  }
})

describe("a second refund of the order settles exactly once or stays in doubt, whatever two faults and a death do,", () => {
  for (const reading of readings) {
    for (const second of [2000, 3000]) {
      it(`of ${second === 2000 ? "the same amount" : "all that is left"}, if refunds count ${reading}`, () => {
        const first = smallScenario(2000, reading, second === 2000 ? undefined : vouchedWindow)
        const jobs = first.jobs.flatMap((job) => [job, { ...job, key: "second", amount: second, startsAt: 5000 }])
        const explored = explore({ ...first, jobs }, { faults: 2, deathsUpTo: 1 })
        assert.deepStrictEqual(explored.violations, [])
        assert.isAbove(explored.sequences, 200)
      }, minutes)
    }
  }
})

describe("an order that shows no totals", () => {
  it("is refunded on FlexFactor's word, and never twice", () => {
    const explored = explore(smallScenario(2000, "additive", vouchedWindow, "none"), { faults: 2, deathsUpTo: 2 })
    assert.deepStrictEqual(explored.violations, [])
  }, minutes)
})

describe("an order that shows no totals, with webhooks,", () => {
  it.each(["with amounts", "without amounts"] as const)("%s, is refunded once or stays in doubt", (webhooks) => {
    const first = smallScenario(2000, "additive", vouchedWindow, "none", webhooks)
    const jobs = first.jobs.flatMap((job) => [job, { ...job, key: "second", startsAt: 5000 }])
    const explored = explore({ ...first, jobs }, { faults: 2, deathsUpTo: 1 })
    assert.deepStrictEqual(explored.violations, [])
    assert.isAbove(explored.sequences, 50)
  }, minutes)
})

describe("the small world is large enough to find that a program", () => {
  it("sends again after a doubt", () => {
    const explored = explore(
      smallScenario(2000, "additive", undefined),
      { faults: 1, deathsUpTo: 0 },
      broken["sends again after a doubt"]
    )
    assert.isAbove(explored.violations.length, 0)
  })
})
