/**
 * Sends a refund once: the journal says that it is on its way before it is, and what became of it after. Between the two
 * nothing can interrupt it but the end of the process.
 */
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import { type RefundError, RefundOutcomeUnknown, type RefundRejected } from "../../OrdersError.ts"
import type { RefundReceipt } from "../../Refund.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import { isOpen } from "../../RefundEntry.ts"
import type { Written } from "../../RefundJournal.ts"
import { RefundJournalError } from "../../RefundsError.ts"
import { reread, rereadChanged } from "./reread.ts"
import { abandoned, answeredNo, answeredYes, notSent, sending, settledBy, unanswered } from "./transitions.ts"
import { outcomeUnknown } from "./verdict.ts"
import type { Workplace } from "./workplace.ts"

/** How a refund can fail so that it was provably not carried out. */
export type NotSentError = Exclude<RefundError, RefundRejected | RefundOutcomeUnknown>

/**
 * What became of one send. `error` is there if it was provably not carried out; `rejection` if FlexFactor said no, with
 * its words, which the journal does not keep.
 */
export type Sent =
  | {
    readonly _tag: "Recorded"
    readonly entry: RefundEntry
    readonly error?: NotSentError | RefundJournalError
    readonly rejection?: RefundRejected
  }
  | { readonly _tag: Exclude<Written, "written"> }

type Outcome = Exit.Exit<RefundReceipt, RefundError>

/** The call, in a fiber that its deadline can interrupt while nobody else can. */
const call = Effect.fnUntraced(function*(
  { orders }: Workplace,
  entry: RefundEntry,
  duration: number
): Effect.fn.Return<Outcome> {
  const { amount, message, orderId } = entry
  const fiber = yield* orders.refund(orderId, { amount, message }).pipe(
    Effect.timeoutOrElse({
      duration,
      orElse: () => Effect.fail(new RefundOutcomeUnknown({ orderId, amount, doubt: "timeout" }))
    }),
    Effect.interruptible,
    Effect.forkDetach
  )
  return yield* Fiber.await(fiber)
})

const errorOf = (outcome: Outcome): RefundError | undefined =>
  Exit.isFailure(outcome) ? Option.getOrUndefined(Cause.findErrorOption(outcome.cause)) : undefined

/** The entry after the call. `before` is the entry from before it was sent. */
const after = (entry: RefundEntry, before: RefundEntry, outcome: Outcome, now: DateTime.Utc): RefundEntry => {
  if (Exit.isSuccess(outcome)) return answeredYes(entry, outcome.value, now)
  const error = errorOf(outcome)
  switch (error?._tag) {
    case undefined:
      return abandoned(entry, "interrupted", now)
    case "RefundRejected":
      return answeredNo(entry, error, now)
    case "RefundOutcomeUnknown":
      return unanswered(entry, error, now)
    default:
      return notSent(entry, before, now)
  }
}

/** The journal must learn what became of a refund, so it is asked again for a while. */
const untilWritten = { schedule: Schedule.exponential("100 millis"), times: 7 } as const

/**
 * Whether an entry is still about one send, whoever wrote it. Their number does not tell: it is taken back where a send was
 * not carried out. Nor does the time alone, which two workers can share, or the id alone, where two have the same seed.
 */
const isOfSend = (current: RefundEntry, { sendEndsAt, sendId, sends }: RefundEntry): boolean =>
  isOpen(current) && current.sends === sends && current.sendId === sendId
  && DateTime.Equivalence(current.sendEndsAt, sendEndsAt)

/**
 * Writes what became of the send, settled at once where the answer settles it. Another worker may have written
 * meanwhile: what it settled stays, and what it left open gets the answer, unless it sent again.
 */
const record = Effect.fnUntraced(function*(
  { decide, journal, policy }: Workplace,
  entry: RefundEntry,
  apply: (entry: RefundEntry, now: DateTime.Utc) => RefundEntry
): Effect.fn.Return<RefundEntry, RefundJournalError> {
  let current = entry
  while (true) {
    const now = yield* DateTime.now
    const millis = DateTime.toEpochMillis(now)
    const next = apply(current, now)
    const closed = settledBy(next, decide(next, "unread", policy, { now: millis, since: millis }), now) ?? next
    const written = { ...closed, revision: current.revision + 1 }
    if ((yield* journal.write(written)) === "written") return written
    current = yield* rereadChanged({ journal }, current)
    if (!isOfSend(current, entry)) return current
  }
})

/**
 * The journal failed to say whether it keeps that the refund is on its way, and may do so later. Nothing was sent, so it is
 * told that, in the place of that entry or after it: `true` where it listened, and nobody will send the refund for what
 * this call has written. What another worker wrote stays: it may be sending.
 */
const takeBack = ({ journal }: Workplace, entry: RefundEntry, before: RefundEntry): Effect.Effect<boolean> =>
  Effect.gen(function*() {
    const unsent = notSent(entry, before, yield* DateTime.now)
    // It may be kept between the reading and the writing.
    for (let tries = 0; tries < 2; tries++) {
      const current = yield* reread({ journal }, before)
      const isKept = current.revision === entry.revision && isOfSend(current, entry)
      if (current.revision !== before.revision && !isKept) return false
      const written = yield* Effect.option(journal.write({ ...unsent, revision: current.revision + 1 }))
      if (Option.contains(written, "written")) return true
    }
    return false
  }).pipe(Effect.orElseSucceed(() => false))

/** Sends a refund that was decided to be sent. */
export const send = (place: Workplace, before: RefundEntry): Effect.Effect<
  Sent,
  RefundJournalError | RefundOutcomeUnknown
> =>
  Effect.uninterruptible(Effect.gen(function*() {
    const start = yield* DateTime.now
    const sendEndsAt = DateTime.addDuration(start, place.policy.sendTimeout)
    const entry = { ...sending(before, yield* Random.nextInt, start, sendEndsAt), revision: before.revision + 1 }
    const written = yield* place.journal.write(entry).pipe(
      Effect.catch((error) =>
        Effect.flatMap(
          takeBack(place, entry, before),
          (isTakenBack) => Effect.fail(isTakenBack ? error : outcomeUnknown(entry, "not recorded"))
        )
      )
    )
    if (written !== "written") return { _tag: written }
    // What is left of the time in which other workers leave it alone. The call must not outlive that.
    const left = DateTime.toEpochMillis(sendEndsAt) - DateTime.toEpochMillis(yield* DateTime.now)
    const outcome = left <= 0 ? undefined : yield* call(place, entry, left)
    const recorded = yield* record(
      place,
      entry,
      (current, now) => outcome === undefined ? notSent(current, before, now) : after(current, before, outcome, now)
    ).pipe(
      Effect.retry(untilWritten),
      Effect.mapError(() => outcomeUnknown(entry, "not recorded"))
    )
    if (outcome === undefined) {
      const error = new RefundJournalError({ operation: "write", reason: "it took so long that nothing was sent" })
      return { _tag: "Recorded", entry: recorded, error }
    }
    const error = errorOf(outcome)
    if (error?._tag === "RefundRejected") return { _tag: "Recorded", entry: recorded, rejection: error }
    return error === undefined || error._tag === "RefundOutcomeUnknown"
      ? { _tag: "Recorded", entry: recorded }
      : { _tag: "Recorded", entry: recorded, error }
  }))
