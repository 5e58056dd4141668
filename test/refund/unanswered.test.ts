import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule, Stream } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { Cents, FlexFactor } from "../../src/index.ts"
import { type Answer, json, once, transportError } from "../support/script.ts"
import { doubtOf, id, refundOnce, success } from "./refundOnce.ts"

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

  it.effect("is in doubt when the body breaks off, also with a code that would prove that nothing was sent", () =>
    Effect.gen(function*() {
      let posts = 0
      const http = HttpClient.make((request) => {
        posts += 1
        const response = HttpClientResponse.fromWeb(request, new Response("{"))
        const broken = Stream.fromEffect(transportError(request, "ECONNREFUSED", "connect"))
        return Effect.succeed(Object.defineProperty(response, "stream", { value: broken }))
      })
      const orders = yield* FlexFactor.make({ ...once, retry: Schedule.recurs(10) }).pipe(
        Effect.provideService(HttpClient.HttpClient, http)
      )
      const error = yield* Effect.flip(orders.refund(id, { amount: Cents.make(100) }))
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

  /** A failure with one for each of two addresses, of which the first refused the connection. */
  const atTwoAddresses = (request: HttpClientRequest.HttpClientRequest, code: string, syscall: string) =>
    Effect.mapError(transportError(request, "x"), (error) => {
      const cause = new AggregateError([
        Object.assign(new Error(), { code: "ECONNREFUSED", syscall: "connect" }),
        Object.assign(new Error(), { code, syscall })
      ])
      return Object.assign(error, { reason: Object.assign(error.reason, { cause }) })
    })

  it.effect("is in doubt where only one of several addresses refused the connection", () =>
    Effect.gen(function*() {
      const { error, posts } = yield* refundOnce((_, request) => atTwoAddresses(request, "ECONNRESET", "read"))
      assert.strictEqual(doubtOf(error), "connection lost")
      assert.strictEqual(posts, 1)
    }))

  it.effect("is sent again where no address of several was connected to", () =>
    Effect.gen(function*() {
      let attempts = 0
      const { posts, tag } = yield* refundOnce((_, request): Answer =>
        ++attempts < 3 ? atTwoAddresses(request, "ETIMEDOUT", "connect") : json(success)
      )
      assert.strictEqual(tag, "Refunded")
      assert.strictEqual(posts, 3)
    }))

  it.effect("is in doubt when the transport does not say why it failed", () =>
    Effect.gen(function*() {
      const { error, posts } = yield* refundOnce((_, request) =>
        Effect.fail(new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request }) }))
      )
      assert.strictEqual(doubtOf(error), "connection lost")
      assert.strictEqual(posts, 1)
    }))

  it.effect("is in doubt when the transport dies, and is not sent again", () =>
    Effect.gen(function*() {
      const { error, posts } = yield* refundOnce(() => Effect.die(new Error("Bearer token")))
      assert.strictEqual(doubtOf(error), "connection lost")
      assert.strictEqual(posts, 1)
    }))

  it.effect("says with which code the connection broke", () =>
    Effect.gen(function*() {
      const { error } = yield* refundOnce((_, request) => transportError(request, "ECONNRESET", "read"))
      assert.strictEqual(error?._tag === "RefundOutcomeUnknown" ? error.code : error?._tag, "ECONNRESET")
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
