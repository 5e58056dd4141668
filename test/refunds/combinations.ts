/**
 * The decision over all combinations of facts.
 */
import { assert } from "@effect/vitest"
import { decideFacts, type Step } from "../../src/internal/refunds/decision.ts"
import type { Facts } from "../../src/internal/refunds/facts.ts"

const booleans = [true, false]

const values = {
  stage: ["unsent", "in flight", "sent", "closed"],
  isRefundable: booleans,
  exceedsBalance: booleans,
  answer: ["none", "yes", "no"],
  isFirst: booleans,
  isBalanceNo: booleans,
  knowsBalance: booleans,
  evidence: ["unread", "unreadable", "silent", "unchanged", "unchanged twice", "applied", "reported", "other"],
  speaks: ["totals", "status", "nothing"],
  window: ["none", "open", "passed"],
  isGuarded: booleans,
  hasSends: booleans,
  hasPatience: booleans,
  doubt: ["timeout"],
  wait: [1234]
} satisfies { readonly [Name in keyof Facts]: ReadonlyArray<Facts[Name]> }

export interface Row {
  readonly facts: Facts
  readonly step: Step
}

const combinations = Object.entries(values).reduce<ReadonlyArray<object>>(
  (rows, [name, some]) => rows.flatMap((row) => some.map((value) => ({ ...row, [name]: value }))),
  [{}]
) as ReadonlyArray<Facts>

export const rows: ReadonlyArray<Row> = combinations.map((facts) => ({ facts, step: decideFacts(facts) }))

export const stages = Map.groupBy(rows, ({ facts }) => facts.stage)
export const stepsTo = Map.groupBy(rows, ({ step }) => step._tag)
export const tags = [
  "Send",
  "Read",
  "Wait",
  "Refunded",
  "Rejected",
  "NotApplied",
  "InDoubt",
  "NotRefundable",
  "ExceedsBalance",
  "Closed"
] as const

/** Fails with the first row that breaks a rule. */
export const holds = (some: ReadonlyArray<Row> | undefined, rule: (row: Row) => boolean): void => {
  assert.isNotEmpty(some)
  assert.deepStrictEqual(some?.find((row) => !rule(row)), undefined)
}

export const isOneOf = (...some: ReadonlyArray<Step["_tag"]>) => ({ step }: Row): boolean => some.includes(step._tag)
