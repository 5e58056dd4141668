/**
 * When the decision gives a verdict, over all combinations of facts.
 */
import { describe, it } from "@effect/vitest"
import { holds, isOneOf, stages, stepsTo } from "./combinations.ts"

describe("a refund is called refunded", () => {
  it("only with a yes, a movement of exactly its amount, or a report", () => {
    holds(
      stepsTo.get("Refunded"),
      ({ facts }) => facts.answer === "yes" || facts.evidence === "applied" || facts.evidence === "reported"
    )
  })

  it("by what said so", () => {
    const says = { answer: "unread", evidence: "applied", webhook: "reported", person: "nothing decided here" }
    holds(stepsTo.get("Refunded"), ({ facts, step }) => step._tag === "Refunded" && says[step.by] === facts.evidence)
  })

  it("by a yes alone only where the order shows no totals", () => {
    holds(
      stepsTo.get("Refunded")?.filter(({ step }) => step._tag === "Refunded" && step.by === "answer"),
      ({ facts }) => facts.answer === "yes" && facts.speaks !== "totals" && facts.stage === "sent"
    )
  })

  it("never against the refusal of its only send", () => {
    holds(
      stages.get("sent")?.filter(({ facts }) => facts.answer === "no" && facts.isFirst),
      ({ step }) => step._tag !== "Refunded"
    )
  })

  it("wherever its amount moved and no refusal contradicts it", () => {
    holds(
      stages.get("sent")?.filter(({ facts }) => facts.evidence === "applied" && facts.answer !== "no"),
      isOneOf("Refunded")
    )
  })
})

describe("a refund is called", () => {
  it("rejected only on a no of FlexFactor", () => {
    holds(stepsTo.get("Rejected"), ({ facts }) => facts.answer === "no" && facts.stage === "sent")
  })

  it("rejected, after a no to the balance that was known to suffice, only when nothing moved for the whole window", () => {
    holds(
      stepsTo.get("Rejected")?.filter(({ facts }) =>
        facts.speaks === "totals" && facts.isBalanceNo && facts.knowsBalance
      ),
      ({ facts }) => facts.evidence === "unchanged twice" && facts.window === "passed"
    )
  })

  it("rejected only where nothing can speak against it, or was asked and does not", () => {
    holds(
      stepsTo.get("Rejected"),
      ({ facts: { evidence, speaks } }) =>
        evidence === "unread" ? speaks === "nothing" : ["silent", "unchanged", "unchanged twice"].includes(evidence)
    )
  })

  it("rejected, after a no to a balance that was not known, only when nothing moved in two readings", () => {
    holds(
      stepsTo.get("Rejected")?.filter(({ facts }) => facts.speaks === "totals" && facts.isBalanceNo),
      ({ facts }) => facts.evidence === "unchanged twice"
    )
  })

  it("rejected, after more than one send, only when nothing moved for the whole window", () => {
    holds(
      stepsTo.get("Rejected")?.filter(({ facts }) => !facts.isFirst),
      ({ facts }) => facts.evidence === "unchanged twice" && facts.window === "passed"
    )
  })

  it("not applied only after a yes, two readings without a movement, and a window that has passed", () => {
    holds(
      stepsTo.get("NotApplied"),
      ({ facts: { answer, evidence, stage, window } }) =>
        stage === "sent" && answer === "yes" && evidence === "unchanged twice" && window === "passed"
    )
  })
})
