/**
 * Refunds that settle: each happens once, however often it is asked for, and none is lost, even when an answer is lost,
 * the program ends, or two workers race.
 *
 * A refund goes one way: what is asked for is checked, the journal says whether it is known, the order is read, the
 * journal says that it is being sent, it is sent, and evidence is read until it is settled or stays in doubt.
 */
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import { oneId } from "./internal/oneId.ts"
import { makeRefunds } from "./internal/refunds/service.ts"
import { makeWorkplace } from "./internal/refunds/workplace.ts"
import type { Cents } from "./Money.ts"
import type { OrderId } from "./OrderId.ts"
import type { Orders } from "./Orders.ts"
import type { FlexFactorInvalidRequest, RefundOutcomeUnknown } from "./OrdersError.ts"
import type { RefundReceipt } from "./Refund.ts"
import { isOpen, type RefundEntry } from "./RefundEntry.ts"
import type { RefundEvidence } from "./RefundEvidence.ts"
import { RefundJournal } from "./RefundJournal.ts"
import type { RefundKey } from "./RefundKey.ts"
import type {
  RefundBlocked,
  RefundJournalError,
  RefundOrCancelError,
  RefundRemainingError,
  RefundsError,
  RefundsStopped,
  ResolveError,
  SettleError
} from "./RefundsError.ts"
import { isAboutRefund, type WebhookEvent } from "./WebhookEvent.ts"

/**
 * How patient refunds are; everything has a default.
 *
 * - `settleWindow`: the longest time that FlexFactor takes to carry a request out or to drop it, and to show it on the
 *   order. Nobody documents it, so there is no default: only you can vouch for it. Without it, a refund that the order
 *   does not show stays in doubt. With it, once it has passed, such a refund may be sent again, and one that FlexFactor
 *   confirmed fails with `RefundNotApplied`.
 * - `readingGap`: how far apart two readings of the order must be to count as two; 10 seconds.
 * - `patience`: how long one call reads evidence before it leaves a refund in doubt; 30 seconds. To wait out the settle
 *   window within one call, make it longer than the window.
 * - `sendTimeout`: how long one send may take at most; 2 minutes. Make it longer than the deadline of a call. Another
 *   worker leaves a refund alone for that long after it was sent.
 * - `maximumSends`: how often one refund is sent at most; 3.
 */
export interface RefundPolicy {
  readonly settleWindow?: Duration.Input | undefined
  readonly readingGap?: Duration.Input | undefined
  readonly patience?: Duration.Input | undefined
  readonly sendTimeout?: Duration.Input | undefined
  readonly maximumSends?: number | undefined
}

/**
 * A refund under its key.
 *
 * - `amount`: cents, more than zero.
 * - `message`: a note of at most 500 characters for FlexFactor's records.
 * - `charged`: what the order was charged, if you know it. It bounds what can be refunded, and lets the order's status
 *   confirm a refund of all of it, where the order shows no totals.
 */
export interface KeyedRefund {
  readonly key: RefundKey
  readonly orderId: OrderId
  readonly amount: Cents
  readonly message?: string | undefined
  readonly charged?: Cents | undefined
}

/** What became of a whole order: it was cancelled, or refunded. */
export type GivenBack =
  | { readonly _tag: "Cancelled"; readonly orderId: OrderId }
  | { readonly _tag: "Refunded"; readonly receipt: RefundReceipt }

/** What a person found out about a refund in doubt, and a note of 1 to 2000 characters for the journal. */
export interface PersonsFinding {
  readonly verdict: "refunded" | "not refunded"
  readonly note?: string | undefined
}

/**
 * What became of one refund of many, in a word:
 *
 * - `"refunded"`: money went back;
 * - `"rejected"`: it did not, and asking again with the same key changes nothing, or helps only with another order or
 *   amount, or once the order is captured;
 * - `"in doubt"`: the journal keeps it, or the engine of durable refunds;
 * - `"failed"`: this run carried nothing of it out, and it can be asked for again. If an earlier run left it in doubt, it
 *   still is.
 */
