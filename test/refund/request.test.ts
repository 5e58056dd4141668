import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cents, type OrderId, Orders, type RefundRequest } from "../../src/index.ts"
import { refusedUnsent } from "../support/refused.ts"
import { json, makeScript, ordersOver } from "../support/script.ts"
import { id, success } from "./refundOnce.ts"

describe("the request of a refund", () => {
  it.effect("writes cents as decimal dollars and the message as refundMessage", () =>
    Effect.gen(function*() {
      const script = makeScript(() => json(success))
      yield* Orders.use((orders) => orders.refund(id, { amount: Cents.make(1999), message: "Late \"gift\"\n" })).pipe(
        Effect.provide(ordersOver(script))
      )
      const [asked] = script.asked
      assert.strictEqual(asked?.method, "POST")
      assert.strictEqual(asked?.url.href, `https://api.flexfactor.io/v1/orders/${id}/refund`)
      assert.strictEqual(asked?.body, "{\"amountToRefund\":19.99,\"refundMessage\":\"Late \\\"gift\\\"\\n\"}")
      assert.strictEqual(asked?.contentType, "application/json")
    }))

  const inputs: ReadonlyArray<readonly [what: string, id: unknown, request: unknown, field: string, rule: string]> = [
    ["nothing at all", id, undefined, "amount", "must be a whole number of cents"],
    ["zero", id, { amount: 0 }, "amount", "must be more than zero"],
    ["a negative amount", id, { amount: -5 }, "amount", "must not be negative"],
    ["a fraction of a cent", id, { amount: 19.99 }, "amount", "must be a whole number of cents"],
    ["NaN", id, { amount: Number.NaN }, "amount", "must be a number, not NaN"],
    ["1e21", id, { amount: 1e21 }, "amount", "must not be larger than Number.MAX_SAFE_INTEGER"],
    ["a text as amount", id, { amount: "19.99" }, "amount", "must be a whole number of cents"],
    ["an amount that no JSON number holds", id, { amount: 9_007_199_254_740_991 }, "amount", "holds exactly"],
    ["an empty message", id, { amount: 1, message: " " }, "message", "must not be empty"],
    ["a long message", id, { amount: 1, message: "x".repeat(501) }, "message", "longer than 500"],
    ["a control character", id, { amount: 1, message: "a\u0000b" }, "message", "control characters"],
    ["half a surrogate pair", id, { amount: 1, message: "\uD800" }, "message", "surrogate"],
    ["an id that is a path step", "..", { amount: 1 }, "id", "path step"],
    ["an id with a slash", "a/b", { amount: 1 }, "id", "slash"],
    ["an empty id", "", { amount: 1 }, "id", "must not be empty"]
  ]
  for (const [what, orderId, request, field, rule] of inputs) {
    it.effect(`refuses ${what} by name and sends nothing, not even for a token`, () =>
      refusedUnsent((orders) => orders.refund(orderId as OrderId, request as RefundRequest), field, rule))
  }
})
