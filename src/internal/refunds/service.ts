/**
 * The operations of `Refunds`, put together from their parts.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Cents } from "../../Money.ts"
import type { RefundReceipt } from "../../Refund.ts"
import type { RefundKey } from "../../RefundKey.ts"
import type { KeyedRefund, PersonsFinding, Refunds } from "../../Refunds.ts"
import { RefundKeyReused, type RefundRemainingError, type RefundsError } from "../../RefundsError.ts"
import { ownFields } from "../jsonObject.ts"
import { oneId } from "../oneId.ts"
import { settleByPerson } from "./byPerson.ts"
import { cancelOrRefund } from "./cancelOrRefund.ts"
import { checkIntent, checkKey, checkSame, differenceOf, type Intent, remaining } from "./intent.ts"
import { many } from "./many.ts"
import { type BeginError, refund, type Refunded, resolve } from "./refund.ts"
import { type Joined, makeRuns } from "./runs.ts"
import { verdictOf } from "./verdict.ts"
import type { Workplace } from "./workplace.ts"

/** What a call asks for. */
export const intentOf = (
  given: Omit<KeyedRefund, "amount"> & { readonly amount?: Cents | undefined },
  amount: Intent["amount"]
): Intent => {
  const { charged, key, message, orderId } = ownFields(given)
  return { key, orderId: oneId(orderId), amount, message, charged }
}

const conflict = (running: Intent, intent: Intent): RefundKeyReused | undefined => {
  const field = differenceOf(running, intent)
  return field === undefined ? undefined : new RefundKeyReused({ key: intent.key, field })
}

/** `carryOut` is how one refund is carried out: here and now, unless a program knows a better way. */
export const makeRefunds = Effect.fnUntraced(function*(
  place: Workplace,
  carryOut: (intent: Intent) => Effect.Effect<Refunded, BeginError> = refund(place)
): Effect.fn.Return<Refunds["Service"], never, Scope.Scope> {
  const runs = makeRuns<Intent, Refunded, BeginError>(yield* Effect.scope, conflict)
  const resolveKey = resolve(place)
  const mayBegin = place.journal.mayBegin ?? Effect.void
  const giveBack = cancelOrRefund(place)

  const run = Effect.fnUntraced(function*(
    intent: Intent
  ): Effect.fn.Return<Joined<RefundReceipt>, RefundRemainingError> {
    yield* checkIntent(intent)
    yield* Effect.annotateCurrentSpan({ "flexfactor.order_id": intent.orderId, "flexfactor.refund_key": intent.key })
    // Whoever holds the only connection to the journal must not wait for somebody who needs it.
    yield* mayBegin
    const { isJoined, value } = yield* runs(intent.key, intent, carryOut(intent))
    // Whoever joined a refund of all that was left, here or elsewhere, learns only now how much that was.
    yield* checkSame(value.entry, intent)
    return { value: yield* verdictOf(value.entry, value.rejection), isJoined: isJoined || value.wasSettled }
  })

  const receiptOf = (intent: Intent) => Effect.map(run(intent), ({ value }) => value)

  /** Only who joined a refund of all that was left learns that nothing is: nothing was sent, so its own one begins. */
  const refundOne = (given: KeyedRefund): Effect.Effect<Joined<RefundReceipt>, RefundsError> =>
    run(intentOf(given, ownFields(given).amount)).pipe(
      Effect.catchTag(["RefundBalanceUnknown", "RefundNothingLeft"], () => refundOne(given))
    )

  return {
    refund: Effect.fn("Refunds.refund")((given: KeyedRefund) => Effect.map(refundOne(given), ({ value }) => value)),

    refundRemaining: Effect.fn("Refunds.refundRemaining")((given) => receiptOf(intentOf(given, remaining))),

    refundOrCancel: Effect.fn("Refunds.refundOrCancel")(function*(given) {
      const intent = intentOf(given, ownFields(given).amount ?? remaining)
      yield* checkIntent(intent)
      yield* mayBegin
      const { key, orderId } = intent
      const done = yield* giveBack(key, orderId, receiptOf(intent))
      return done === "cancelled" ? { _tag: "Cancelled", orderId } : { _tag: "Refunded", receipt: done }
    }),

    resolve: Effect.fn("Refunds.resolve")(function*(key: RefundKey) {
      yield* checkKey(key)
      yield* mayBegin
      return yield* verdictOf(yield* resolveKey(key))
    }),

    settle: Effect.fn("Refunds.settle")(function*(key: RefundKey, finding: PersonsFinding) {
      yield* checkKey(key)
      return yield* settleByPerson(place, key, ownFields(finding))
    }),

    open: place.journal.open,

    many: (requests, options = {}) => many(refundOne, requests, options)
  }
})
