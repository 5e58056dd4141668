import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { tagged } from "../support/script.ts"
import { bodies, envelope } from "./bodies.ts"
import { badRequestOf, errorOf, id, operations, statuses } from "./samples.ts"

describe("the body of an error", () => {
  for (const [name, reply, facts] of bodies) {
    it.effect(`may be ${name}`, () =>
      Effect.gen(function*() {
        const error = yield* badRequestOf(reply)
        assert.strictEqual(error.traceId, facts.traceId)
        assert.strictEqual(error.code, facts.code)
        assert.strictEqual(error.detail, facts.detail)
        assert.deepStrictEqual(error.fieldErrors, facts.fieldErrors)
        assert.isAtMost(error.body.length, 2048)
      }))
  }

  // Every status, so that no shape turns one error into another or into a defect.
  for (const [operation, run] of operations) {
    it.effect(`does not change the error of a status, whatever its shape, for ${operation}`, () =>
      Effect.gen(function*() {
        for (const [status, tag] of statuses) {
          for (const [name, reply] of bodies) {
            if (typeof reply.body === "string" && reply.body.length > 1_000_000) continue
            const error = yield* errorOf(run, { ...reply, status })
            assert.strictEqual(error._tag, tag, `${status} with ${name}`)
          }
        }
      }))
  }

  it.effect("may break off in the middle of a character", () =>
    Effect.gen(function*() {
      const bytes = new TextEncoder().encode("{\"title\":\"\u{1F642}")
      const error = yield* badRequestOf({ body: bytes.slice(0, -2) })
      assert.isUndefined(error.detail)
      assert.include(error.body, "title")
    }))

  it.effect("is kept in its first 2048 characters", () =>
    Effect.gen(function*() {
      const body = "<p>" + "x".repeat(5000)
      assert.strictEqual((yield* badRequestOf({ body })).body, body.slice(0, 2048))
    }))

  it.effect("of a refused cancel is CancelRejected, unless its status is about something else", () =>
    Effect.gen(function*() {
      const refused = { ...envelope, status: "FAILED" }
      yield* Effect.forEach(
        [
          [401, "FlexFactorUnauthorized"],
          [408, "FlexFactorUnexpectedStatus"],
          [409, "FlexFactorConflict"],
          [429, "FlexFactorTooManyRequests"],
          [503, "FlexFactorServiceUnavailable"]
        ] as const,
        ([status, tag]) =>
          Effect.map(errorOf((orders) => orders.cancel(id), { status, body: refused }), (error) => tagged(error, tag))
      )
      for (const status of [200, 400, 403, 404, 422]) {
        const body = refused
        const error = tagged(yield* errorOf((orders) => orders.cancel(id), { status, body }), "CancelRejected")
        assert.strictEqual(error.status, status)
        assert.strictEqual(error.code, "2001")
        assert.strictEqual(error.reason, "Amount to refund is too large")
      }
    }))
})
