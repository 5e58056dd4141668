import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { inspect } from "node:util"
import { OrderId } from "../../src/index.ts"
import { type Reply, tagged } from "../support/script.ts"
import { errorOf, id, operations } from "./samples.ts"

describe("the body of a success", () => {
  const unreadable: ReadonlyArray<readonly [name: string, reply: Reply, issue: RegExp]> = [
    ["an HTML page", { body: "<html>", headers: { "content-type": "text/html" } }, /not JSON/],
    ["nothing", { body: "" }, /empty/],
    ["truncated JSON", { body: "{\"id\":\"1\",\"sta" }, /not JSON/],
    ["a JSON null", { body: "null" }, /Expected/],
    ["a JSON number", { body: "7" }, /Expected/],
    ["another object", { body: "{\"message\":\"customer@example.com\"}" }, /Missing key|Expected|array of orders/],
    ["too long a body", { body: JSON.stringify({ pad: "x".repeat(17 * 1024 * 1024) }) }, /maxResponseBytes/]
  ]
  for (const [name, reply, issue] of unreadable) {
    for (const [operation, run] of operations.filter(([operation]) => operation !== "Orders.cancel")) {
      it.effect(`that is ${name} fails ${operation} with FlexFactorInvalidResponse, and says what is wrong`, () =>
        Effect.gen(function*() {
          const error = tagged(yield* errorOf(run, reply), "FlexFactorInvalidResponse")
          assert.strictEqual(error.status, 200)
          assert.match(error.issue, issue)
          assert.notInclude(inspect(error), "customer@example.com")
        }))
    }
  }

  it.effect("that is an unclear answer fails a cancel with FlexFactorInvalidResponse", () =>
    Effect.gen(function*() {
      for (const body of ["OK", "null", "[]", "{\"success\":true}", "{\"success\":false}", "<html>"]) {
        tagged(yield* errorOf((orders) => orders.cancel(id), { body }), "FlexFactorInvalidResponse")
      }
    }))

  it.effect("that is empty is a cancel with 200 and 204 alone: another success may be yet to come", () =>
    Effect.gen(function*() {
      for (const status of [201, 202, 206]) {
        tagged(yield* errorOf((orders) => orders.cancel(id), { status, body: "" }), "FlexFactorInvalidResponse")
      }
    }))

  for (const [operation, run] of operations.filter(([operation]) => operation !== "Orders.cancel")) {
    it.effect(`whose envelope says no fails ${operation}, however good the rest looks`, () =>
      Effect.gen(function*() {
        const body = { success: false, status: "NOTFOUND", errors: ["?"], items: [], totalItemCount: 0, id }
        const error = tagged(yield* errorOf(run, { body }), "FlexFactorInvalidResponse")
        assert.include(error.issue, "its envelope says that the call failed")
      }))
  }

  it.effect("that is about another order fails a read", () =>
    Effect.gen(function*() {
      for (const [asked, answered] of [["order-1", "another"], ["ABC1", "abc1"]] as const) {
        const error = yield* errorOf((orders) => orders.get(OrderId.make(asked)), { body: { id: answered, status: 7 } })
        assert.include(tagged(error, "FlexFactorInvalidResponse").issue, "another order")
      }
    }))

  it.effect("that cannot be read is kept for a report, on one line, and is not shown", () =>
    Effect.gen(function*() {
      const body = { items: [{ status: 7, email: "customer@example.com" }], traceId: "00-abc" }
      const error = tagged(yield* errorOf((orders) => orders.list(), { body }), "FlexFactorInvalidResponse")
      assert.strictEqual(error.body, JSON.stringify(body))
      assert.strictEqual(error.traceId, "00-abc")
      assert.notInclude(error.message, "\n")
      assert.notInclude(inspect(error), "customer@example.com")
    }))
})
