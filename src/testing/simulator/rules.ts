/**
 * The rules of the simulated FlexFactor about money and states. Where no source gives a rule, the comment says assumed.
 */
import type * as DateTime from "effect/DateTime"
import { Cents } from "../../Money.ts"
import { isCancellable, isRefundable } from "../../OrderStatus.ts"
import type { RefundAnswer } from "../FlexFactorApi.ts"
import { changeOrder, movementsOf, moveMoney } from "./history.ts"
import type { LedgerEntry, SimulatedOrder, State } from "./state.ts"

/**
 * What the sources contradict each other about:
 *
 * - `repeatedRefunds`: what a second refund of an order does. `"additive"`: it moves money, as several partial refunds
 *   need (documented by an integrator). `"once per order"`, `"once per order and amount"`: FlexFactor's claim that a
 *   repeated refund never refunds twice; it answers success and moves nothing. What counts is the ledger: refunds in
 *   the portal do, the `refunded` of a seed does not.
 * - `largestPartialRefund`: the largest share of the price that a partial refund may give back, such as `0.6`
 *   (documented by an integrator, and configurable for each merchant); no limit by default.
 */
export interface Behaviour {
  readonly repeatedRefunds: "additive" | "once per order" | "once per order and amount"
  readonly largestPartialRefund: number | undefined
}

const common = { result: null, statusCode: null, customProperties: {} } as const

const accepted = (transactionId: string): typeof RefundAnswer.Type => ({
  responseCode: null,
  responseMessage: "APPROVED",
  transactionId,
  success: true,
  status: "SUCCESS",
  errors: [],
  ...common
})

/** FlexFactor's words, with the bracket that it closes twice (observed). */
const rejected = (amount: Cents, maximum: Cents): typeof RefundAnswer.Type => {
  const message = `Amount to refund (${Cents.toDollars(amount)}) is greater than maximum refund amount in `
    + `(${Cents.toDollars(maximum)}))`
  return {
    responseCode: "2001",
    responseMessage: message,
    transactionId: null,
    success: false,
    status: "FAILED",
    errors: [{ item1: message, item2: "2001", item3: "2001", item4: true }],
    ...common
  }
}

/** What is left to refund: nothing before the capture, or after a cancel. */
export const refundable = (order: SimulatedOrder): Cents =>
  isRefundable(order.status) === false ? Cents.make(0) : Cents.make(order.amount - order.refunded)

/** Which of the earlier refunds this one repeats, if it repeats one. */
const repeatedBy = (
  earlier: ReadonlyArray<LedgerEntry>,
  amount: Cents,
  { repeatedRefunds }: Behaviour
): number | undefined => {
  const index = repeatedRefunds === "additive"
    ? -1
    : earlier.findIndex((entry) => repeatedRefunds === "once per order" || entry.amount === amount)
  return index === -1 ? undefined : index
}

/** The most that a refund may give back now. A limit on partial refunds leaves a refund of all that is left alone. */
const maximumOf = (order: SimulatedOrder, amount: Cents, { largestPartialRefund }: Behaviour): Cents => {
  const left = refundable(order)
  return largestPartialRefund === undefined || amount === left
    ? left
    : Cents.make(Math.min(left, Math.floor((order.amount * Math.round(largestPartialRefund * 10_000)) / 10_000)))
}

/** Answers a refund, and moves its money if the rules allow it and it repeats none. */
export const refund = (
  state: State,
  behaviour: Behaviour,
  order: SimulatedOrder,
  request: Omit<LedgerEntry, "orderId">
): typeof RefundAnswer.Type => {
  const earlier = movementsOf(state, order.id)
  const transactionIdOf = (index: number) => `refund-${order.id}-${index + 1}`
  const repeated = repeatedBy(earlier, request.amount, behaviour)
  if (repeated !== undefined) return accepted(transactionIdOf(repeated))
  const maximum = maximumOf(order, request.amount, behaviour)
  if (request.amount > maximum) return rejected(request.amount, maximum)
  const transactionId = transactionIdOf(earlier.length)
  const refunded = Cents.make(order.refunded + request.amount)
  // Assumed: an order is Returned once all of it went back. No source says what a partial refund does to the status.
  const status = refunded === order.amount ? "Returned" : order.status
  changeOrder(state, { ...order, refunded, status }, request.at)
  moveMoney(state, { orderId: order.id, ...request })
  return accepted(transactionId)
}

/** Whether the order is cancelled now. Repeating a cancel is safe (documented); how a refusal looks is assumed. */
export const cancel = (state: State, order: SimulatedOrder, at: DateTime.Utc): boolean => {
  if (order.status === "Cancelled") return true
  if (isCancellable(order.status) !== true) return false
  changeOrder(state, { ...order, status: "Cancelled" }, at)
  return true
}
