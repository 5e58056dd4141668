/**
 * What a route tells the log about each delivery, and that neither the log nor spans hold anything of it.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Deferred, Effect, Fiber, Layer, Redacted, type Tracer } from "effect"
import { Headers, HttpMiddleware } from "effect/http"
import { TestClock } from "effect/testing"
import type { WebhookInbox } from "../../src/WebhookInbox.ts"
import * as WebhookRoute from "../../src/WebhookRoute.ts"
import { bytes, itIsNow, now } from "./deliveries.ts"
import { failing, keeping, makeInbox } from "./routeInbox.ts"
import { hiddenIn, makeObserver, options, renderSpan, signed } from "./routeObserved.ts"
import { inRouter, inWebHandler, type Sent, servers } from "./routeServers.ts"

const changed = (header: string, value: string) =>
  Effect.map(signed(), ({ body, headers }): Sent => ({ body, headers: { ...headers, [header]: value } }))

const kept = makeInbox().layer

const ways: ReadonlyArray<
  readonly [
    name: string,
    sent: Effect.Effect<Sent, unknown>,
    inbox: Layer.Layer<WebhookInbox>,
    line?: readonly [level: string, message: string, error: string, status: number]
  ]
> = [
  ["a delivery that is kept", signed(), kept],
  [
    "a delivery that is not signed",
    signed({ key: Redacted.make("AAAA") }),
    kept,
    [
      "WARN",
      "Webhook: the signature is not one of the key, the host and this body",
      "WebhookSignatureInvalid",
      401
    ]
  ],
  [
    "a bad header",
    changed("x-fc-authorization", "sentinel of a header"),
    kept,
    ["WARN", "Webhook: x-fc-authorization must begin with HMAC-SHA512", "WebhookMalformed", 400]
  ],
  [
    "a bad nonce",
    changed("x-fc-nonce", "sentinel of a header"),
    kept,
    [
      "WARN",
      "Webhook: x-fc-nonce must be 1 to 128 visible characters, without a comma or a semicolon",
      "WebhookMalformed",
      400
    ]
  ],
  [
    "a body that is no event",
    signed({ event: bytes("{\"sentinel of the body\":\"sentinel of the body\"}") }),
    kept,
    ["WARN", "Webhook: Event must be there", "WebhookMalformed", 400]
  ],
  [
    "a delivery of yesterday",
    signed({ date: DateTime.subtract(now, { days: 1 }) }),
    kept,
    [
      "WARN",
      "Webhook: it was sent at 2026-02-28T12:00:00.000Z, which is more than 5m away from now",
      "WebhookExpired",
      400
    ]
  ],
  [
    "a body that is too long",
    signed({ event: bytes("sentinel of the body".repeat(60_000)) }),
    kept,
    ["WARN", "Webhook: the body is longer than 1 MiB", "BodyTooLong", 413]
  ],
  [
    "an inbox that fails",
    signed(),
    failing,
    ["ERROR", "WebhookInbox.keep: it is full", "WebhookInboxError", 503]
  ]
]

describe("the log and the spans of", () => {
  for (const [server, serve] of servers) {
    for (const [name, sending, inbox, line] of ways) {
      it.effect(`${name}, in ${server}, say what became of it and nothing of what is in it`, () =>
        Effect.gen(function*() {
          yield* itIsNow()
          const sent = yield* sending
          const { lines, observed, spans } = makeObserver()
          const answered = yield* observed(Effect.scoped(Effect.flatMap(serve(inbox, options), (send) => send(sent))))
          const own = lines.filter(({ message }) => !/^Sent HTTP response$/.test(message))
          if (line === undefined) {
            assert.strictEqual(answered.status, 200)
            assert.deepStrictEqual(own, [])
          } else {
            const [level, message, error, status] = line
            const route = server === "a web handler" ? {} : { "http.route": "/webhooks/flexfactor" }
            assert.deepStrictEqual(
              own.map(({ fields, level, message }) => ({ level, message, fields })),
              [{ level, message, fields: { error, "http.status": status, ...route } }]
            )
            assert.strictEqual(answered.status, status)
          }
          assert.include(spans.map(({ name }) => name), "POST")
          for (const text of [...lines.flatMap(({ renderings }) => renderings), ...spans.map(renderSpan)]) {
            for (const hidden of hiddenIn(sent)) assert.notInclude(text, hidden)
          }
        }))
    }
  }
})

describe("the log", () => {
  it.effect("tells of an inbox that dies, with what it died of", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const { lines, observed } = makeObserver()
      const inbox = keeping(() => Effect.die(new Error("a bug of the inbox")))
      yield* observed(
        Effect.scoped(Effect.flatMap(inWebHandler(inbox, options), (send) => Effect.flatMap(signed(), send)))
      )
      assert.deepStrictEqual(lines.map(({ level, message }) => [level, message]), [[
        "ERROR",
        "Webhook: a delivery cannot be kept"
      ]])
      assert.include(lines[0]?.renderings.join(), "a bug of the inbox")
    }))

  it.effect("tells of an inbox that does not answer", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const { lines, observed } = makeObserver()
      const asked = yield* Deferred.make<void>()
      const inbox = keeping(() => Effect.andThen(Deferred.succeed(asked, undefined), Effect.never))
      yield* observed(Effect.scoped(Effect.gen(function*() {
        const send = yield* inWebHandler(inbox, options)
        const sending = yield* Effect.forkChild(send(yield* signed()))
        yield* Deferred.await(asked)
        yield* TestClock.adjust("10 seconds")
        yield* Fiber.join(sending)
      })))
      assert.deepStrictEqual(lines.map(({ fields, level, message }) => [level, message, fields]), [
        ["ERROR", "WebhookInbox.keep: no answer within 10 seconds", { error: "WebhookInboxError", "http.status": 503 }]
      ])
    }))
})

/** A program that asks Effect for every header in its spans. */
const tracingHeaders = Effect.provideService(HttpMiddleware.TracerHeaderFilter, () => true)

