/**
 * Which refunds the events of an order report.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import type { WebhookEvent } from "../../src/index.ts"
import { readReports } from "../../src/internal/webhook/reports.ts"
import type { ReportOptions } from "../../src/RefundEvidence.ts"

const event = (second: number, given: Partial<WebhookEvent> = {}): WebhookEvent => ({
  event: "order.refunded",
  at: DateTime.makeUnsafe(second * 1000),
  extra: {},
  ...given
})

const withAmount = (second: number, amount: unknown, given: Partial<WebhookEvent> = {}) =>
  event(second, { data: { amount }, ...given })

/** The second and the cents of each report. */
const read = (events: ReadonlyArray<WebhookEvent>, options: ReportOptions = { amount: "amount" }) =>
  readReports(events, options).map(({ amount, at }) => [DateTime.toEpochMillis(at) / 1000, amount])

describe("the events of an order", () => {
  it("report a refund each, with the amount that the program names", () => {
    const events = [withAmount(1, 12.34), withAmount(2, "5.00")]
    assert.deepStrictEqual(read(events), [[1, 1234], [2, 500]])
    assert.deepStrictEqual(read([withAmount(1, 1234)], { amount: "amount", unit: "cents" }), [[1, 1234]])
    assert.deepStrictEqual(read(events, {}), [[1, undefined], [2, undefined]])
  })

  it("report none if they are about anything else", () => {
    const names = ["order.cancelled", "order.completed", "payment.chargeback.received", "order.refund"]
    assert.deepStrictEqual(read(names.map((name) => event(1, { event: name }))), [])
  })

  it.each([[undefined], [12.345], [-1], ["12,00"], [null], [{}]])(
    "report one without an amount where it is %s",
    (amount) => {
      assert.deepStrictEqual(read([withAmount(1, amount)]), [[1, undefined]])
    }
  )

  it("fit any amount without one only if the program says so", () => {
    const [byDefault] = readReports([event(1)], {})
    const [said] = readReports([event(1)], { withoutAmount: "refunded" })
    assert.deepStrictEqual([byDefault?.fitsAnyAmount, said?.fitsAnyAmount], [false, true])
  })

  it.each([[1, undefined], [12.345, false], ["12,00", false], [null, true], [undefined, true]])(
    "with %s for an amount: that it fits any amount is %s",
    (amount, fitsAnyAmount) => {
      const [read] = readReports([withAmount(1, amount)], { amount: "amount", withoutAmount: "refunded" })
      assert.strictEqual(read?.fitsAnyAmount, fitsAnyAmount)
    }
  )

  it("say so also where they have no data at all", () => {
    const [read] = readReports([event(1)], { amount: "amount", withoutAmount: "refunded" })
    assert.isTrue(read?.fitsAnyAmount)
  })
})

describe("an event that is marked as sent again", () => {
  const again = { isResent: true }

  it("counts where nothing else is there, once", () => {
    assert.deepStrictEqual(read([withAmount(2, 5, again)]), [[2, 500]])
    assert.deepStrictEqual(read([withAmount(2, 5, again), withAmount(3, 5, again)]), [[2, 500]])
  })

  it("does not count besides one of its amount, whichever of them came first", () => {
    assert.deepStrictEqual(read([withAmount(1, 5), withAmount(2, 5, again)]), [[1, 500]])
    assert.deepStrictEqual(read([withAmount(1, 5, again), withAmount(2, 5)]), [[2, 500]])
  })

  it("counts besides one of another amount", () => {
    assert.deepStrictEqual(read([withAmount(1, 5), withAmount(2, 6, again)]), [[1, 500], [2, 600]])
  })
})
