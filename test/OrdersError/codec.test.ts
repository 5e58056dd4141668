/**
 * An error or a receipt that is encoded by its own schema, as an endpoint of a backend fails with it.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Redacted, Schema } from "effect"
import { OrdersError, RefundReceipt } from "../../src/index.ts"
import type { Run } from "../support/script.ts"
import { errorOf, id, operations, refund } from "./samples.ts"

const words = "Jane Doe, of whom the answer speaks"

const body = { success: false, status: "FAILED", title: words, errors: { [words]: [words] }, responseMessage: words }

const WithWords = Schema.toCodecJson(Schema.Union([
  ...Object.values(OrdersError.byStatus),
  OrdersError.FlexFactorUnexpectedStatus,
  OrdersError.FlexFactorInvalidResponse,
  OrdersError.CancelRejected,
  OrdersError.RefundRejected,
  OrdersError.RefundOutcomeUnknown
]))

const runs: ReadonlyArray<readonly [name: string, run: Run]> = [
  ...operations,
  ["Orders.refund", (orders) => orders.refund(id, refund)]
]

const answers = [200, 400, 401, 409, 418, 429, 500, 503].flatMap((status) =>
  runs.map(([name, run]) => [name, status, run] as const)
)

describe("encoded by its schema", () => {
  it.effect.each(answers)(
    "an error of %s on %i is whole, but for the words of FlexFactor",
    ([, status, run]) =>
      Effect.gen(function*() {
        const error = yield* errorOf(run, { status, body })
        const encoded = JSON.stringify(yield* Schema.encodeUnknownEffect(WithWords)(error))
        assert.notInclude(encoded, words)
        const back = yield* Schema.decodeUnknownEffect(WithWords)(JSON.parse(encoded))
        assert.strictEqual(back._tag, error._tag)
        assert.strictEqual(back.message, error.message)
        assert.deepStrictEqual([back.body, back.detail, back.fieldErrors], ["", undefined, undefined])
      })
  )

  it.effect("a receipt is whole, but for the words of FlexFactor", () =>
    Effect.gen(function*() {
      const codec = Schema.toCodecJson(RefundReceipt)
      const receipt: RefundReceipt = {
        orderId: id,
        amount: refund.amount,
        confirmedBy: "answer",
        confirmedAt: yield* DateTime.now,
        transactionId: "transaction-1",
        responseMessage: Redacted.make(words)
      }
      const encoded = JSON.stringify(yield* Schema.encodeEffect(codec)(receipt))
      assert.notInclude(encoded, words)
      const back = yield* Schema.decodeUnknownEffect(codec)(JSON.parse(encoded))
      assert.deepStrictEqual(back, { ...receipt, responseMessage: Redacted.make("<redacted>") })
    }))
})
