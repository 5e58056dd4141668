import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { Cents, OrderId, Orders, type OrdersError, type RefundRequest } from "../src/index.ts"
import {
  type Answer,
  json,
  makeScript,
  ordersOver,
  type Respond,
  transportError,
  whileTimePasses
} from "./support/script.ts"

const id = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")

const success = { success: true, status: "SUCCESS", result: null, statusCode: null, errors: [], customProperties: {} }
const failure = {
  ...success,
  success: false,
  status: "FAILED",
  responseCode: "2001",
  responseMessage: "Amount to refund (1.00) is greater than maximum refund amount in (0.00))"
}

/** Refunds one dollar once, with a client that would repeat anything ten times at once if it were allowed to. */
const refundOnce = Effect.fnUntraced(function*(respond: Respond, respondToken?: Respond) {
  const script = makeScript(respond, respondToken)
  const outcome = yield* Orders.use((orders) => orders.refund(id, { amount: Cents.make(100) })).pipe(
    Effect.match({
      onSuccess: (receipt) => ({ tag: "Refunded", receipt, error: undefined }),
      onFailure: (error) => ({ tag: error._tag, receipt: undefined, error })
    }),
    Effect.provide(ordersOver(script, { retry: Schedule.recurs(10) })),
    whileTimePasses,
    Effect.flatten
  )
  return { ...outcome, posts: script.asked.length, tokens: script.askedForToken.length }
})

const doubtOf = (error: OrdersError.RefundError | undefined) =>
  error?._tag === "RefundOutcomeUnknown" ? error.doubt : undefined

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
    ["zero", id, { amount: 0 }, "amount", "must be more than zero"],
    ["a negative amount", id, { amount: -5 }, "amount", "must not be negative"],
    ["a fraction of a cent", id, { amount: 19.99 }, "amount", "must be a whole number of cents"],
    ["NaN", id, { amount: Number.NaN }, "amount", "must be a number, not NaN"],
    ["1e21", id, { amount: 1e21 }, "amount", "must not be larger than Number.MAX_SAFE_INTEGER"],
    ["a text as amount", id, { amount: "19.99" }, "amount", "must be Cents"],
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
      Effect.gen(function*() {
        const script = makeScript(() => json(success))
        const error = yield* Orders.use((orders) => orders.refund(orderId as OrderId, request as RefundRequest)).pipe(
          Effect.flip,
          Effect.provide(ordersOver(script))
        )
        assert.strictEqual(error._tag, "FlexFactorInvalidRequest")
        if (error._tag !== "FlexFactorInvalidRequest") return
        assert.strictEqual(error.field, field)
        assert.include(error.rule, rule)
        assert.strictEqual(script.asked.length + script.askedForToken.length, 0)
      }))
  }
})

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

  for (const status of [200, 202, 400, 404, 409, 422, 500, 503]) {
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
    ["no and an unknown word", () => json({ success: false, status: "PROCESSING" })],
    ["a success inside another object", () => json({ result: success })]
  ]
  for (const [what, answer] of unreadable) {
    it.effect(`is in doubt for a success that gives none: ${what}`, () =>
      Effect.gen(function*() {
        const { error, posts } = yield* refundOnce(answer)
        assert.strictEqual(doubtOf(error), "unreadable answer")
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

  for (
    const status of [301, 302, 303, 307, 308, 402, 406, 408, 409, 410, 418, 425, 451, 500, 501, 502, 503, 504, 599]
  ) {
    it.effect(`is in doubt for a ${status}, which proves no refusal`, () =>
      Effect.gen(function*() {
        const { error, posts } = yield* refundOnce(() => new Response("", { status }))
        assert.strictEqual(doubtOf(error), status === 409 ? "conflict" : "server error")
        assert.strictEqual(posts, 1)
      }))
  }
})

describe("a refund without an answer", () => {
  it.effect("is in doubt when the connection breaks, and is not sent again", () =>
    Effect.gen(function*() {
      const { error, posts } = yield* refundOnce((_, request) => transportError(request, "ECONNRESET"))
      assert.strictEqual(doubtOf(error), "connection lost")
      assert.strictEqual(posts, 1)
    }))

  it.effect("is in doubt when the deadline passes after it was sent", () =>
    Effect.gen(function*() {
      const { error, posts } = yield* refundOnce(() => Effect.never)
      assert.strictEqual(doubtOf(error), "timeout")
      assert.strictEqual(posts, 1)
    }))

  it.effect("is in doubt when the connection breaks within the body", () =>
    Effect.gen(function*() {
      const { error, posts } = yield* refundOnce(() =>
        new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(new TextEncoder().encode("{\"success\":true,"))
              controller.error(new Error("aborted"))
            }
          })
        )
      )
      assert.strictEqual(doubtOf(error), "connection lost")
      assert.strictEqual(posts, 1)
    }))

  const beforeSending: ReadonlyArray<readonly [code: string, syscall: string | undefined]> = [
    ["ECONNREFUSED", "connect"],
    ["ENOTFOUND", "getaddrinfo"],
    ["EAI_AGAIN", "getaddrinfo"],
    ["ETIMEDOUT", "connect"],
    ["UND_ERR_CONNECT_TIMEOUT", undefined],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", undefined],
    ["ERR_TLS_CERT_ALTNAME_INVALID", undefined]
  ]
  for (const [code, syscall] of beforeSending) {
    it.effect(`is sent again after ${code}, which proves that nothing was sent`, () =>
      Effect.gen(function*() {
        let attempts = 0
        const { posts, tag } = yield* refundOnce((_, request): Answer =>
          ++attempts < 3 ? transportError(request, code, syscall) : json(success)
        )
        assert.strictEqual(tag, "Refunded")
        assert.strictEqual(posts, 3)
      }))
  }

  it.effect("fails with FlexFactorUnreachable, sent no, where every attempt is refused the connection", () =>
    Effect.gen(function*() {
      const { error, posts } = yield* refundOnce((_, request) => transportError(request, "ECONNREFUSED", "connect"))
      assert.strictEqual(error?._tag, "FlexFactorUnreachable")
      assert.strictEqual(error?._tag === "FlexFactorUnreachable" ? error.sent : undefined, "no")
      assert.strictEqual(posts, 11)
    }))

  for (const [code, syscall] of [["ETIMEDOUT", "read"], ["EPIPE", "write"], ["UND_ERR_SOCKET", undefined]] as const) {
    it.effect(`is in doubt after ${code}, which proves nothing`, () =>
      Effect.gen(function*() {
        const { error, posts } = yield* refundOnce((_, request) => transportError(request, code, syscall))
        assert.strictEqual(doubtOf(error), "connection lost")
        assert.strictEqual(posts, 1)
      }))
  }

  it.effect("is in doubt where only one of several addresses refused the connection", () =>
    Effect.gen(function*() {
      const { error, posts } = yield* refundOnce((_, request) =>
        Effect.mapError(transportError(request, "x"), (error) => {
          const cause = new AggregateError([
            Object.assign(new Error(), { code: "ECONNREFUSED", syscall: "connect" }),
            Object.assign(new Error(), { code: "ECONNRESET", syscall: "read" })
          ])
          return Object.assign(error, { reason: Object.assign(error.reason, { cause }) })
        })
      )
      assert.strictEqual(doubtOf(error), "connection lost")
      assert.strictEqual(posts, 1)
    }))
})