describe("the spans of a program that traces headers", () => {
  const attributesOf = (spans: ReadonlyArray<Tracer.NativeSpan>) =>
    Object.fromEntries(spans.find(({ name }) => name === "POST")?.attributes ?? [])

  const assertRedacted = (spans: ReadonlyArray<Tracer.NativeSpan>, { headers }: Sent): void => {
    const attributes = attributesOf(spans)
    assert.strictEqual(attributes["http.request.header.content-type"], "application/json")
    for (const name of Object.keys(headers).filter((name) => name.startsWith("x-fc-"))) {
      assert.strictEqual(attributes[`http.request.header.${name}`], "<redacted>")
    }
  }

  it.effect("show no signature, in a web handler, nor what the program redacts besides", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const { observed, spans } = makeObserver()
      const sent = yield* signed()
      const more = { ...sent, headers: { ...sent.headers, "x-mine": "mine" } }
      const redacted = Layer.succeed(Headers.CurrentRedactedNames, ["x-mine"])
      const inbox = Layer.merge(makeInbox().layer, redacted)
      yield* observed(tracingHeaders(Effect.scoped(Effect.flatMap(inWebHandler(inbox, options), (send) => send(more)))))
      assertRedacted(spans, sent)
      assert.strictEqual(attributesOf(spans)["http.request.header.x-mine"], "<redacted>")
    }))

  it.effect("show no signature, in a router, where the program redacts them", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const { observed, spans } = makeObserver()
      const sent = yield* signed()
      const route = Layer.provide(WebhookRoute.layer(options), makeInbox().layer)
      yield* Effect.scoped(Effect.flatMap(inRouter(route), (send) => send(sent))).pipe(
        Effect.provideService(Headers.CurrentRedactedNames, [/^x-fc-/]),
        tracingHeaders,
        observed
      )
      assertRedacted(spans, sent)
    }))
})
