/**
 * A refund before anything is sent: whether what is asked for is valid, whether its key belongs to another one, and the
 * entry to begin with.
 */
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { Cents } from "../../Money.ts"
import type { OrderId } from "../../OrderId.ts"
import { FlexFactorInvalidRequest } from "../../OrdersError.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import type { Evidence } from "../../RefundEvidence.ts"
import { RefundKey } from "../../RefundKey.ts"
import type { RefundReading } from "../../RefundReading.ts"
import { RefundBalanceUnknown, RefundKeyReused, RefundNothingLeft } from "../../RefundsError.ts"
import { refundRequest, valid } from "../orderRequest.ts"
import { withDefined } from "../withDefined.ts"

/** All that is left of an order. Not a text, so that no text from outside is taken for it. */
export const remaining: unique symbol = Symbol("remaining")

/** What is asked for. */
export interface Intent {
  readonly key: RefundKey
  readonly orderId: OrderId
  readonly amount: Cents | typeof remaining
  readonly message: string | undefined
  readonly charged: Cents | undefined
}

const operation = "Refunds"

/** A value of a call breaks a rule. */
export const invalid = (field: string, rule: string): FlexFactorInvalidRequest =>
  new FlexFactorInvalidRequest({ operation, field, rule })

/** Checks a key, also one from code without types. */
export const checkKey: (key: RefundKey) => Effect.Effect<RefundKey, FlexFactorInvalidRequest> = valid(
  operation,
  "key",
  RefundKey
)

const checkCharged = valid(operation, "charged", Cents)

/** Checks what is asked for by the rules of `Orders.refund`, before anything is written down. */
export const checkIntent = Effect.fnUntraced(function*(
  { amount, charged, key, message, orderId }: Intent
): Effect.fn.Return<void, FlexFactorInvalidRequest> {
  yield* checkKey(key)
  yield* refundRequest(orderId, { amount: amount === remaining ? Cents.make(1) : amount, message }).pipe(
    Effect.mapError(({ field, rule }) => invalid(field === "id" ? "orderId" : field, rule))
  )
  if (charged !== undefined) yield* checkCharged(charged)
})

/** In what two refunds of one key differ. All that is left is whatever amount it was. */
export const differenceOf = (
  known: Pick<Intent, "amount" | "message" | "orderId">,
  intent: Intent
): RefundKeyReused["field"] | undefined => {
  if (known.orderId !== intent.orderId) return "orderId"
  if (known.amount !== remaining && intent.amount !== remaining && known.amount !== intent.amount) return "amount"
  return known.message === intent.message ? undefined : "message"
}

/** The same key is the same refund, with the same content. */
export const checkSame = (
  { amount, message, orderId }: RefundEntry,
  intent: Intent
): Effect.Effect<void, RefundKeyReused> => {
  const known: Pick<Intent, "amount" | "message" | "orderId"> = {
    amount: amount === 0 ? remaining : amount,
    message,
    orderId
  }
  const field = differenceOf(known, intent)
  return field === undefined ? Effect.void : Effect.fail(new RefundKeyReused({ key: intent.key, field }))
}

const movedBy = ({ amount, state }: RefundEntry): number => state === "refunded" ? amount : 0

/** What went back by all that is settled, whether the order showed it or not. */
const settledOf = (entries: ReadonlyArray<RefundEntry>): number =>
  entries.reduce((sum, entry) => sum + movedBy(entry), 0)

/** What the journal knows after an entry: what went back at least, and what was left at most. */
const knownAfter = (entry: RefundEntry) => {
  const { before, latest } = entry
  return {
    refunded: Math.max((before.refunded ?? 0) + movedBy(entry), latest?.refunded ?? 0),
    refundable: Math.max(0, Math.min((before.refundable ?? Infinity) - movedBy(entry), latest?.refundable ?? Infinity))
  }
}

/**
 * What the order shows, or more where the journal knows better: a copy of the data that lags behind shows less than went
 * back already, and that would pass for this refund later.
 */
const correctedBy = (others: ReadonlyArray<RefundEntry>, snapshot: RefundReading): RefundReading => {
  const { at, status } = snapshot
  let { refundable, refunded } = snapshot
  const known = others.map(knownAfter)
  if (refunded !== undefined) {
    const back = Math.max(refunded, settledOf(others), ...known.map(({ refunded }) => refunded))
    if (refundable !== undefined) refundable = Cents.make(Math.max(0, refundable - (back - refunded)))
    refunded = Cents.make(back)
  } else if (refundable !== undefined) {
    // A total of what went back tells an old reading from one of an order of which more can be refunded now.
    refundable = Cents.make(Math.min(refundable, ...known.map(({ refundable }) => refundable)))
  }
  return { at, ...withDefined({ status, refunded, refundable }) }
}

/** How much more went back than the order shows, where the journal knows better. */
const unshownIn = (snapshot: RefundReading, before: RefundReading): Cents | undefined => {
  const unshown = snapshot.refunded === undefined
    ? (snapshot.refundable ?? 0) - (before.refundable ?? 0)
    : (before.refunded ?? 0) - snapshot.refunded
  return unshown > 0 ? Cents.make(unshown) : undefined
}

/** The most that is left, as far as it is known: what the order shows, or what was charged less what went back. */
const balanceOf = (
  before: RefundReading,
  charged: Cents | undefined,
  others: ReadonlyArray<RefundEntry>
): Cents | undefined => {
  if (before.refundable !== undefined || charged === undefined) return before.refundable
  return Cents.make(Math.max(0, charged - Math.max(before.refunded ?? 0, settledOf(others))))
}

/** What is left exactly, for a refund of all of it. */
const remainingOf = (before: RefundReading, charged: Cents | undefined): Cents | undefined =>
  before.refundable
    ?? (charged === undefined || before.refunded === undefined
      ? undefined
      : Cents.make(Math.max(0, charged - before.refunded)))

/** The entry that holds the order while the refund is prepared. */
export const reservation = (
  { amount, charged, key, message, orderId }: Intent,
  revision: number,
  now: DateTime.Utc,
  endsAt: DateTime.Utc
): RefundEntry => ({
  key,
  orderId,
  amount: amount === remaining ? Cents.make(0) : amount,
  ...withDefined({ message, charged }),
  state: "preparing",
  revision,
  sends: 0,
  sendEndsAt: endsAt,
  before: { at: now },
  createdAt: now,
  updatedAt: now
})

/** The refund with what is known before it is sent. */
export const prepared = (
  reserved: RefundEntry,
  snapshot: Evidence,
  others: ReadonlyArray<RefundEntry>
): RefundEntry => {
  const before = correctedBy(others, snapshot)
  const balance = balanceOf(before, reserved.charged, others)
  return { ...reserved, state: "not sent", ...withDefined({ balance, unshown: unshownIn(snapshot, before) }), before }
}

/** The refund with its amount, which is known only now if it is of all that is left. */
export const withAmount = (
  entry: RefundEntry
): Effect.Effect<RefundEntry, RefundBalanceUnknown | RefundNothingLeft> => {
  const { before, charged, key, orderId } = entry
  if (entry.amount > 0) return Effect.succeed(entry)
  const amount = remainingOf(before, charged)
  if (amount === undefined) return Effect.fail(new RefundBalanceUnknown({ key, orderId }))
  return amount === 0 ? Effect.fail(new RefundNothingLeft({ key, orderId })) : Effect.succeed({ ...entry, amount })
}
