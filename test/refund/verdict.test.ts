import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { gzipSync } from "node:zlib"
import { Cents } from "../../src/index.ts"
import { json } from "../support/script.ts"
import { doubtOf, failure, id, refundOnce, success } from "./refundOnce.ts"

describe("the verdict on a refund", () => {
  const yes: ReadonlyArray<readonly [what: string, status: number, body: object]> = [
    ["a 200", 200, success],
    ["a 201", 201, success],
    ["a 202", 202, success],
    ["a 400", 400, success],
    ["a 401", 401, success],
    ["a 409", 409, success],
    ["a 500", 500, success],
    ["small letters", 200, { success: true, status: "success" }],
    ["spaces around the word", 200, { success: true, status: " Success " }],
    ["a message that says DECLINED", 200, { ...success, responseMessage: "DECLINED" }]
  ]
  for (const [what, status, body] of yes) {
    it.effect(`is a receipt where both fields say yes, with ${what}`, () =>
      Effect.gen(function*() {
        const { posts, receipt, tag } = yield* refundOnce(() => json(body, { status }))
        assert.strictEqual(tag, "Refunded")
        assert.strictEqual(receipt?.amount, Cents.make(100))
        assert.strictEqual(receipt?.orderId, id)
        assert.strictEqual(receipt?.confirmedBy, "answer")
        assert.strictEqual(posts, 1)
      }))
  }

  for (const status of [200, 202, 400, 403, 404, 422, 500, 503]) {
    it.effect(`is RefundRejected where both fields say no, with ${status}`, () =>
      Effect.gen(function*() {
        const { error, posts } = yield* refundOnce(() => json(failure, { status }))
        assert.strictEqual(error?._tag, "RefundRejected")
        if (error?._tag !== "RefundRejected") return
        assert.strictEqual(error.code, "2001")
        assert.strictEqual(error.reason, failure.responseMessage)
        assert.strictEqual(error.status, status)
        assert.strictEqual(posts, 1)
      }))
  }

  const others: ReadonlyArray<readonly [status: number, tag: string, posts: number]> = [
    [401, "FlexFactorUnauthorized", 2],
    [409, "RefundOutcomeUnknown", 1],
    [429, "FlexFactorTooManyRequests", 1]
  ]
  for (const [status, expected, sent] of others) {
    it.effect(`is ${expected} for a no with ${status}, which says more than the envelope`, () =>
      Effect.gen(function*() {
        const { posts, tag } = yield* refundOnce(() => json(failure, { status }))
        assert.strictEqual(tag, expected)
        assert.strictEqual(posts, sent)
      }))
  }

  for (const status of [408, 500, 502, 503, 504]) {
    it.effect(`is in doubt for a no with ${status} that gives no code: a gateway may have said it`, () =>
      Effect.gen(function*() {
        const { posts, tag } = yield* refundOnce(() => json({ success: false, status: "FAILED" }, { status }))
        assert.strictEqual(tag, "RefundOutcomeUnknown")
        assert.strictEqual(posts, 1)
      }))
  }

  const wordsOfAServer = [
    { errors: [{ item1: "no", item2: "500" }] },
    { errorCode: 500 },
    { errors: [{ item2: "Timeout" }] },
    { error: { code: "InternalServerError" } },
    { code: "ServiceUnavailable" },
    { code: "500001" },
    { code: "401007" }
  ]
  for (const words of wordsOfAServer) {
    it.effect(`is in doubt for a no with 500 and ${JSON.stringify(words)}, which says nothing of the refund`, () =>
      Effect.gen(function*() {
        const { error } = yield* refundOnce(() => json({ success: false, status: "FAILED", ...words }, { status: 500 }))
        assert.strictEqual(doubtOf(error), "server error")
      }))
  }

  const illegible: ReadonlyArray<readonly [what: string, body: Uint8Array<ArrayBuffer>]> = [
    ["compressed", new Uint8Array(gzipSync(JSON.stringify(success)))],
    ["in UTF-16", new Uint8Array(Buffer.from(JSON.stringify(success), "utf16le"))]
  ]
  for (const status of [400, 401, 403, 404, 405, 422, 429]) {
    for (const [what, body] of illegible) {
      it.effect(`is in doubt for a ${status} whose body cannot be read: ${what}`, () =>
        Effect.gen(function*() {
          const { error, posts } = yield* refundOnce(() => new Response(body, { status }))
          assert.strictEqual(doubtOf(error), "no verdict")
          assert.strictEqual(posts, 1)
        }))
    }

    it.effect(`is in doubt for a ${status} whose body is no envelope and has a word for yes`, () =>
      Effect.gen(function*() {
        const { error, posts } = yield* refundOnce(() => json([success], { status }))
        assert.strictEqual(doubtOf(error), "contradiction")
        assert.strictEqual(posts, 1)
      }))
  }

  it.effect("is RefundRejected for the short word too", () =>
    Effect.gen(function*() {
      const { tag } = yield* refundOnce(() => json({ success: false, status: "fail" }))
      assert.strictEqual(tag, "RefundRejected")
    }))

  const contradictions: ReadonlyArray<readonly [body: object, status: number]> = [
    [{ success: true, status: "FAILED" }, 200],
    [{ success: false, status: "SUCCESS" }, 200],
    [{ success: true, status: "FAILED" }, 400],
    [{ success: true, status: null }, 200],
    [{ success: true }, 400],
    [{ status: "SUCCESS" }, 200],
    [{ status: "SUCCESS" }, 422],
    [{ success: "true", status: "SUCCESS" }, 200],
    [{ success: true, status: "PENDING" }, 200],
    [{ success: true, status: 200 }, 200],
    [{ success: true, status: "FAILED" }, 401],
    [{ result: success }, 200],
    [{ data: [success] }, 400],
    [{ success: 1, status: "OK" }, 200],
    [{ Success: true, Status: "SUCCESS" }, 200],
    [{ ...failure, result: { status: "SUCCESS" } }, 200],
    [{ success: true, status: "SUCCESS?" }, 500]
  ]
  for (const [body, status] of contradictions) {
    it.effect(`is in doubt where the fields contradict each other: ${status} ${JSON.stringify(body)}`, () =>
      Effect.gen(function*() {
        const { error, posts } = yield* refundOnce(() => json(body, { status }))
        assert.strictEqual(doubtOf(error), "contradiction")
        assert.strictEqual(posts, 1)
      }))
  }

  it.effect("shows the id of the transaction as it was sent, or none", () =>
    Effect.gen(function*() {
      for (const [sent, shown] of [["t-1", "t-1"], [17, "17"]] as const) {
        const { receipt } = yield* refundOnce(() => json({ ...success, transactionId: sent }))
        assert.strictEqual(receipt?.transactionId, shown)
      }
      const large = `${JSON.stringify(success).slice(0, -1)},"transactionId":12345678901234567891}`
      const { receipt } = yield* refundOnce(() => new Response(large))
      assert.isDefined(receipt)
      assert.isUndefined(receipt?.transactionId)
    }))

  const repeated = [
    "{\"success\":false,\"status\":\"SUCCESS\",\"succ\\u0065ss\":true}",
    "{\"success\":true,\"STATUS\" :\"FAILED\",\"status\":\"SUCCESS\"}",
    "{\"success\":false,\"status\":\"FAILED\",\"succ\\u0065ss\":true,\"status\":\"SUCCESS\"}",
    "{\"success\":false,\"status\":\"FAILED\",\"success\":true,\"status\":\"SUCCESS\"}",
    "{\"success\":true,\"status\":\"SUCCESS\",\"success\":false,\"status\":\"FAILED\"}",
    "{\"success\":true,\"status\":\"SUCCESS\",\"Success\":false,\"Status\":\"FAILED\"}",
    "{\"result\":{\"a\":[]},\"success\":true,\"note\":\"\\\"}\",\"status\":\"FAILED\",\"status\":\"SUCCESS\"}"
  ]
  for (const body of repeated) {
    it.effect(`is in doubt where a field is there twice: ${body}`, () =>
      Effect.gen(function*() {
        const { error } = yield* refundOnce(() => new Response(body))
        assert.strictEqual(doubtOf(error), "contradiction")
      }))
  }

  it.effect("is carried out where an inner object has fields of the same names", () =>
    Effect.gen(function*() {
      const body = { ...success, result: { status: "x", success: null }, errors: [{ status: 1 }], text: "\"status\":{" }
      const { tag } = yield* refundOnce(() => json(body))
      assert.strictEqual(tag, "Refunded")
    }))

  const unreadable: ReadonlyArray<readonly [what: string, answer: () => Response]> = [
    ["an empty 200", () => new Response("", { status: 200 })],
    ["an empty 201", () => new Response("", { status: 201 })],
    ["an empty 202", () => new Response("", { status: 202 })],
    ["a 204", () => new Response(null, { status: 204 })],
    ["{}", () => json({})],
    ["null", () => json(null)],
    ["an array", () => json([success])],
    ["a text", () => json("SUCCESS")],
    ["HTML", () => new Response("<html>SUCCESS</html>", { headers: { "content-type": "text/html" } })],
    ["half of a JSON text", () => new Response(JSON.stringify(success).slice(0, 30))],
    ["no, said by one field alone", () => json({ success: false })],
    ["no and an unknown word", () => json({ success: false, status: "PROCESSING" })]
  ]
  for (const [what, answer] of unreadable) {
    it.effect(`is in doubt for a success that gives none: ${what}`, () =>
      Effect.gen(function*() {
        const { error, posts } = yield* refundOnce(answer)
        assert.strictEqual(doubtOf(error), "no verdict")
        assert.strictEqual(posts, 1)
      }))
  }

  const refusals: ReadonlyArray<readonly [status: number, tag: string, posts: number]> = [
    [400, "FlexFactorBadRequest", 1],
    [401, "FlexFactorUnauthorized", 2],
    [403, "FlexFactorForbidden", 1],
    [404, "FlexFactorNotFound", 1],
    [405, "FlexFactorMethodNotAllowed", 1],
    [422, "FlexFactorUnprocessableEntity", 1],
    [429, "FlexFactorTooManyRequests", 1]
  ]
  for (const [status, expected, sent] of refusals) {
    it.effect(`is ${expected} for a ${status} without an envelope`, () =>
      Effect.gen(function*() {
        const { posts, tag } = yield* refundOnce(() => json({ message: "no" }, { status }))
        assert.strictEqual(tag, expected)
        assert.strictEqual(posts, sent)
      }))
  }

  it.effect.each([400, 401, 403, 404, 405, 422, 429])(
    "is in doubt for a %s that says yes in its own way",
    (status) =>
      Effect.gen(function*() {
        for (
          const body of [{ transactionId: 17 }, { TransactionId: { toString: 1 } }, { result: { Status: "Succeeded" } }]
        ) {
          const { error, posts } = yield* refundOnce(() => json(body, { status }))
          assert.strictEqual(doubtOf(error), "contradiction")
          assert.strictEqual(posts, 1)
        }
      })
  )

  it.effect.each([
    { status: 400, title: "The order must be approved to be refunded" },
    { message: "The payment has not succeeded yet" },
    { message: "no", transactionId: "" },
    { message: "no", transactionId: "00000000-0000-0000-0000-000000000000" }
  ])("is refused by a 400 whose words only sound like a yes: %j", (body) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* refundOnce(() => json(body, { status: 400 }))).tag, "FlexFactorBadRequest")
    }))

  const doubts: ReadonlyArray<readonly [doubt: string, statuses: ReadonlyArray<number>]> = [
    ["unexpected status", [301, 302, 303, 307, 308, 402, 406, 408, 410, 418, 425, 451]],
    ["conflict", [409]],
    ["server error", [500, 501, 502, 503, 504, 599]]
  ]
  for (const [doubt, statuses] of doubts) {
    for (const status of statuses) {
      it.effect(`is in doubt for a ${status}, which proves no refusal: ${doubt}`, () =>
        Effect.gen(function*() {
          const { error, posts } = yield* refundOnce(() => new Response("", { status }))
          assert.strictEqual(doubtOf(error), doubt)
          assert.strictEqual(posts, 1)
        }))
    }
  }

  const hostile: ReadonlyArray<readonly [what: string, field: string]> = [
    ["an object that is no primitive", "\"statusCode\":{\"toString\":1}"],
    ["an array of a hundred thousand levels", `"statusCode":${"[".repeat(1e5)}${"]".repeat(1e5)}`],
    ["a code of the wrong type", "\"responseCode\":{\"toString\":null},\"transactionId\":[[]]"],
    ["errors of the wrong type", "\"errors\":[{\"item2\":{\"valueOf\":1}}],\"traceId\":{\"toString\":1}"]
  ]
  for (const [what, field] of hostile) {
    it.effect(`does not hang on what stands beside it: ${what}`, () =>
      Effect.gen(function*() {
        const refunded = yield* refundOnce(() => new Response(`{"success":true,"status":"SUCCESS",${field}}`))
        assert.strictEqual(refunded.tag, "Refunded")
        const failed = yield* refundOnce(() => new Response(`{${field}}`, { status: 500 }))
        assert.strictEqual(failed.tag, "RefundOutcomeUnknown")
      }))
  }

  const envelope = JSON.stringify(success)
  const hidden: ReadonlyArray<readonly [what: string, answer: () => Response]> = [
    ["in an envelope longer than any", () => new Response(envelope.padEnd(300_000), { status: 401 })],
    ["before a stray byte", () => new Response(`${envelope}x`, { status: 401 })],
    ["in another object", () => json({ data: success }, { status: 401 })],
    ["as a number", () => json({ success: 1, status: "OK" }, { status: 401 })],
    ["in a list", () => new Response(`[${envelope}]`, { status: 401 })],
    ["with capitals", () => json({ Success: true, Status: "SUCCESS" }, { status: 401 })],
    ["by the id of a transaction in a list", () => json([{ transactionId: "t-1" }], { status: 401 })],
    ["by the id of a transaction within", () => json({ data: { transactionId: "t-1" } }, { status: 401 })],
    ["in other words", () => json({ success: "true", status: "APPROVED" }, { status: 401 })],
    ["in the field of the result", () => json({ result: "Success" }, { status: 401 })],
    ["in a message", () => json({ message: "Refund approved; the session expired" }, { status: 401 })],
    ["in a list of messages", () => json({ errors: ["The refund succeeded"] }, { status: 401 })],
    ["as the id of a transaction", () => json({ responseCode: "100", transactionId: "t-1" }, { status: 401 })],
    [
      "in a charset that it is not in",
      () => new Response(envelope, { status: 401, headers: { "content-type": "application/json; charset=utf-16" } })
    ]
  ]
  for (const [what, answer] of hidden) {
    it.effect(`is not asked for again after a 401 in which a yes may hide ${what}`, () =>
      Effect.gen(function*() {
        const { error, posts } = yield* refundOnce(answer)
        assert.strictEqual(posts, 1)
        assert.include(["contradiction", "no verdict"], doubtOf(error))
      }))
  }

  for (const body of ["", "Unauthorized", "<html><title>401</title></html>", "{\"message\":\"Unauthorized\"}"]) {
    it.effect(`is asked for once more after a 401 that says nothing else: ${JSON.stringify(body)}`, () =>
      Effect.gen(function*() {
        let attempts = 0
        const { posts, tag } = yield* refundOnce(() =>
          ++attempts === 1 ? new Response(body, { status: 401 }) : json(success)
        )
        assert.strictEqual(tag, "Refunded")
        assert.strictEqual(posts, 2)
      }))
  }
})
