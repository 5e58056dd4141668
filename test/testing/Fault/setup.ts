/**
 * A refund under faults. The deadline is 30 seconds.
 */
import { Duration, Effect, Result } from "effect"
import { Cents, type Operation, OrderId, Orders, type RefundError, type RefundReceipt } from "../../../src/index.ts"
import { type Fault, FlexFactorSimulator } from "../../../src/testing/index.ts"
import { whileTimePasses } from "../../support/time.ts"

export const id = OrderId.make("00000000-0000-4000-8000-000000000001")
export const price = 5000

const describeError = (error: RefundError): string => {
  switch (error._tag) {
    case "RefundOutcomeUnknown":
      return `${error._tag}: ${error.doubt}${error.status === undefined ? "" : ` ${error.status}`}`
    case "RefundRejected":
      return `${error._tag}: ${error.code}`
    case "FlexFactorUnreachable":
    case "FlexFactorTimeout":
      return `${error._tag}: ${error.operation}, sent ${error.sent}`
    case "FlexFactorTooManyRequests":
      return `${error._tag}: ${error.retryAfter === undefined ? "" : Duration.format(error.retryAfter)}`
    default:
      return error._tag
  }
}

const describeOutcome = (outcome: Result.Result<RefundReceipt, RefundError>): string =>
  Result.match(outcome, { onSuccess: () => "receipt", onFailure: describeError })

/** Refunds under faults, and lets time pass until the outcome is there. */
export const refundUnder = Effect.fnUntraced(
  function*(faults: ReadonlyArray<Fault.Fault>, operation: Operation = "Orders.refund", amount = 1000) {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const orders = yield* Orders
    yield* simulator.failNext(operation, ...faults)
    const outcome = yield* whileTimePasses(Effect.result(orders.refund(id, { amount: Cents.make(amount) })))
    return {
      result: outcome,
      outcome: describeOutcome(outcome),
      moved: (yield* simulator.ledger).length,
      arrived: (yield* simulator.requests).filter((request) => request.operation === "Orders.refund").length,
      tokens: (yield* simulator.requests).filter((request) => request.operation === "FlexFactor.token").length
    }
  }
)

export const simulated = Effect.provide(FlexFactorSimulator.layer({ orders: [{ id, amount: Cents.make(price) }] }))

export interface Row {
  readonly name: string
  readonly faults: ReadonlyArray<Fault.Fault>
  readonly outcome: string
  /** How often money moved. */
  readonly moved: number
  /** How many refund requests reached the server. */
  readonly arrived: number
}

export const acted = { serverActs: true }
export const idle = { serverActs: false }
export const html = "<html><head><title>502 Bad Gateway</title></head></html>"