export type RefundOutcome = "refunded" | "rejected" | "in doubt" | "failed"

/**
 * What became of one refund of many: in a word, and the receipt or the error. `isRepeated`: it was refunded before, by
 * an earlier run or an equal request.
 */
export interface RefundResult {
  readonly request: KeyedRefund
  readonly outcome: RefundOutcome
  readonly result: Result.Result<RefundReceipt, RefundsError>
  readonly isRepeated: boolean
}

/**
 * How far a run of many refunds has come.
 *
 * - `done` = `refunded` + `rejected` + `inDoubt` + `failed`, as in `RefundOutcome`.
 * - `repeated`: how many of the refunded ones were refunded before. `amount`: the cents of those that were not.
 * - `elapsed`: the time since the start; `perSecond`: how many came to an end per second of it.
 * - `remaining`: the time that the rest will take, where `total` is known.
 */
export interface RefundProgress {
  readonly done: number
  readonly refunded: number
  readonly rejected: number
  readonly inDoubt: number
  readonly failed: number
  readonly repeated: number
  readonly amount: Cents
  readonly elapsed: Duration.Duration
  readonly perSecond: number
  readonly total: number | undefined
  readonly remaining: Duration.Duration | undefined
}

/**
 * How `many` runs its refunds.
 *
 * - `concurrency`: how many at once; 8. `rate`: how many may begin per span of time, such as
 *   `{ refunds: 10, per: "1 second" }`.
 * - `ordered`: whether results come in the order of the requests; by default they come as they are ready.
 * - `total`: how many there are, if it is known; the length of an array is.
 * - `onProgress`: runs after each result.
 */
export interface ManyOptions {
  readonly concurrency?: number | undefined
  readonly rate?: { readonly refunds: number; readonly per: Duration.Input } | undefined
  readonly ordered?: boolean | undefined
  readonly total?: number | undefined
  readonly onProgress?: ((progress: RefundProgress) => Effect.Effect<void>) | undefined
}

/**
 * Refunds that settle.
 *
 * @example
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { Cents, type OrderId, RefundEvidence, RefundJournal, RefundKey, Refunds } from "effect-flexfactor"
 *
 * const refundTicket = Effect.fn("refundTicket")(function*(ticket: string, orderId: OrderId, amount: Cents) {
 *   const refunds = yield* Refunds.Refunds
 *   return yield* refunds.refund({ key: RefundKey.make(ticket), orderId, amount })
 * })
 *
 * // Orders stays open: a layer of FlexFactor provides it.
 * const layer = Refunds.layer().pipe(
 *   Layer.provide([RefundJournal.layerMemory, RefundEvidence.fromOrder()])
 * )
 * ```
 */
