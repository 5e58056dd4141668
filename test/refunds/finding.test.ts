/**
 * What a reading says about a refund, to the cent.
 */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { Cents, type RefundEntry } from "../../src/index.ts"
import { findingOf } from "../../src/internal/refunds/finding.ts"
import { at, entry, reading } from "./sent.ts"

const amounts = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 })))
const shown = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3_000_000 })))

describe("a reading", () => {
  it.prop(
    "says that a refund moved if its amount and nothing else moved, by what went back or by what is left",
    { amount: amounts, first: shown, second: shown, exact: Arbitrary.schema(Schema.Boolean) },
    ({ amount, exact, first, second }) => {
      const before = Math.max(first, 2_000_000)
      const after = exact ? before + amount : second
      const moved = after - before
      const expected = moved === amount ? "applied" : moved > 0 ? "other" : moved === 0 ? "unchanged" : "stale"
      const total = 10_000_000
      const byRefunded = findingOf(
        { ...entry, amount: Cents.make(amount), before: { at: at(0), refunded: Cents.make(before) } },
        { at: at(1), refunded: Cents.make(after) }
      )
      const byRefundable = findingOf(
        { ...entry, amount: Cents.make(amount), before: { at: at(0), refundable: Cents.make(total - before) } },
        { at: at(1), refundable: Cents.make(total - after) }
      )
      assert.deepStrictEqual([byRefunded, byRefundable], [expected, expected])
    },
    { arbitrary: { runs: 2000 } }
  )

  it("says nothing where one of the two shows no total, or each another one", () => {
    const before = { at: at(0), status: "Completed" }
    assert.strictEqual(findingOf({ ...entry, before }, reading(1000)), "silent")
    assert.strictEqual(findingOf(entry, { at: at(1), status: "Completed" }), "silent")
    assert.strictEqual(findingOf(entry, { at: at(1), refundable: Cents.make(4000) }), "silent")
  })

  it("says nothing by what is left of an order that is not captured, whatever else it shows", () => {
    const refundable = { at: at(0), status: "Completed", refundable: entry.amount }
    const pending = { at: at(1), status: "Processing", refunded: Cents.make(0), refundable: Cents.make(0) }
    assert.strictEqual(findingOf({ ...entry, before: refundable }, pending), "silent")
  })

  const charged = { amount: Cents.make(5000), charged: Cents.make(5000), before: { at: at(0), status: "Completed" } }

  it.each<
    readonly [name: string, given: { readonly [Name in keyof RefundEntry]?: unknown }, after: string, finding: string]
  >([
    ["confirms a refund of all that was charged", charged, "Returned", "applied"],
    ["does not say no", charged, "Completed", "silent"],
    ["says nothing of a part", { ...charged, amount: Cents.make(4999) }, "Returned", "silent"],
    ["says nothing where it is not known what was charged", { ...charged, charged: undefined }, "Returned", "silent"],
    [
      "says nothing where it was so before",
      { ...charged, before: { at: at(0), status: "Returned" } },
      "Returned",
      "silent"
    ],
    ["says nothing where it was not known before", { ...charged, before: { at: at(0) } }, "Returned", "silent"]
  ])("of a status alone %s", (_, given, status, finding) => {
    assert.strictEqual(findingOf({ ...entry, ...given } as RefundEntry, { at: at(1), status }), finding)
  })

  const reports = (...amounts: ReadonlyArray<number>) =>
    amounts.map((amount) => ({ at: at(15_000), amount: Cents.make(amount) }))

  it.each<readonly [total: number | undefined, reported: ReadonlyArray<number>, finding: string]>([
    // Totals decide, and a report of just this refund changes nothing.
    [1000, [1000], "applied"],
    [2000, [1000], "other"],
    // Reports are what totals do not show yet.
    [0, [1000], "stale"],
    [0, [500], "stale"],
    [0, [], "unchanged"],
    // They account for all that moved, and this refund is among them once, or not at all, or twice.
    [1500, [1000, 500], "reported"],
    [1000, [400, 600], "other"],
    [2000, [1000, 1000], "other"],
    // Without a total they speak for themselves.
    [undefined, [1000], "reported"],
    [undefined, [500, 1000], "reported"],
    [undefined, [500], "silent"],
    [undefined, [1000, 1000], "other"]
  ])("that shows %s cents and has reports of %s is %s", (total, reported, finding) => {
    const seen = total === undefined ? { at: at(30_000) } : reading(total)
    assert.strictEqual(findingOf(entry, { ...seen, reports: reports(...reported) }), finding)
  })

  it.each([[9_999, "silent"], [10_000, "reported"], [10_001, "reported"]])(
    "counts a report from when the order was read on, and not from before: %s ms is %s",
    (millis, finding) => {
      const reports = [{ at: at(millis), amount: Cents.make(1000) }]
      assert.strictEqual(findingOf(entry, { at: at(30_000), reports }), finding)
    }
  )

  it("takes no report without an amount for one of this refund", () => {
    assert.strictEqual(findingOf(entry, { at: at(30_000), reports: [{ at: at(15_000) }] }), "silent")
  })
})
