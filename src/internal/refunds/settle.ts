/**
 * Carries a refund through its steps until it is settled, or until patience ends: it does what the decision says, and
 * writes down what came of it.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { RefundOutcomeUnknown } from "../../OrdersError.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { RefundJournalError } from "../../RefundsError.ts"
import { type Seen, stageOf } from "./facts.ts"
import { reread, rereadChanged } from "./reread.ts"
import { send } from "./send.ts"
import { settledBy } from "./settled.ts"
import { inDoubt, observed } from "./transitions.ts"
import { outcomeUnknown } from "./verdict.ts"
import type { Workplace } from "./workplace.ts"

/** Reads the order. That it cannot be read is no reason to lose the refund, nor that what reads it is broken. */
const look = ({ evidence }: Workplace, entry: RefundEntry): Effect.Effect<Seen> =>
  evidence.read(entry.orderId).pipe(
    Effect.orElseSucceed(() => "unreadable" as const),
    Effect.catchDefect(() => Effect.succeed("unreadable" as const))
  )

/**
 * Goes on with a refund that was begun. `since` is when the caller began, in milliseconds: its patience counts from
 * there. The result is its entry, settled or in doubt; or not sent, if another worker let go of it. Where sending it
 * again came to nothing, it stays in doubt.
 */
export const settle = Effect.fnUntraced(function*(
  place: Workplace,
  start: RefundEntry,
  since: number
): Effect.fn.Return<RefundEntry, RefundOutcomeUnknown> {
  const { decide, journal, policy } = place
  let entry = start
  let seen: Seen = "unread"
  const orInDoubt = <A>(effect: Effect.Effect<A, RefundJournalError | RefundOutcomeUnknown>) =>
    Effect.catchTag(
      effect,
      "RefundJournalError",
      () => Effect.fail(outcomeUnknown(entry, entry.answer === undefined ? undefined : "not recorded"))
    )
  while (true) {
    const now = yield* DateTime.now
    const millis = DateTime.toEpochMillis(now)
    const stage = stageOf(entry, millis)
    if (stage === "unsent") return entry
    const step = decide(entry, seen, policy, { now: millis, since })
    switch (step._tag) {
      case "Closed":
      case "NotRefundable":
      case "ExceedsBalance":
        return entry
      case "Send": {
        const sent = yield* orInDoubt(send(place, entry))
        if (sent._tag === "Recorded" && sent.error !== undefined) return sent.entry
        entry = sent._tag === "Recorded" ? sent.entry : yield* orInDoubt(rereadChanged(place, entry))
        seen = "unread"
        break
      }
      case "Read": {
        seen = yield* look(place, entry)
        if (seen !== "unread" && seen !== "unreadable") entry = observed(entry, seen)
        break
      }
      case "Wait": {
        yield* Effect.sleep(step.millis)
        entry = yield* orInDoubt(reread(place, entry))
        seen = "unread"
        break
      }
      case "Refunded":
      case "Rejected":
      case "NotApplied":
      case "InDoubt": {
        // Another worker is at it: its entry is not ours to write.
        if (step._tag === "InDoubt" && stage === "in flight") return entry
        const next = step._tag === "InDoubt" ? inDoubt(entry, step.doubt, now) : settledBy(entry, step, now) ?? entry
        const written = { ...next, revision: entry.revision + 1 }
        if ((yield* orInDoubt(journal.write(written))) === "written") return written
        entry = yield* orInDoubt(rereadChanged(place, entry))
        seen = "unread"
        break
      }
    }
  }
})
