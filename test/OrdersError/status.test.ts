import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { OrdersError } from "../../src/index.ts"
import { tagged } from "../support/script.ts"
import { errorOf, getErrorOf, operations, statuses } from "./samples.ts"

describe("the error of a status", () => {
  for (const [status, tag] of statuses) {
    for (const [operation, run] of operations) {
      it.effect(`is ${tag} where ${operation} is answered with ${status}`, () =>
        Effect.gen(function*() {
          const error = yield* errorOf(run, { status, headers: { "apigw-requestid": "Vt1=" } })
          assert.strictEqual(error._tag, tag)
          assert.strictEqual(error.operation, operation)
          assert.isTrue(OrdersError.isOrdersError(error))
          assert.instanceOf(error, Error)
          assert.strictEqual("status" in error ? error.status : undefined, status)
          const words = status === 401 ? "refused the token with" : "answered"
          assert.strictEqual(error.message, `${operation}: FlexFactor ${words} ${status} (request Vt1=)`)
        }))
    }
  }

  it.effect("is the class that byStatus shows for it", () =>
    Effect.forEach(
      Object.entries(OrdersError.byStatus),
      ([status, errorClass]) =>
        Effect.map(getErrorOf({ status: Number(status) }), (error) => assert.strictEqual(error.constructor, errorClass))
    ))

  for (const [status, tag] of [[429, "FlexFactorTooManyRequests"], [503, "FlexFactorServiceUnavailable"]] as const) {
    it.effect(`says how long to wait, on ${status}`, () =>
      Effect.gen(function*() {
        const told = tagged(yield* getErrorOf({ status, headers: { "retry-after": "7" } }), tag)
        assert.strictEqual(told.retryAfter && Duration.toMillis(told.retryAfter), 7000)
        const untold = tagged(yield* getErrorOf({ status }), tag)
        assert.isUndefined(untold.retryAfter)
        const odd = tagged(yield* getErrorOf({ status, headers: { "retry-after": "a while" } }), tag)
        assert.isUndefined(odd.retryAfter)
      }))
  }
})
