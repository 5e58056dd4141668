/**
 * Refunds as a journal keeps them: one by hand, and any by chance.
 */
import { Arbitrary, DateTime, Schema } from "effect"
import { Cents } from "../../src/Money.ts"
import { OrderId } from "../../src/OrderId.ts"
import { RefundEntry } from "../../src/RefundEntry.ts"
import { RefundKey } from "../../src/RefundKey.ts"

export const at = (milliseconds: number): DateTime.Utc => DateTime.makeUnsafe(1_767_225_600_000 + milliseconds)

/** A refund that is on its way, and of which nothing is known that need not be. */
export const sending = (key: string, orderId: string, more: Partial<RefundEntry> = {}): RefundEntry => ({
  key: RefundKey.make(key),
  orderId: OrderId.make(orderId),
  amount: Cents.make(1999),
  state: "sending",
  revision: 1,
  sends: 1,
  sendEndsAt: at(60_000),
  before: { at: at(0) },
  createdAt: at(0),
  updatedAt: at(0),
  ...more
})

/** The next revision of a refund. */
export const next = (entry: RefundEntry, more: Partial<RefundEntry>): RefundEntry => ({
  ...entry,
  revision: entry.revision + 1,
  ...more
})

// Years of four digits, as in every program that refunds.
const Time = Schema.DateTimeUtc.check(
  Schema.makeIsBetween({ order: DateTime.Order })({
    minimum: DateTime.makeUnsafe("0000-01-01T00:00:00.000Z"),
    maximum: DateTime.makeUnsafe("9999-12-31T23:59:59.999Z")
  })
)

const Amount = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }))

// A database keeps no NUL, and replaces half a surrogate pair.
const Text = Schema.String.check(Schema.makeFilter((text) => text.isWellFormed() && !text.includes("\u0000")))

const Reading = Schema.Struct({
  at: Time,
  status: Schema.optionalKey(Text.check(Schema.isNonEmpty())),
  refunded: Schema.optionalKey(Amount),
  refundable: Schema.optionalKey(Amount)
})

/** Any refund, with any of the fields that it need not have. */
export const anyEntry: Arbitrary.Arbitrary<RefundEntry> = Arbitrary.schema(Schema.Struct({
  ...RefundEntry.fields,
  key: Schema.String.check(Schema.isPattern(/^[a-z]{20}$/)),
  orderId: Schema.String.check(Schema.isPattern(/^[a-z]{20}$/)),
  amount: Amount.check(Schema.isGreaterThan(0)),
  message: Schema.optionalKey(Text),
  charged: Schema.optionalKey(Amount),
  balance: Schema.optionalKey(Amount),
  revision: Schema.Literal(1),
  sends: Amount,
  status: Schema.optionalKey(Amount),
  sendEndsAt: Time,
  code: Schema.optionalKey(Text),
  transactionId: Schema.optionalKey(Text),
  traceId: Schema.optionalKey(Text),
  requestId: Schema.optionalKey(Text),
  before: Reading,
  latest: Schema.optionalKey(Reading),
  unchangedSince: Schema.optionalKey(Time),
  note: Schema.optionalKey(Text),
  createdAt: Time,
  updatedAt: Time
})).pipe(Arbitrary.map((entry) => Schema.decodeSync(RefundEntry)(entry)))

/** A refund of which everything is known. */
export const complete: RefundEntry = {
  ...sending("complete", "order-complete"),
  message: "It broke",
  charged: Cents.make(5000),
  balance: Cents.make(4000),
  unshown: Cents.make(500),
  sendId: 4711,
  doubt: "not confirmed",
  answer: "yes",
  status: 200,
  code: "000",
  transactionId: "7f3c",
  traceId: "00-1",
  requestId: "r-1",
  before: { at: at(1), status: "Completed", refunded: Cents.make(1000), refundable: Cents.make(4000) },
  latest: { at: at(2), status: "Returned", refunded: Cents.make(2999), refundable: Cents.make(2001) },
  unchangedSince: at(3),
  confirmedBy: "person",
  note: "seen in the portal"
}
