/**
 * The messages of what `Refunds` refuses: the key of the refund, and what to do about it.
 */
import { assert, it } from "@effect/vitest"
import {
  isAmbiguous,
  isRepeatable,
  OrderId,
  OrderNotRefundable,
  RefundBalanceUnknown,
  RefundBlocked,
  RefundKey,
  RefundNothingLeft
} from "../src/index.ts"

const key = RefundKey.make("ticket-1")
const orderId = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")

it("name the key", () => {
  const errors = [
    new RefundBalanceUnknown({ key, orderId }),
    new RefundNothingLeft({ key, orderId }),
    new OrderNotRefundable({ key, orderId, status: "Draft" }),
    new RefundBlocked({ key, orderId, blockedBy: RefundKey.make("ticket-2") })
  ]
  for (const { message } of errors) {
    assert.include(message, key)
    assert.include(message, orderId)
    assert.match(message, /This refund was not sent$/)
  }
})

it("do not say that a refund was not sent that another worker may be sending", () => {
  const { message } = new RefundBlocked({ key, orderId, blockedBy: key })
  assert.strictEqual(
    message,
    `Refunds: order ${orderId} was just reserved, for refund ${key} or another one. This call did not send it`
  )
})

it("say how to refund where no source shows what is left", () => {
  const { message } = new RefundBalanceUnknown({ key, orderId })
  assert.match(message, /Pass an amount, or name refundable, or refunded and charged, in RefundEvidence\.fromOrder/)
})

it("are neither repeatable nor ambiguous", () => {
  const error = new RefundNothingLeft({ key, orderId })
  assert.isFalse(isRepeatable(error))
  assert.isFalse(isAmbiguous(error))
})
