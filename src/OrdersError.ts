/**
 * Everything that can go wrong, as tagged errors, and which operation fails with which.
 *
 * No error holds a token or a secret, and what FlexFactor wrote is never part of a rendering.
 */
import * as Predicate from "effect/Predicate"
import {
  FlexFactorInvalidRequest,
  FlexFactorInvalidResponse,
  FlexFactorListStalled,
  FlexFactorTimeout,
  FlexFactorUnreachable,
  SandboxDataRefused
} from "./OrdersError/call.ts"
import {
  FlexFactorBadGateway,
  FlexFactorGatewayTimeout,
  FlexFactorInternalServerError,
  FlexFactorServiceUnavailable,
  FlexFactorTooManyRequests,
  FlexFactorUnexpectedStatus
} from "./OrdersError/status.ts"
import {
  type ByStatus,
  byStatus,
  type refundRefusals,
  type StatusErrorOf,
  type tokenStatuses
} from "./OrdersError/tables.ts"
import { CancelRejected, RefundOutcomeUnknown, RefundRejected } from "./OrdersError/verdict.ts"

export * from "./OrdersError/call.ts"
export { RefundDoubt } from "./OrdersError/doubt.ts"
export { Operation } from "./OrdersError/operation.ts"
export type { CodeParts, WrittenTexts } from "./OrdersError/answer.ts"
export * from "./OrdersError/status.ts"
export { type ByStatus, byStatus } from "./OrdersError/tables.ts"
export * from "./OrdersError/verdict.ts"

/** How getting an access token can fail. */
export type TokenError =
  | StatusErrorOf<typeof tokenStatuses>
  | FlexFactorUnreachable
  | FlexFactorTimeout
  | FlexFactorInvalidResponse

/** How a call can fail before FlexFactor answers it. */
type CallError = TokenError | FlexFactorInvalidRequest | SandboxDataRefused

/** How `Orders.list` can fail. */
export type ListError = CallError | StatusErrorOf<typeof byStatus>

/** How `Orders.pages` and `Orders.stream` can fail. */
export type PagesError = ListError | FlexFactorListStalled

/** How `Orders.get` can fail. */
export type GetError = CallError | StatusErrorOf<typeof byStatus>

/**
 * How `Orders.refund` can fail. Only `RefundOutcomeUnknown` leaves open whether money moved; every other error proves
 * that it did not: `FlexFactorUnreachable`, `FlexFactorTimeout`, `FlexFactorInvalidResponse`,
 * `FlexFactorUnexpectedStatus` and the statuses 5xx occur here only while getting a token, or before anything was sent.
 */
export type RefundError = CallError | StatusErrorOf<typeof refundRefusals> | RefundRejected | RefundOutcomeUnknown

/** How `Orders.cancel` and `Orders.cancelByExternalId` can fail. */
export type CancelError = CallError | StatusErrorOf<typeof byStatus> | CancelRejected

/** Every error of an operation. */
export type OrdersError = PagesError | GetError | RefundError | CancelError

/** Whether a value is an error of the operations of `Orders`. */
export const isOrdersError = (value: unknown): value is OrdersError =>
  [
    ...Object.values(byStatus),
    FlexFactorUnexpectedStatus,
    FlexFactorInvalidRequest,
    FlexFactorInvalidResponse,
    FlexFactorListStalled,
    FlexFactorTimeout,
    FlexFactorUnreachable,
    SandboxDataRefused,
    RefundRejected,
    RefundOutcomeUnknown,
    CancelRejected
  ].some((errorClass) => value instanceof errorClass)

/** A transient error: the same call, made again later, does no harm and may succeed. */
export type RepeatableError =
  | ByStatus[429 | 500 | 502 | 503 | 504]
  | FlexFactorUnreachable
  | FlexFactorTimeout

const repeatable = [
  FlexFactorTooManyRequests,
  FlexFactorInternalServerError,
  FlexFactorBadGateway,
  FlexFactorServiceUnavailable,
  FlexFactorGatewayTimeout,
  FlexFactorUnreachable,
  FlexFactorTimeout
]

/**
 * Whether FlexFactor is busy or away, so that the same call may be made again later. Never true of
 * `RefundOutcomeUnknown`: where a refund fails with one of the repeatable errors, it was provably not carried out. Nor is
 * it true of any other error, such as those that only `Refunds` has, or one of your own.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { isRepeatable, Orders } from "effect-flexfactor"
 *
 * const firstPage = Orders.use((orders) => orders.list()).pipe(
 *   Effect.catchIf(isRepeatable, (error) => Effect.as(Effect.logWarning(error.message), "try again later" as const))
 * )
 * ```
 */
export const isRepeatable = (error: Error): error is RepeatableError =>
  repeatable.some(({ identifier }) => Predicate.isTagged(error, identifier))

/**
 * Whether an error leaves open what became of the money: true of `RefundOutcomeUnknown` and of nothing else. Any other
 * error of `Orders.refund` proves that no money moved.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { type Cents, isAmbiguous, isRepeatable, type OrderId, Orders } from "effect-flexfactor"
 *
 * const refundJob = Effect.fn("refundJob")(function*(id: OrderId, amount: Cents) {
 *   const orders = yield* Orders
 *   yield* orders.refund(id, { amount })
 *   return "refunded"
 * }, Effect.catch((error) =>
 *   Effect.succeed(isAmbiguous(error) ? "a person must look" : isRepeatable(error) ? "ask again later" : error._tag)))
 * ```
 */
export const isAmbiguous = (error: Error): error is RefundOutcomeUnknown =>
  Predicate.isTagged(error, "RefundOutcomeUnknown")