export class Refunds extends Context.Service<Refunds, {
  /**
   * Refunds an order once, under a key. Asking again with the same key, at any time and from anywhere, means the same
   * refund: a settled one gives its verdict, one in doubt is looked at again.
   *
   * Only `RefundOutcomeUnknown` leaves open whether money moved. The journal keeps it: `resolve` resumes it.
   * `RefundRejected` and `RefundNotApplied` are verdicts, and final for the key. With any other error this call moved
   * no money for this refund, and you may ask again with the same key.
   *
   * @example
   * ```ts
   * import { Effect } from "effect"
   * import { Cents, type OrderId, RefundKey, Refunds } from "effect-flexfactor"
   *
   * const refundTicket = Effect.fn("refundTicket")(function*(ticket: string, orderId: OrderId) {
   *   const refunds = yield* Refunds.Refunds
   *   const receipt = yield* refunds.refund({
   *     key: RefundKey.make(ticket),
   *     orderId,
   *     amount: Cents.fromDollars("19.99"),
   *     message: "Customer request"
   *   })
   *   return `refunded, confirmed by ${receipt.confirmedBy}`
   * }, Effect.catchTags({
   *   RefundRejected: (error) => Effect.succeed(`refused: ${error.code}`),
   *   RefundExceedsBalance: (error) => Effect.succeed(`only ${Cents.toDollars(error.balance)} are left`),
   *   RefundOutcomeUnknown: (error) => Effect.succeed(`in doubt: ${error.doubt}`)
   * }))
   * ```
   */
  readonly refund: (refund: KeyedRefund) => Effect.Effect<RefundReceipt, RefundsError>
  /**
   * Refunds all that is left of an order, as far as evidence shows it: `RefundBalanceUnknown` where it does not, and
   * `RefundNothingLeft` where nothing is. Otherwise like `refund`.
   *
   * @example
   * ```ts
   * import { Effect } from "effect"
   * import { type OrderId, RefundKey, Refunds } from "effect-flexfactor"
   *
   * const refundRest = Effect.fn("refundRest")(function*(ticket: string, orderId: OrderId) {
   *   const refunds = yield* Refunds.Refunds
   *   return yield* refunds.refundRemaining({ key: RefundKey.make(ticket), orderId })
   * }, Effect.catchTag("RefundNothingLeft", () => Effect.succeed("all of it went back before")))
   * ```
   */
  readonly refundRemaining: (
    refund: Omit<KeyedRefund, "amount">
  ) => Effect.Effect<RefundReceipt, RefundRemainingError>
  /**
   * Gives a whole order back: cancels it while it is pending, refunds it once it is captured. What to do is decided
   * from a fresh read, and again if the order has moved on meanwhile. A pending order is cancelled as a whole, whatever
   * the amount; a captured one is refunded by `amount`, or by all that is left. `CancelNotConfirmed` means that
   * FlexFactor confirmed a cancel that the order does not show: ask again with the same key.
   *
   * @example
   * ```ts
   * import { Effect } from "effect"
   * import { type OrderId, RefundKey, Refunds } from "effect-flexfactor"
   *
   * const giveBack = Effect.fn("giveBack")(function*(ticket: string, orderId: OrderId) {
   *   const refunds = yield* Refunds.Refunds
   *   const done = yield* refunds.refundOrCancel({ key: RefundKey.make(ticket), orderId })
   *   return done._tag === "Cancelled" ? "never charged" : `refunded ${done.receipt.amount} cents`
   * })
   * ```
   */
  readonly refundOrCancel: (
    refund: Omit<KeyedRefund, "amount"> & { readonly amount?: Cents | undefined }
  ) => Effect.Effect<GivenBack, RefundOrCancelError>
  /**
   * Resumes a refund that is in doubt, by its key: reads evidence, and sends again where that cannot double it. The
   * verdict of a settled one is given as it is. `RefundNotInDoubt` means that nothing was carried out under the key,
   * and `RefundKeyUnknown` that it was never asked for.
   *
   * @example
   * ```ts
   * import { Effect, Stream } from "effect"
   * import { Refunds } from "effect-flexfactor"
   *
   * // As a job every few minutes, or as the first thing after a crash.
   * const resolveAll = Effect.gen(function*() {
   *   const refunds = yield* Refunds.Refunds
   *   yield* refunds.open.pipe(
   *     Stream.mapEffect(({ key }) => Effect.exit(refunds.resolve(key)), { concurrency: 4, unordered: true }),
   *     Stream.runDrain
   *   )
   * })
   * ```
   */
  readonly resolve: (key: RefundKey) => Effect.Effect<RefundReceipt, ResolveError>
  /**
   * Settles a refund in doubt by the word of a person who looked into FlexFactor's portal or asked FlexFactor. Nothing
   * is sent. `RefundNotInDoubt` if there is nothing to settle: it is closed, or another worker is sending it.
   *
   * @example
   * ```ts
   * import { RefundKey, Refunds } from "effect-flexfactor"
   *
   * const found = Refunds.Refunds.use((refunds) =>
   *   refunds.settle(RefundKey.make("ticket-1"), { verdict: "refunded", note: "seen in the portal" })
   * )
   * ```
   */
  readonly settle: (key: RefundKey, finding: PersonsFinding) => Effect.Effect<RefundEntry, SettleError>
  /** The refunds that are not settled, the oldest first. Those that are on their way are among them. */
  readonly open: Stream.Stream<RefundEntry, RefundJournalError>
  /**
   * Refunds many, each as `refund` does, in constant memory. One that fails does not stop the others: its result says
   * so. If it is cut off, run it again with the same input: what is settled is not sent again. It ends early with
   * `RefundsStopped` if FlexFactor stays busy or unavailable, or refuses the credentials, and at once with
   * `FlexFactorInvalidRequest` for an option out of range.
   *
   * @example
   * ```ts
   * import { Console, Effect, Stream } from "effect"
   * import { Refunds } from "effect-flexfactor"
   *
   * const refundAll = Effect.fn("refundAll")(function*(requests: ReadonlyArray<Refunds.KeyedRefund>) {
   *   const refunds = yield* Refunds.Refunds
   *   return yield* refunds.many(requests, {
   *     concurrency: 4,
   *     onProgress: ({ done, inDoubt, total }) => Console.log(`${done} of ${total}, ${inDoubt} in doubt`)
   *   }).pipe(Stream.runDrain)
   * })
   * ```
   */
  readonly many: <E = never, R = never>(
    refunds: Iterable<KeyedRefund> | Stream.Stream<KeyedRefund, E, R>,
    options?: ManyOptions
  ) => Stream.Stream<RefundResult, E | RefundsStopped | FlexFactorInvalidRequest, R>
}>()("effect-flexfactor/Refunds") {}

