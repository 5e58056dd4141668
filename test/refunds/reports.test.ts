/**
 * Which reports can be about one refund of an order.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { Cents, type RefundEntry, RefundKey } from "../../src/index.ts"
import { reportedOf, unclaimed } from "../../src/internal/refunds/reports.ts"
import type { RefundReport } from "../../src/RefundEvidence.ts"
import { at, entry } from "./sent.ts"

const report = (millis: number, amount: number): RefundReport => ({ at: at(millis), amount: Cents.make(amount) })

const earlier = (given: Partial<RefundEntry> = {}): RefundEntry => ({
  ...entry,
  key: RefundKey.make("earlier"),
  state: "refunded",
  before: { at: at(1000) },
  ...given
})

const millisLeft = (reports: ReadonlyArray<RefundReport>, ...others: ReadonlyArray<RefundEntry>) =>
  unclaimed(reports, others).map((left) => DateTime.toEpochMillis(left.at))

describe("of the reports of an order, another refund of it", () => {
  it("claims one that may be its own, the earliest", () => {
    assert.deepStrictEqual(millisLeft([report(9000, 1000), report(2000, 1000)], earlier()), [9000])
  })

  it.each<readonly [string, Partial<RefundEntry>]>([
    ["of another amount", { amount: Cents.make(999) }],
    ["that began later", { before: { at: at(2001) } }],
    ["that was not sent", { state: "not sent", sends: 0 }]
  ])("%s claims none", (_, given) => {
    assert.deepStrictEqual(millisLeft([report(2000, 1000)], earlier(given)), [2000])
  })

  it.each(["refunded", "rejected", "not applied"] as const)(
    "that was sent claims one, also if it is called %s",
    (state) => {
      assert.deepStrictEqual(millisLeft([report(2000, 1000)], earlier({ state })), [])
    }
  )

  it("lets none fit any amount, which could be its own", () => {
    const reports = [{ at: at(2000), fitsAnyAmount: true }]
    assert.deepStrictEqual(unclaimed(reports, []), reports)
    assert.deepStrictEqual(unclaimed(reports, [earlier({ state: "not sent", sends: 0 })]), reports)
    assert.deepStrictEqual(unclaimed(reports, [earlier()]), [{ at: at(2000) }])
  })

  it("claims no more than one, and two of them two", () => {
    const reports = [report(2000, 1000), report(3000, 1000), report(4000, 1000)]
    assert.deepStrictEqual(millisLeft(reports, earlier()), [3000, 4000])
    assert.deepStrictEqual(millisLeft(reports, earlier(), earlier({ key: RefundKey.make("second") })), [4000])
  })
})

const amounts = Arbitrary.schema(Schema.Array(Schema.Literals([500, 1000])).check(Schema.isMaxLength(6)))

describe("a refund that was never carried out", () => {
  it.prop(
    "is not found in the reports of others, however late they are dated, as long as each is reported once",
    { carriedOut: amounts, late: Arbitrary.schema(Schema.Array(Schema.Boolean).check(Schema.isMaxLength(6))) },
    ({ carriedOut, late }) => {
      const others = carriedOut.map((amount, index) =>
        earlier({ key: RefundKey.make(`earlier-${index}`), amount: Cents.make(amount), before: { at: at(index) } })
      )
      const reports = carriedOut.map((amount, index) =>
        report(late[index] === true ? 15_000 + index : index + 1, amount)
      )
      assert.strictEqual(reportedOf(entry, unclaimed(reports, others)).ours, 0)
    },
    { arbitrary: { runs: 1000 } }
  )
})