describe("a refund that gets no token", () => {
  it.effect("is not sent, and says so with the error of the token", () =>
    Effect.gen(function*() {
      const { error, posts, tokens } = yield* refundOnce(
        () => json(success),
        () => new Response("", { status: 503 })
      )
      assert.strictEqual(error?._tag, "FlexFactorServiceUnavailable")
      assert.strictEqual(error?.operation, "FlexFactor.token")
      assert.strictEqual(posts, 0)
      assert.strictEqual(tokens, 11)
    }))

  it.effect("is sent once when the token comes at the second attempt", () =>
    Effect.gen(function*() {
      let attempts = 0
      const { posts, tag } = yield* refundOnce(
        () => json(success),
        (_, request): Answer => ++attempts === 1 ? transportError(request, "ECONNRESET") : json({ accessToken: "t" })
      )
      assert.strictEqual(tag, "Refunded")
      assert.strictEqual(posts, 1)
    }))

  it.effect("fails with FlexFactorTimeout, sent no, when the token never comes", () =>
    Effect.gen(function*() {
      const { error, posts } = yield* refundOnce(() => json(success), () => Effect.never)
      assert.strictEqual(error?._tag, "FlexFactorTimeout")
      assert.strictEqual(error?._tag === "FlexFactorTimeout" ? error.sent : undefined, "no")
      assert.strictEqual(posts, 0)
    }))

  it.effect("is not in doubt when the deadline passes between a 401 and the next token", () =>
    Effect.gen(function*() {
      let tokens = 0
      const { error, posts } = yield* refundOnce(
        () => new Response("", { status: 401 }),
        (): Answer => ++tokens === 1 ? json({ accessToken: "t" }) : Effect.never
      )
      assert.strictEqual(error?._tag, "FlexFactorTimeout")
      assert.strictEqual(posts, 1)
    }))
})

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
        assert.strictEqual(tag === "RefundRejected", isNo)
        const saysYesSomehow = body.success === true || word === "success"
        assert.strictEqual(posts, status === 401 && !saysYesSomehow ? 2 : 1)
      }),
    { arbitrary: { runs: 500 } }
  )
})
