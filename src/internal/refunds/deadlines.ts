/**
 * How long the journal and the evidence may take: one that hangs must not keep the order and its caller for ever.
 */
import * as Duration from "effect/Duration"
import { FlexFactorTimeout } from "../../OrdersError.ts"
import type { RefundEvidence } from "../../RefundEvidence.ts"
import type { RefundJournal } from "../../RefundJournal.ts"
import { RefundJournalError } from "../../RefundsError.ts"
import { withDeadline } from "../deadline.ts"

type Journal = RefundJournal["Service"]
type Evidence = RefundEvidence["Service"]

const deadlineOf = (operation: RefundJournalError["operation"]) =>
  withDeadline(
    Duration.seconds(5),
    () => new RefundJournalError({ operation, reason: "no answer within 5 seconds" })
  )

const finding = deadlineOf("find")
const findingOfOrder = deadlineOf("ofOrder")
const writing = deadlineOf("write")

/** A journal that answers in time or fails, also where nobody can interrupt it. */
export const promptJournal = (journal: Journal): Journal => ({
  find: (key) => finding(journal.find(key)),
  ofOrder: (orderId) => findingOfOrder(journal.ofOrder(orderId)),
  write: (entry) => writing(journal.write(entry)),
  open: journal.open,
  mayBegin: journal.mayBegin
})

/** Evidence that is read in so many milliseconds, or not at all. */
export const promptEvidence = (evidence: Evidence, millis: number): Evidence => {
  const timeout = Duration.millis(millis)
  const reading = withDeadline(
    timeout,
    () => new FlexFactorTimeout({ operation: "Orders.get", sent: "maybe", timeout })
  )
  return { read: (orderId) => reading(evidence.read(orderId)) }
}
