/**
 * How long the journal and the evidence may take: one that hangs must not keep the order and its caller for ever.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { FlexFactorTimeout } from "../../OrdersError.ts"
import type { RefundEvidence } from "../../RefundEvidence.ts"
import type { RefundJournal } from "../../RefundJournal.ts"
import { RefundJournalError } from "../../RefundsError.ts"
import { withDeadline } from "../deadline.ts"

type Journal = RefundJournal["Service"]
type Evidence = RefundEvidence["Service"]

const promptly = (operation: RefundJournalError["operation"]) => {
  const withinSeconds = withDeadline(
    Duration.seconds(5),
    () => new RefundJournalError({ operation, reason: "no answer within 5 seconds" })
  )
  // What a journal throws can hold a customer's data: only its kind is passed on.
  const failed = (cause: Cause.Cause<RefundJournalError>) => {
    const defect = Cause.findDefect(cause)
    const reason = Result.isFailure(defect)
      ? "it was interrupted"
      : `it threw ${defect.success instanceof Error ? defect.success.name : typeof defect.success}`
    return Effect.fail(new RefundJournalError({ operation, reason }))
  }
  // Where the caller itself is interrupted, nothing is caught.
  return <A>(call: () => Effect.Effect<A, RefundJournalError>): Effect.Effect<A, RefundJournalError> =>
    Effect.catchCauseIf(withinSeconds(Effect.suspend(call)), (cause) => !Cause.hasFails(cause), failed)
}

const finding = promptly("find")
const findingOfOrder = promptly("ofOrder")
const writing = promptly("write")

/**
 * A journal that answers in time or fails, also where nobody can interrupt it. One that throws, or interrupts itself as a
 * closed pool of connections does, fails too: what became of a refund that was sent must not get lost with it.
 */
export const promptJournal = (journal: Journal): Journal => {
  const { mayBegin } = journal
  return {
    find: (key) => finding(() => journal.find(key)),
    ofOrder: (orderId) => findingOfOrder(() => journal.ofOrder(orderId)),
    write: (entry) => writing(() => journal.write(entry)),
    open: journal.open,
    mayBegin: mayBegin === undefined ? undefined : writing(() => mayBegin)
  }
}

/** Evidence that is read in so many milliseconds, or not at all. */
export const promptEvidence = (evidence: Evidence, millis: number): Evidence => {
  const timeout = Duration.millis(millis)
  const reading = withDeadline(
    timeout,
    () => new FlexFactorTimeout({ operation: "Orders.get", sent: "maybe", timeout })
  )
  return { read: (orderId) => reading(evidence.read(orderId)) }
}
