/**
 * The decision over all combinations of facts, checked against rules that are written here a second time, in sentences.
 */
import { assert, describe, it } from "@effect/vitest"
import { decideFacts } from "../../src/internal/refunds/decision.ts"
import { holds, isOneOf, rows, stages, stepsTo, tags } from "./combinations.ts"

describe("of all combinations of facts", () => {
  it("each leads to one step, and no step is out of reach", () => {
    assert.strictEqual(rows.length, 221_184)
    assert.sameMembers([...stepsTo.keys()], [...tags])
    const counts = tags.map((tag) => stepsTo.get(tag)?.length ?? 0)
    assert.strictEqual(counts.reduce((sum, count) => sum + count), rows.length)
    for (const count of counts) assert.isAbove(count, 0)
  })

  it("what is closed stays closed, and nothing else does", () => {
    holds(rows, ({ facts, step }) => (step._tag === "Closed") === (facts.stage === "closed"))
  })
})

describe("what was not sent", () => {
  it("is refused or sent at once, whatever else is known", () => {
    holds(stages.get("unsent"), isOneOf("Send", "NotRefundable", "ExceedsBalance"))
  })

  it("is refused here only for the order's status or its balance, and only while nothing was sent", () => {
    holds(stepsTo.get("NotRefundable"), ({ facts }) => facts.stage === "unsent" && !facts.isRefundable)
    holds(stepsTo.get("ExceedsBalance"), ({ facts }) => facts.stage === "unsent" && facts.exceedsBalance)
  })

  it("is sent only if status and balance allow it", () => {
    holds(
      stages.get("unsent")?.filter(isOneOf("Send")),
      ({ facts }) => facts.isRefundable && !facts.exceedsBalance
    )
  })
})

describe("a second send", () => {
  const again = stepsTo.get("Send")?.filter(({ facts }) => facts.stage !== "unsent")

  it("happens only where nothing moved in two readings and nothing was answered", () => {
    holds(again, ({ facts }) => facts.evidence === "unchanged twice" && facts.answer === "none")
  })

  it("happens only where it cannot double: the window has passed, or the server's own cap stands guard", () => {
    holds(again, ({ facts }) => facts.window === "passed" || facts.isGuarded)
  })

  it("happens only while sends are left", () => {
    holds(again, ({ facts }) => facts.hasSends)
  })

  it("never happens while the first is in flight, or once it is closed", () => {
    holds(again, ({ facts }) => facts.stage === "sent")
  })

  it("does happen where all of that is so, whatever patience is left", () => {
    holds(
      stages.get("sent")?.filter(({ facts: { answer, evidence, hasSends, isGuarded, window } }) =>
        evidence === "unchanged twice" && answer === "none" && hasSends && (isGuarded || window === "passed")
      ),
      isOneOf("Send")
    )
  })
})

describe("evidence", () => {
  it("is read before a yes is believed, where the order showed totals", () => {
    holds(
      stages.get("sent")?.filter(({ facts }) =>
        facts.answer === "yes" && facts.evidence === "unread" && facts.speaks === "totals"
      ),
      isOneOf("Read")
    )
  })

  it("is read before a no is believed, where the order can tell anything", () => {
    holds(
      stages.get("sent")?.filter(({ facts }) =>
        facts.answer === "no" && facts.evidence === "unread" && facts.speaks !== "nothing"
      ),
      isOneOf("Read")
    )
  })

  it("is read where nothing was answered", () => {
    holds(
      stages.get("sent")?.filter(({ facts }) => facts.evidence === "unread" && facts.answer === "none"),
      isOneOf("Read")
    )
  })

  it("is not read twice without a wait between", () => {
    holds(stepsTo.get("Read"), ({ facts }) => facts.evidence === "unread")
  })

  it("of another movement always leaves a doubt, which says so", () => {
    holds(
      stages.get("sent")?.filter(({ facts }) => facts.evidence === "other"),
      ({ step }) => step._tag === "InDoubt" && step.doubt === "other movement"
    )
  })

  it("that cannot be read decides nothing", () => {
    holds(
      rows.filter(({ facts: { evidence, stage } }) =>
        (stage === "sent" || stage === "in flight") && evidence === "unreadable"
      ),
      isOneOf("Wait", "InDoubt")
    )
  })

  it("that is silent, or shows once that nothing moved, decides nothing but whether a no is believed", () => {
    holds(
      rows.filter(({ facts: { answer, evidence, stage } }) =>
        (stage === "sent" || stage === "in flight") && ["silent", "unchanged"].includes(evidence) && answer !== "no"
      ),
      isOneOf("Wait", "InDoubt")
    )
  })
})

describe("a refund in flight", () => {
  it("is waited for, whatever the order shows meanwhile: it may be somebody else's", () => {
    holds(stages.get("in flight"), isOneOf("Wait", "InDoubt"))
  })
})

describe("patience", () => {
  it("is what waiting takes, for as long as the facts say", () => {
    holds(stepsTo.get("Wait"), ({ facts, step }) => facts.hasPatience && step._tag === "Wait" && step.millis === 1234)
  })

  it("changes nothing but whether a refund is waited for or left in doubt", () => {
    holds(rows.filter(({ facts }) => facts.hasPatience), ({ facts, step }) => {
      const impatient = decideFacts({ ...facts, hasPatience: false })
      return step._tag === "Wait"
        ? impatient._tag === "InDoubt"
        : JSON.stringify(step) === JSON.stringify(impatient)
    })
  })

  it("leaves behind the doubt that there was", () => {
    holds(
      stepsTo.get("InDoubt")?.filter(({ facts }) => facts.evidence !== "other"),
      ({ step }) => step._tag === "InDoubt" && step.doubt === "timeout"
    )
  })
})
