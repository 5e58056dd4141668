import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isOrdersError } from "../../src/index.ts"
import type { Run } from "../support/script.ts"
import { respond } from "./replies.ts"
import { customer, quoted } from "./sentinels.ts"
import { calls, failing, type Way } from "./ways.ts"

describe("what FlexFactor wrote", () => {
  const way = (call: Run, body: object, status = 200): Way => ({ name: "", call, reply: respond(status, body) })

  it.effect("is read through the accessors of an error", () =>
    Effect.gen(function*() {
      const { error } = yield* failing(
        way(calls.get, { title: quoted, errors: { refundMessage: [customer.freeText] } }, 400)
      )
      assert.isTrue(isOrdersError(error) && error._tag === "FlexFactorBadRequest")
      if (!isOrdersError(error) || error._tag !== "FlexFactorBadRequest") return
      assert.strictEqual(error.detail, quoted)
      assert.deepStrictEqual(error.fieldErrors, { refundMessage: [customer.freeText] })
      assert.include(error.body, customer.email)
    }))

  it.effect("about a refund is read through reason and detail", () =>
    Effect.gen(function*() {
      const rejected = yield* failing(
        way(calls.refund, { success: false, status: "FAILED", responseMessage: quoted })
      )
      const unknown = yield* failing(way(calls.refund, { success: true, responseMessage: quoted }))
      assert.isTrue(
        isOrdersError(rejected.error) && rejected.error._tag === "RefundRejected"
          && rejected.error.reason === quoted
      )
      assert.isTrue(
        isOrdersError(unknown.error) && unknown.error._tag === "RefundOutcomeUnknown"
          && unknown.error.detail === quoted && unknown.error.body.includes(customer.email)
      )
    }))
})
