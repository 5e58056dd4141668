/**
 * A short run of the simulation. `npm run simulate` is the long one.
 */
import { assert, describe, it } from "@effect/vitest"
import { broken } from "./rules.ts"
import { drawScenario, large, overFailingJournal, small, type Webhooks } from "./scenario.ts"
import { simulate } from "./simulate.ts"
import { add, count, noTally, summary, type Tally } from "./tally.ts"

const tallyOf = (from: number, seeds: number, size = small, webhooks: Webhooks = "none"): Tally => {
  const tally = noTally()
  for (let seed = from; seed < from + seeds; seed++) count(tally, simulate(drawScenario(String(seed), size, webhooks)))
  return tally
}

/** What is wrong, with the command that shows it. */
const complaints = ({ failures }: Tally, flags = "") =>
  failures.map(({ seed, violations }) => `npm run simulate -- --seed ${seed}${flags}: ${violations.join("; ")}`)

describe("refunds by several workers, with faults, crashes and a portal", () => {
  it("settle exactly once or stay in doubt, in 3000 seeds", () => {
    const tally = tallyOf(0, 3000)
    assert.deepStrictEqual(complaints(tally), [])
    assert.strictEqual(summary(tally), "3000 seeds, 12000 refunds, 0 violations")
  }, 300_000)

  it("settle exactly once or stay in doubt, also hundreds of them of tens of orders", () => {
    const tally = tallyOf(0, 12, large)
    assert.deepStrictEqual(complaints(tally, " --large"), [])
    assert.strictEqual(summary(tally), "12 seeds, 3600 refunds, 0 violations")
  }, 300_000)

  it.each<Webhooks>(["with amounts", "without amounts"])(
    "settle exactly once or stay in doubt with webhooks %s, which settle most doubts about money that moved",
    (webhooks) => {
      const tally = tallyOf(0, 2000, small, webhooks)
      assert.deepStrictEqual(complaints(tally, ` --webhooks "${webhooks}"`), [])
      assert.strictEqual(summary(tally), "2000 seeds, 8000 refunds, 0 violations")
      assert.isBelow(tally.movedLeft, tallyOf(0, 2000).movedLeft / 2)
    },
    300_000
  )

  it("settle exactly once or stay in doubt over a journal that fails, in 2000 seeds", () => {
    const tally = noTally()
    for (let seed = 0; seed < 2000; seed++) {
      count(tally, simulate(overFailingJournal(drawScenario(String(seed)))))
    }
    assert.deepStrictEqual(complaints(tally, " --journal-fails"), [])
    assert.strictEqual(summary(tally), "2000 seeds, 8000 refunds, 0 violations")
  }, 300_000)

  it("meet every kind of fault, crashes, and doubts of which some are settled and some are not", () => {
    const tally = noTally()
    add(tally, tallyOf(0, 300))
    assert.strictEqual(Object.keys(tally.faults).length, 15)
    for (const [kind, times] of Object.entries(tally.faults)) assert.isAbove(times, 20, kind)
    assert.isAbove(tally.crashes, 50)
    assert.isAbove(tally.doubts - tally.doubtsLeft, 20)
    assert.isAbove(tally.doubtsLeft, 20)
  })

  it("go the same way each time that a seed is run", () => {
    for (let seed = 0; seed < 20; seed++) {
      const [first, second] = [simulate(drawScenario(String(seed))), simulate(drawScenario(String(seed)))]
      assert.deepStrictEqual(second, first)
    }
  })
})

describe("the auditor finds within a thousand seeds that a program", () => {
  for (const [name, rules] of Object.entries(broken)) {
    it(name, () => {
      let seed = 0
      while (seed < 1000 && simulate(drawScenario(String(seed)), rules).violations.length === 0) seed++
      assert.isBelow(seed, 1000)
    })
  }
})
