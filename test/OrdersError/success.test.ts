import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { inspect } from "node:util"
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
})
