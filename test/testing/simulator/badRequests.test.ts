/**
 * Requests that make no sense, as only another client than the library's sends them.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { addOrder, cents, moved, raw, served, tokenOf } from "./setup.ts"

const signIn = Effect.flatMap(raw.token(), tokenOf)

describe("the simulator answers with 400 and the name of the field:", () => {
  it.effect("a refund of zero, which moves nothing", () =>
    Effect.gen(function*() {
      const { accessToken } = yield* signIn
      const { id } = yield* addOrder({ amount: cents(5000) })
      const { body, status } = yield* raw.post(`/orders/${id}/refund`, { amountToRefund: 0 }, accessToken)
      assert.strictEqual(status, 400)
      assert.deepNestedInclude(body, { status: 400, errors: { amountToRefund: ["must be more than zero"] } })
      assert.deepStrictEqual(yield* moved(), [])
    }).pipe(served()))

  it.effect.each(
    [
      ["pageSize", "-1"],
      ["pageSize", "0"],
      ["pageSize", "2.5"],
      ["pageNumber", "0"],
      ["pageNumber", "-3"]
    ] as const
  )("a list with %s=%s", ([name, value]) =>
    Effect.gen(function*() {
      const { accessToken } = yield* signIn
      const { body, status } = yield* raw.get(`/orders?${name}=${value}`, accessToken)
      assert.strictEqual(status, 400)
      assert.deepNestedInclude(body, { status: 400, errors: { [name]: ["must be a whole number of at least 1"] } })
    }).pipe(served({ orders: [{ amount: cents(5000) }] })))
})

describe("a refund of zero in the portal", () => {
  it.effect("is a defect and moves nothing", () =>
    Effect.gen(function*() {
      const { refundInPortal } = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      const exit = yield* Effect.exit(refundInPortal(id, cents(0)))
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", "amount must be more than zero")
      assert.deepStrictEqual(yield* moved(), [])
    }).pipe(served()))
})