/**
 * Makes the `Refunds` service; it ends with its scope. An option of the policy that breaks a rule fails with a
 * `ConfigError` that names it. Most programs use `layer`.
 */
export const make: (
  policy?: RefundPolicy
) => Effect.Effect<
  Refunds["Service"],
  Config.ConfigError,
  Orders | RefundJournal | RefundEvidence | Scope.Scope
> = (policy = {}) => Effect.flatMap(makeWorkplace(policy), (place) => makeRefunds(place))

/**
 * Provides `Refunds`. It needs `Orders`, the journal and the evidence, so that a program picks them. An option of the
 * policy that breaks a rule fails with a `ConfigError` that names it.
 *
 * @example
 * ```ts
 * import { Layer } from "effect"
 * import { RefundEvidence, RefundJournal, Refunds } from "effect-flexfactor"
 *
 * const layer = Refunds.layer({ settleWindow: "15 minutes" }).pipe(
 *   Layer.provide([RefundJournal.layerMemory, RefundEvidence.fromOrder({ refunded: "amountRefunded" })])
 * )
 * ```
 */
export const layer = (
  policy: RefundPolicy = {}
): Layer.Layer<Refunds, Config.ConfigError, Orders | RefundJournal | RefundEvidence> =>
  Layer.effect(Refunds, make(policy))

/**
 * Resumes the open refund of the order that an event is about: a handler for `WebhookInbox.layerHandler`. The event
 * itself is evidence where `RefundEvidence.fromWebhooks` reads the inbox. It fails while the refund stays in doubt, so
 * that the inbox comes back to it. An event about anything but a refund is skipped.
 *
 * @example
 * ```ts
 * import { Refunds, WebhookInbox } from "effect-flexfactor"
 *
 * // Inbox, refunds and journal stay open: the layers of the program provide them.
 * const resolver = WebhookInbox.layerHandler(Refunds.resolveReported)
 * ```
 */
export const resolveReported = Effect.fn("Refunds.resolveReported")(function*(
  event: WebhookEvent
): Effect.fn.Return<void, RefundOutcomeUnknown | RefundBlocked | RefundJournalError, Refunds | RefundJournal> {
  const { orderId } = event
  if (orderId === undefined || !isAboutRefund(event)) return
  const refunds = yield* Refunds
  const journal = yield* RefundJournal
  const open = (yield* journal.ofOrder(oneId(orderId))).filter(isOpen)
  yield* Effect.forEach(open, ({ key }) =>
    refunds.resolve(key).pipe(
      Effect.asVoid,
      Effect.catchTag(
        ["RefundRejected", "RefundNotApplied", "RefundNotInDoubt", "RefundKeyUnknown", "FlexFactorInvalidRequest"],
        () => Effect.void
      )
    ), { discard: true })
})
