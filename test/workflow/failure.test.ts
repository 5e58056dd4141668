/**
 * What the engine keeps of a refund that failed.
 */
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Duration, Effect, Schema } from "effect"
import {
  Cents,
  FlexFactorInvalidRequest,
  FlexFactorTimeout,
  FlexFactorUnreachable,
  OrderNotRefundable,
  RefundBalanceUnknown,
  RefundBlocked,
  RefundExceedsBalance,
  RefundJournalError,
  RefundKeyReused,
  RefundNotApplied,
  RefundNothingLeft,
  RefundOutcomeUnknown,
  RefundRejected,
  type RefundRemainingError,
  SandboxDataRefused
} from "../../src/index.ts"
import { RefundFailure } from "../../src/internal/workflow/failure.ts"
import type { RefundWorkflow } from "../../src/workflow/index.ts"
import { getErrorOf, statuses } from "../OrdersError/samples.ts"
import { id as orderId, key } from "../refunds/desk.ts"

const amount = Cents.make(500)
const operation = "Orders.refund"

const failures: ReadonlyArray<RefundRemainingError> = [
  new FlexFactorInvalidRequest({ operation, field: "amount", rule: "must be a number" }),
  new FlexFactorTimeout({ operation, sent: "no", timeout: Duration.seconds(5) }),
  new FlexFactorUnreachable({ operation, sent: "no", code: "ECONNREFUSED" }),
  new OrderNotRefundable({ key, orderId, status: "Pending" }),
  new RefundBalanceUnknown({ key, orderId }),
  new RefundBlocked({ key, orderId, blockedBy: key }),
  new RefundExceedsBalance({ key, orderId, amount, balance: amount }),
  new RefundJournalError({ operation: "write", reason: "no answer within 5 seconds" }),
  new RefundKeyReused({ key, field: "amount" }),
  new RefundNotApplied({ key, orderId, amount, confirmedBy: "person" }),
  new RefundNothingLeft({ key, orderId }),
  new RefundOutcomeUnknown({ orderId, amount, doubt: "timeout", key, traceId: "trace", status: 504 }),
  new RefundRejected({ orderId, amount, status: 200, code: "2001", requestId: "request" }),
  new SandboxDataRefused({ operation, field: "message", kind: "card number" })
]

const word = "what FlexFactor wrote of a customer"

const kept = (failure: RefundRemainingError) =>
  Effect.map(
    Schema.encodeEffect(Schema.toCodecJson(RefundFailure))(failure),
    (json) => JSON.stringify(json)
  )

const readBack = (text: string) => Schema.decodeUnknownEffect(Schema.toCodecJson(RefundFailure))(JSON.parse(text))

describe("a durable refund that failed", () => {
  it("fails with what a refund of all that is left fails with", () => {
    expectTypeOf<typeof RefundWorkflow.errorSchema.Type>().toEqualTypeOf<RefundRemainingError>()
  })

  it.effect.each(failures.map((failure) => [failure._tag, failure] as const))(
    "is kept as it is: %s",
    ([, failure]) =>
      Effect.gen(function*() {
        const back = yield* readBack(yield* kept(failure))
        assert.strictEqual(back._tag, failure._tag)
        assert.strictEqual(back.message, failure.message)
        assert.strictEqual(yield* kept(back), yield* kept(failure))
      })
  )

  it.effect.each(statuses)(
    "is kept with its ids and codes, and without words: %i",
    ([status, tag]) =>
      Effect.gen(function*() {
        const body = { title: "no", detail: word, errorCode: "400123", traceId: "trace-1", errors: { amount: [word] } }
        const failure = yield* getErrorOf({ status, body: JSON.stringify(body) })
        // A listing can stall, a refund cannot.
        if (failure._tag === "FlexFactorListStalled" || failure._tag === "CancelRejected") {
          return assert.fail(failure._tag)
        }
        const text = yield* kept(failure)
        assert.notInclude(text, word)
        const back = yield* readBack(text)
        assert.deepStrictEqual([back._tag, back.message], [tag, failure.message])
        if (!("body" in back)) return assert.fail("it has no body")
        assert.deepStrictEqual([back.body, back.detail, back.fieldErrors], ["", undefined, undefined])
      })
  )
})
