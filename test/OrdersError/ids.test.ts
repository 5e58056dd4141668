/**
 * The code and the trace id of an error, which its message shows, so that they must be nobody's data.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { tagged } from "../support/script.ts"
import { badRequestOf, errorOf, id, refund } from "./samples.ts"

describe("the code of an error", () => {
  for (
    const [code, parts] of [
      ["401007", { http: 401, detail: "007" }],
      ["400123", { http: 400, detail: "123" }],
      ["599999", { http: 599, detail: "999" }],
      ["600001", undefined],
      ["099001", undefined],
      ["2001", undefined],
      ["40100", undefined],
      ["A01007", undefined]
    ] as const
  ) {
    it.effect(`${code} ${parts === undefined ? "has no parts" : `is ${parts.http} and ${parts.detail}`}`, () =>
      Effect.gen(function*() {
        const error = yield* badRequestOf({ body: { responseCode: code } })
        assert.strictEqual(error.code, code)
        assert.deepStrictEqual(error.codeParts, parts)
        assert.include(error.message, `code ${code}`)
      }))
  }

  it.effect("is split on a rejected refund too", () =>
    Effect.gen(function*() {
      const body = { success: false, status: "FAILED", responseCode: "422001" }
      const error = tagged(yield* errorOf((orders) => orders.refund(id, refund), { body }), "RefundRejected")
      assert.deepStrictEqual(error.codeParts, { http: 422, detail: "001" })
    }))

  for (
    const value of [
      "4539148803436467",
      4539148803436467,
      "4539-1488-0343-6467",
      "4539.1488.0343.6467",
      "DE89370400440532013000",
      "123-45-6789",
      "12025550100",
      "202-555-0100",
      "customer@example.com",
      "Test Customer",
      "The card 4539 was declined",
      "a".repeat(200),
      "a\r\nb",
      "",
      " ",
      null,
      true,
      ["4539148803436467"],
      { item: "4539148803436467" }
    ]
  ) {
    it.effect(`is not ${JSON.stringify(value).slice(0, 40)}, which could be somebody's data`, () =>
      Effect.gen(function*() {
        for (
          const body of [
            { responseCode: value },
            { code: value },
            { errorCode: value },
            { statusCode: value },
            { status: value },
            { errors: [{ item1: "x", item2: value }] },
            { error: { code: value } }
          ]
        ) {
          const error = yield* badRequestOf({ body: body })
          assert.isUndefined(error.code, Object.keys(body).join())
          assert.strictEqual(error.message, "Orders.get: FlexFactor answered 400")
        }
      }))
  }
})

describe("the trace id of an error", () => {
  for (
    const value of [
      "4539148803436467",
      "4539-1488-0343-6467",
      "customer@example.com",
      "a trace with spaces",
      "a\r\nb",
      { a: 1 },
      []
    ]
  ) {
    it.effect(`is not ${JSON.stringify(value)}, which could be somebody's data`, () =>
      Effect.gen(function*() {
        for (const body of [{ traceId: value }, { TraceId: [value] }, { errors: { TraceId: value } }]) {
          const error = yield* badRequestOf({ body: body })
          assert.isUndefined(error.traceId)
          assert.strictEqual(error.message, "Orders.get: FlexFactor answered 400")
        }
      }))
  }
})
