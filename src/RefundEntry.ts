/**
 * What the journal keeps of one refund: the intention, what was known before it was sent, and what became of it.
 */
import * as Schema from "effect/Schema"
import { Cents } from "./Money.ts"
import { OrderId } from "./OrderId.ts"
import { RefundDoubt } from "./OrdersError/doubt.ts"
import { ConfirmedBy } from "./Refund.ts"
import { RefundKey } from "./RefundKey.ts"
import { RefundReading } from "./RefundReading.ts"

/**
 * Where a refund stands.
 *
 * Open, so that no other refund of the order is sent meanwhile:
 * - `"preparing"`: it holds the order while the order is read; nothing was sent;
 * - `"sending"`: it is on its way, or the process that sent it ended;
 * - `"in doubt"`: it was sent, and what became of it is not settled.
 *
 * Closed:
 * - `"refunded"`: money went back, once;
 * - `"rejected"`: FlexFactor said no, and no money moved;
 * - `"not applied"`: no money moved, although FlexFactor said yes, or although it was in doubt;
 * - `"not sent"`: nothing was sent, or it was refused unread. The same key may be asked for again.
 */
export const RefundState = Schema.Literals([
  "preparing",
  "sending",
  "in doubt",
  "refunded",
  "rejected",
  "not applied",
  "not sent"
])

/** Where a refund stands. */
export type RefundState = typeof RefundState.Type

/**
 * One refund in the journal.
 *
 * - `amount`: in cents; 0 while a refund of all that is left is being prepared.
 * - `charged`: what the order was charged, if the caller gave it.
 * - `revision`: counts the writes, from 1. A write succeeds only on the revision that it was made from.
 * - `sends`: how often it was sent; `sendId`: a random number by which a worker knows the last send as its own.
 * - `sendEndsAt`: when the last send was over; while it is `"preparing"` or `"sending"`, when others may take it over.
 * - `answer`: FlexFactor's word on the last send that it answered; `status`, `code` and the ids are of that answer.
 * - `balance`: the most that was left to refund before the first send, as far as it was known.
 * - `unshown`: how much more had gone back before the first send than the order showed, as the journal knows.
 * - `before`: what the order showed before the first send; `latest`: what it showed last after that. A total that a later
 *   reading does not tell stays as it was.
 * - `unchangedSince`: since when readings after the last send show no movement.
 * - `note`: what the person who settled it wrote.
 */
export const RefundEntry = Schema.Struct({
  key: RefundKey,
  orderId: OrderId,
  amount: Cents,
  message: Schema.optionalKey(Schema.String),
  charged: Schema.optionalKey(Cents),
  balance: Schema.optionalKey(Cents),
  unshown: Schema.optionalKey(Cents),
  state: RefundState,
  revision: Schema.Int,
  sends: Schema.Int,
  sendId: Schema.optionalKey(Schema.Int),
  sendEndsAt: Schema.DateTimeUtc,
  doubt: Schema.optionalKey(RefundDoubt),
  answer: Schema.optionalKey(Schema.Literals(["yes", "no"])),
  status: Schema.optionalKey(Schema.Int),
  code: Schema.optionalKey(Schema.String),
  transactionId: Schema.optionalKey(Schema.String),
  traceId: Schema.optionalKey(Schema.String),
  requestId: Schema.optionalKey(Schema.String),
  before: RefundReading,
  latest: Schema.optionalKey(RefundReading),
  unchangedSince: Schema.optionalKey(Schema.DateTimeUtc),
  confirmedBy: Schema.optionalKey(ConfirmedBy),
  note: Schema.optionalKey(Schema.String),
  createdAt: Schema.DateTimeUtc,
  updatedAt: Schema.DateTimeUtc
}).annotate({ identifier: "RefundEntry" })

/** One refund in the journal. */
export interface RefundEntry extends Schema.Schema.Type<typeof RefundEntry> {}

/** Whether a refund is open: it holds its order, and nothing has settled it. */
export const isOpen = ({ state }: RefundEntry): boolean =>
  state === "preparing" || state === "sending" || state === "in doubt"
