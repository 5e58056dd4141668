/**
 * Why it is not known what became of a refund.
 */
import * as Schema from "effect/Schema"

/** Why one call of `Orders.refund` leaves a doubt. */
export const callDoubts = [
  "timeout",
  "connection lost",
  "server error",
  "conflict",
  "unexpected status",
  "no verdict",
  "contradiction"
] as const

/** Why else a refund of `Refunds` can be in doubt. */
export const workflowDoubts = [
  "interrupted",
  "not confirmed",
  "other movement",
  "doubtful refusal",
  "not recorded",
  "pending",
  "not handed over"
] as const

/**
 * Why it is not known what became of a refund. From one call:
 *
 * - `"timeout"`: the deadline passed after sending;
 * - `"connection lost"`: the connection broke after sending; `code` is the system's code, such as `ECONNRESET`;
 * - `"server error"`: a status 5xx;
 * - `"conflict"`: status 409, an equal request is still in progress (documented);
 * - `"unexpected status"`: any other status that is not a success and does not prove a refusal, such as a redirect or
 *   408;
 * - `"no verdict"`: a success whose body says neither yes nor no, a refusal whose body cannot be read, or an answer from
 *   another URL than the one that was asked;
 * - `"contradiction"`: one part of the answer says yes and another does not, or it says yes in words other than the
 *   documented ones.
 *
 * From `Refunds` also:
 *
 * - `"interrupted"`: the program that sent it ended before it could write down the answer, or another is sending it;
 * - `"not confirmed"`: FlexFactor said yes, and the order does not show that money moved;
 * - `"other movement"`: the order shows that an amount other than this one moved: a request that was delivered twice,
 *   or somebody else's refund;
 * - `"doubtful refusal"`: FlexFactor said no, and the order speaks against it: its balance was known to suffice, or it
 *   shows that the amount moved;
 * - `"not recorded"`: FlexFactor answered, and the journal could not be written; or nothing was sent, and a journal
 *   write that marks it as being sent may still take effect;
 * - `"pending"`: a durable refund is on its way, has not been sent as far as is known, and may be sent at any time;
 * - `"not handed over"`: the engine of durable refunds did not confirm that it took it: ask again with the same key.
 */
export const RefundDoubt = Schema.Literals([...callDoubts, ...workflowDoubts])

/** Why it is not known what became of a refund. */
export type RefundDoubt = typeof RefundDoubt.Type
