/**
 * Dates as FlexFactor writes them.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/** ISO 8601 (documented). `DateTime` would take more, such as `1` for a year. */
export const readDate = (value: unknown): DateTime.Utc | undefined =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}(?:T|$)/.test(value)
    ? Option.getOrUndefined(DateTime.make(value))
    : undefined
