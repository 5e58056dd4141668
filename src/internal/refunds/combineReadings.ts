/**
 * Two readings of one order as one.
 */
import * as DateTime from "effect/DateTime"
import type { Evidence } from "../../RefundEvidence.ts"
import { withDefined } from "../withDefined.ts"

/** The earlier time counts: what both say was so at that time or later. */
export const combineReadings = (first: Evidence, second: Evidence): Evidence => ({
  ...withDefined(second),
  ...withDefined(first),
  at: DateTime.min(first.at, second.at),
  reports: [...first.reports ?? [], ...second.reports ?? []]
})
