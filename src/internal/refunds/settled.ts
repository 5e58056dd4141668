/**
 * The entry that a step settles.
 */
import type * as DateTime from "effect/DateTime"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { Step } from "./decision.ts"
import { settled } from "./transitions.ts"

/** The settled entry, or `undefined` if the step settles nothing. */
export const settledBy = (entry: RefundEntry, step: Step, now: DateTime.Utc): RefundEntry | undefined => {
  switch (step._tag) {
    case "Refunded":
      return settled(entry, "refunded", step.by, now)
    case "Rejected":
      return settled(entry, "rejected", "answer", now)
    case "NotApplied":
      return settled(entry, "not applied", "evidence", now)
    default:
      return undefined
  }
}
