/**
 * A program that refunds a long stream with little memory. It prints how many refunds it did, and how many cents; it dies
 * if it keeps them.
 */
import { DateTime, Effect, Result, Stream } from "effect"
import { Cents, OrderId, RefundKey, type Refunds } from "../../src/index.ts"
import { many } from "../../src/internal/refunds/many.ts"

const count = Number(process.argv[2])
const confirmedAt = DateTime.makeUnsafe(0)

const requests = Stream.map(
  Stream.range(1, count),
  (n): Refunds.KeyedRefund => ({
    key: RefundKey.make(`row-${n}`),
    orderId: OrderId.make(`order-${n}`),
    amount: Cents.make(1),
    message: Array.from({ length: 200 }, (_, part) => `${n} ${part}`).join(" ")
  })
)

/** Each refund takes a turn of the event loop. */
const refundOne = ({ amount, key, orderId }: Refunds.KeyedRefund) =>
  Effect.as(Effect.yieldNow, {
    value: { orderId, amount, confirmedBy: "answer" as const, confirmedAt, key },
    isJoined: false
  })

let done = 0
let cents = 0
const program = many(refundOne, requests, {
  concurrency: 8,
  onProgress: ({ amount }) =>
    Effect.sync(() => {
      cents = amount
    })
}).pipe(Stream.runForEach(({ result }) =>
  Effect.sync(() => {
    if (Result.isSuccess(result)) done += 1
  })
))

await Effect.runPromise(program)
console.log(`${done} ${cents}`)
