/**
 * What the steps of a refund work with.
 */
import type { Orders } from "../../Orders.ts"
import type { RefundEvidence } from "../../RefundEvidence.ts"
import type { RefundJournal } from "../../RefundJournal.ts"
import type { decide } from "./decision.ts"
import type { Policy } from "./policy.ts"
import type { TakeTurns } from "./turns.ts"

export interface Workplace {
  readonly orders: Orders["Service"]
  readonly journal: RefundJournal["Service"]
  readonly evidence: RefundEvidence["Service"]
  readonly policy: Policy
  readonly decide: typeof decide
  readonly takeTurns: TakeTurns
}
