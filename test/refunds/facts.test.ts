/**
 * The facts that decide, at the boundaries: to the cent and to the millisecond.
 */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { Cents, type RefundEntry } from "../../src/index.ts"
import { type Facts, factsOf } from "../../src/internal/refunds/facts.ts"
import { observed, sending } from "../../src/internal/refunds/transitions.ts"
import { at, entry, facts, policy, reading } from "./sent.ts"

const amounts = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 })))
const shown = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3_000_000 })))

describe("two readings without a movement", () => {
  it.each([[29_999, "unchanged"], [30_000, "unchanged twice"]])("count as two at %s ms: %s", (millis, evidence) => {
    assert.strictEqual(facts({ unchangedSince: at(20_000) }, reading(0, millis)).evidence, evidence)
  })

  it("are one where there was none before", () => {
    assert.strictEqual(facts({}, reading(0, 90_000)).evidence, "unchanged")
  })

  it.each([0, 400, 1000])(
    "are none where reports cannot be read, nor are %i cents a movement of anybody's",
    (refunded) => {
      const evidence = { ...reading(refunded, 90_000), reports: "unreadable" } as const
      assert.strictEqual(facts({ unchangedSince: at(20_000) }, evidence).evidence, "unreadable")
    }
  )

  it("are none where the second is older than what is known", () => {
    const before = { at: at(0), refunded: Cents.make(500) }
    assert.strictEqual(facts({ before, unchangedSince: at(20_000) }, reading(400, 90_000)).evidence, "unreadable")
  })
})

describe("a reading without a movement", () => {
  it.each([[19_999, undefined], [20_000, 20_000], [40_000, 40_000]])(
    "counts from the end of the send on: read at %s ms, since %s",
    (millis, since) => {
      assert.deepStrictEqual(
        observed(entry, reading(0, millis)).unchangedSince,
        since === undefined ? since : at(since)
      )
    }
  )

  it("counts from the first of them, also where another could not tell in between", () => {
    const first = observed(entry, reading(0, 30_000))
    const between = observed(first, { at: at(40_000), status: "Completed" })
    assert.deepStrictEqual(observed(between, reading(0, 50_000)).unchangedSince, at(30_000))
  })

  it("counts anew after another send", () => {
    const first = observed(entry, reading(0, 30_000))
    assert.isUndefined(sending(first, 2, at(50_000), at(60_000)).unchangedSince)
  })
})

describe("the window", () => {
  it.each([[79_999, "open"], [80_000, "passed"]])("at %s ms is %s", (millis, window) => {
    assert.strictEqual(facts({}, reading(0, millis)).window, window)
  })

  it("is measured at the time of the reading, not of the decision", () => {
    assert.strictEqual(facts({}, reading(0, 79_999), { now: 100_000 }).window, "open")
    assert.strictEqual(facts({}, "unreadable", { now: 100_000 }).window, "open")
  })

  it("is none where nobody vouches for one", () => {
    assert.strictEqual(
      factsOf(entry, reading(0, 1e12), { ...policy, settleWindow: undefined }, { now: 0, since: 0 }).window,
      "none"
    )
  })
})

describe("the guard of the server's own cap", () => {
  /** Of an order that showed so many cents as left before the send, and shows so many now. */
  const isGuarded = (amount: number, before: number, now: number | undefined = before) =>
    facts(
      { amount: Cents.make(amount), before: { at: at(10_000), refundable: Cents.make(before) } },
      { at: at(30_000), ...(now === undefined ? {} : { refundable: Cents.make(now) }) }
    ).isGuarded

  it.each([[2499, false], [2500, false], [2501, true], [5000, true]])("for %s of 5000 is %s", (amount, expected) => {
    assert.strictEqual(isGuarded(amount, 5000), expected)
  })

  it.prop("is that two do not fit, exactly", { amount: amounts, left: shown }, ({ amount, left }) => {
    assert.strictEqual(isGuarded(amount, left), BigInt(amount) * 2n > BigInt(left))
  }, { arbitrary: { runs: 2000 } })

  it("does not overflow", () => {
    assert.isTrue(isGuarded(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER))
  })

  it("is none where more is left now than before the send", () => {
    assert.isFalse(isGuarded(3000, 5000, 5001))
    assert.isTrue(isGuarded(3000, 5000, 4000))
  })

  it("is none where the order does not show what is left, now or before, whatever the caller says was charged", () => {
    const shownNow = { at: at(30_000), refundable: Cents.make(5000) }
    assert.isFalse(facts({ amount: Cents.make(5000), charged: Cents.make(5000) }, shownNow).isGuarded)
    const shownBefore = { before: { at: at(10_000), refundable: Cents.make(5000) }, amount: Cents.make(5000) }
    assert.isFalse(facts(shownBefore, reading(0)).isGuarded)
    assert.isFalse(facts(shownBefore, "unreadable").isGuarded)
    const pending = { at: at(30_000), status: "Processing", refundable: Cents.make(0) }
    assert.isFalse(facts(shownBefore, pending).isGuarded)
  })
})

describe("where a refund stands", () => {
  it.each<readonly [state: RefundEntry["state"], now: number, stage: Facts["stage"]]>([
    ["not sent", 30_000, "unsent"],
    ["preparing", 19_999, "in flight"],
    ["preparing", 20_000, "unsent"],
    ["sending", 19_999, "in flight"],
    ["sending", 20_000, "sent"],
    ["in doubt", 0, "sent"],
    ["refunded", 30_000, "closed"],
    ["rejected", 30_000, "closed"],
    ["not applied", 30_000, "closed"]
  ])("%s, at %s ms, is %s", (state, now, stage) => {
    assert.strictEqual(facts({ state }, "unread", { now }).stage, stage)
  })

  it("has sends left until the last", () => {
    assert.deepStrictEqual([1, 2, 3].map((sends) => facts({ sends }).hasSends), [true, true, false])
  })
})

describe("waiting", () => {
  it("is soon at first, then as long again as it took so far, and never longer than the gap", () => {
    const waits = [20_000, 20_999, 21_500, 24_000, 29_999, 35_000, 1e9].map((now) => facts({}, "unread", { now }).wait)
    assert.deepStrictEqual(waits, [1000, 1000, 1500, 4000, 9999, 10_000, 10_000])
  })

  it("for another worker that is sending counts from when that began", () => {
    const sending = { state: "sending", sendEndsAt: at(200_000), updatedAt: at(20_000) } as const
    const waits = [20_000, 24_000, 60_000].map((now) => facts(sending, "unread", { now }).wait)
    assert.deepStrictEqual(waits, [1000, 4000, 10_000])
  })

  it("ends where the next reading would come after the patience of the caller", () => {
    const left = (now: number) => facts({}, "unread", { now, since: 30_000 }).hasPatience
    assert.deepStrictEqual([left(30_000), left(50_000), left(50_001)], [true, true, false])
  })
})
