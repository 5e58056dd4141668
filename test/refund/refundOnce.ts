/**
 * One refund over a script, what came of it, and how often it was sent.
 */
import { Effect, Schedule } from "effect"
import { Cents, OrderId, Orders, type OrdersError } from "../../src/index.ts"
import { makeScript, ordersOver, type Respond } from "../support/script.ts"
import { whileTimePasses } from "../support/time.ts"

export const id = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")

export const success = {
  success: true,
  status: "SUCCESS",
  result: null,
  statusCode: null,
  errors: [],
  customProperties: {}
}
export const failure = {
  ...success,
  success: false,
  status: "FAILED",
  responseCode: "2001",
  responseMessage: "Amount to refund (1.00) is greater than maximum refund amount in (0.00))"
}

/** Refunds one dollar once, with a client that would repeat anything ten times at once if it were allowed to. */
export const refundOnce = Effect.fnUntraced(function*(respond: Respond, respondToken?: Respond) {
  const script = makeScript(respond, respondToken)
  const outcome = yield* Orders.use((orders) => orders.refund(id, { amount: Cents.make(100) })).pipe(
    Effect.match({
      onSuccess: (receipt) => ({ tag: "Refunded", receipt, error: undefined }),
      onFailure: (error) => ({ tag: error._tag, receipt: undefined, error })
    }),
    Effect.provide(ordersOver(script, { retry: Schedule.recurs(10) })),
    whileTimePasses
  )
  return { ...outcome, posts: script.asked.length, tokens: script.askedForToken.length }
})

export const doubtOf = (error: OrdersError.RefundError | undefined) =>
  error?._tag === "RefundOutcomeUnknown" ? error.doubt : undefined
