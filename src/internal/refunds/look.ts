/**
 * Looks what became of a refund: reads the order, and writes down what that settles. It goes as far as it can without
 * sending and without waiting.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { RefundOutcomeUnknown } from "../../OrdersError.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { RefundJournalError } from "../../RefundsError.ts"
import { type Seen, stageOf } from "./facts.ts"
import { unclaimed } from "./reports.ts"
import { rereadChanged } from "./reread.ts"
import { inDoubt, observed, settledBy } from "./transitions.ts"
import { outcomeUnknown } from "./verdict.ts"
import type { Workplace } from "./workplace.ts"

/** How far a refund came: it is to be sent, to be looked at again later, or settled, in doubt, or not sent. */
export type Looked =
  | { readonly _tag: "Send"; readonly entry: RefundEntry }
  | { readonly _tag: "Wait"; readonly entry: RefundEntry; readonly millis: number }
  | { readonly _tag: "Done"; readonly entry: RefundEntry }

/** What is seen of the order, with those of its reports that are not about another refund. */
const readFor = Effect.fnUntraced(function*({ evidence, journal }: Workplace, { key, orderId }: RefundEntry) {
  const seen = yield* evidence.read(orderId)
  if (seen.reports === undefined || seen.reports === "unreadable" || seen.reports.length === 0) return seen
  const others = (yield* journal.ofOrder(orderId)).filter((other) => other.key !== key)
  return { ...seen, reports: unclaimed(seen.reports, others) }
})

/** Reads the order. That it cannot be read is no reason to lose the refund, nor that what reads it is broken. */
const read = (place: Workplace, entry: RefundEntry): Effect.Effect<Seen> =>
  Effect.catchCause(readFor(place, entry), () => Effect.succeed("unreadable" as const))

/** A journal that fails leaves a refund that was sent in doubt. */
export const orInDoubt =
  (entry: RefundEntry) =>
  <A>(effect: Effect.Effect<A, RefundJournalError | RefundOutcomeUnknown>): Effect.Effect<A, RefundOutcomeUnknown> =>
    Effect.catchTag(
      effect,
      "RefundJournalError",
      () => Effect.fail(outcomeUnknown(entry, entry.answer === undefined ? undefined : "not recorded"))
    )

/**
 * Writes down since when the order shows no movement, before that is waited out: whoever waits may be interrupted, and
 * who asks later must not begin to count again.
 */
const note = Effect.fnUntraced(function*({ journal }: Workplace, known: RefundEntry, entry: RefundEntry) {
  if (known.unchangedSince !== undefined || entry.unchangedSince === undefined) return entry
  const noted = { ...entry, updatedAt: yield* DateTime.now, revision: entry.revision + 1 }
  return (yield* journal.write(noted)) === "written" ? noted : entry
})

/** `since` is when the caller began, in milliseconds: its patience counts from there. */
export const look = Effect.fnUntraced(function*(
  place: Workplace,
  start: RefundEntry,
  since: number
): Effect.fn.Return<Looked, RefundOutcomeUnknown> {
  const { decide, journal, policy } = place
  let entry = start
  let seen: Seen = "unread"
  while (true) {
    const now = yield* DateTime.now
    const millis = DateTime.toEpochMillis(now)
    const stage = stageOf(entry, millis)
    if (stage === "unsent") return { _tag: "Done", entry }
    const step = decide(entry, seen, policy, { now: millis, since })
    switch (step._tag) {
      case "Closed":
      case "NotRefundable":
      case "ExceedsBalance":
        return { _tag: "Done", entry }
      case "Send":
        return { _tag: "Send", entry }
      case "Wait":
        return {
          _tag: "Wait",
          entry: yield* Effect.orElseSucceed(note(place, start, entry), () => entry),
          millis: step.millis
        }
      case "Read": {
        seen = yield* read(place, entry)
        if (seen !== "unread" && seen !== "unreadable") entry = observed(entry, seen)
        break
      }
      case "Refunded":
      case "Rejected":
      case "NotApplied":
      case "InDoubt": {
        // Another worker is at it: its entry is not ours to write.
        if (step._tag === "InDoubt" && stage === "in flight") return { _tag: "Done", entry }
        const next = step._tag === "InDoubt" ? inDoubt(entry, step.doubt, now) : settledBy(entry, step, now) ?? entry
        const written = { ...next, revision: entry.revision + 1 }
        if ((yield* orInDoubt(entry)(journal.write(written))) === "written") return { _tag: "Done", entry: written }
        entry = yield* orInDoubt(entry)(rereadChanged(place, entry))
        seen = "unread"
        break
      }
    }
  }
})
