import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { json } from "../support/script.ts"
import { refundOnce } from "./refundOnce.ts"

describe("whatever the answer", () => {
  const bodies = Arbitrary.schema(Schema.Struct({
    success: Schema.optionalKey(Schema.Union([Schema.Boolean, Schema.Literals(["true", "false"]), Schema.Null])),
    status: Schema.optionalKey(Schema.Union([
      Schema.Literals(["SUCCESS", "success", "FAILED", "fail", "PENDING", "APPROVED", ""]),
      Schema.Null,
      Schema.Int
    ])),
    responseMessage: Schema.optionalKey(Schema.Literals(["APPROVED", "DECLINED"]))
  }))
  const statuses = Arbitrary.schema(Schema.Literals([200, 201, 202, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503]))

  it.effect.prop(
    "a receipt needs a yes of both fields, a rejection a no of both, and nothing but a 401 is sent twice",
    { body: bodies, status: statuses },
    ({ body, status }) =>
      Effect.gen(function*() {
        const { posts, tag } = yield* refundOnce(() => json(body, { status }))
        const word = typeof body.status === "string" ? body.status.toLowerCase() : ""
        const isYes = body.success === true && word === "success"
        const isNo = body.success === false && ["fail", "failed"].includes(word)
        assert.strictEqual(tag === "Refunded", isYes)
        assert.strictEqual(tag === "RefundRejected", isNo && status < 500 && ![401, 409, 429].includes(status))
        const saysYesSomehow = body.success === true || body.success === "true" ||
          ["success", "approved"].includes(word) || (!isNo && body.responseMessage === "APPROVED")
        assert.strictEqual(posts, status === 401 && !saysYesSomehow ? 2 : 1)
      }),
    { arbitrary: { runs: 500 } }
  )
})
