/**
 * What a route does while its inbox does not keep, and while the sender does not wait.
 */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { connect } from "node:net"
import * as WebhookRoute from "../../src/WebhookRoute.ts"
import { itIsNow, options, sign } from "./deliveries.ts"
import { failing, keeping, makeInbox } from "./routeInbox.ts"
import { answeredBy, inNode, sendToPort, servers, surroundings, toRequest } from "./routeServers.ts"
import { connected, toHead } from "./routeSockets.ts"

/** An inbox of which each call first does `before`, and says that it was asked. */
const makeSlowInbox = Effect.fnUntraced(function*(before: Effect.Effect<void>) {
  const asked = yield* Deferred.make<void>()
  const inbox = makeInbox((keeping) =>
    Deferred.succeed(asked, undefined).pipe(Effect.andThen(before), Effect.andThen(keeping))
  )
  return { ...inbox, asked: Deferred.await(asked) }
})

for (const [name, serve] of servers) {
  describe(`a route in ${name}`, () => {
    it.effect("answers with 503 where the inbox fails", () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const send = yield* serve(failing)
        const { body, status } = yield* send(yield* sign())
        assert.deepStrictEqual([status, body], [503, ""])
      }))

    it.effect("answers with 500 where the inbox dies, and goes on", () =>
      Effect.gen(function*() {
        yield* itIsNow()
        let calls = 0
        const inbox = makeInbox((keeping) =>
          Effect.suspend(() => (calls += 1) === 1 ? Effect.die(new Error("a bug")) : keeping)
        )
        const send = yield* serve(inbox.layer)
        const delivery = yield* sign()
        const died = yield* send(delivery)
        assert.deepStrictEqual([died.status, died.body], [500, ""])
        assert.strictEqual((yield* send(delivery)).status, 200)
        assert.deepStrictEqual(inbox.answers, ["new"])
      }))

    it.effect("answers with 500 where the inbox throws", () =>
      Effect.gen(function*() {
        yield* itIsNow()
        const send = yield* serve(keeping(() => {
          throw new Error("a bug")
        }))
        const { body, status } = yield* send(yield* sign())
        assert.deepStrictEqual([status, body], [500, ""])
      }))

    for (
      const [how, hang] of [
        ["hangs", Effect.never],
        ["hangs and cannot be interrupted", Effect.uninterruptible(Effect.sleep("1 hour"))]
      ] as const
    ) {
      it.effect(`answers with 503 after 10 seconds where the inbox ${how}`, () =>
        Effect.gen(function*() {
          yield* itIsNow()
          const inbox = yield* makeSlowInbox(hang)
          const send = yield* serve(inbox.layer)
          const sending = yield* Effect.forkChild(send(yield* sign()))
          yield* inbox.asked
          yield* TestClock.adjust("9999 millis")
          assert.isUndefined(sending.pollUnsafe())
          yield* TestClock.adjust("1 millis")
          const { body, status } = yield* Fiber.join(sending)
          assert.deepStrictEqual([status, body], [503, ""])
          // The server must be able to end.
          yield* TestClock.adjust("1 hour")
        }))
    }

    it.effect("recognises a delivery that comes again after an answer of 503, if it was kept", () =>
      Effect.gen(function*() {
        yield* itIsNow()
        // It is kept, and then the inbox does not say so.
        const inbox = makeInbox(Effect.tap((kept) => kept === "new" ? Effect.never : Effect.void))
        const send = yield* serve(inbox.layer)
        const delivery = yield* sign()
        const sending = yield* Effect.forkChild(send(delivery))
        while (inbox.answers.length === 0) yield* Effect.promise(() => new Promise(setImmediate))
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual((yield* Fiber.join(sending)).status, 503)
        assert.strictEqual((yield* send(delivery)).status, 200)
        assert.deepStrictEqual(inbox.answers, ["new", "replayed"])
      }))
  })
}

describe("a sender that hangs up", () => {
  it.effect("does not end the keeping of its delivery, in a server of Node", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = yield* makeSlowInbox(Effect.sleep("9 seconds"))
      const port = yield* inNode(Layer.provide(WebhookRoute.layer(options), inbox.layer))
      const { body, headers } = yield* sign()
      const socket = connect(port, "127.0.0.1")
      socket.write(toHead({ ...headers }))
      socket.write(body)
      yield* inbox.asked
      yield* Effect.callback<void>((resume) => {
        socket.once("close", () => resume(Effect.void))
        socket.destroy()
      })
      // The server hears of it.
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 50)))
      yield* TestClock.adjust("9 seconds")
      assert.deepStrictEqual(inbox.answers, ["new"])
    }))

  it.effect("does not end the keeping of its delivery, in a web handler", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = yield* makeSlowInbox(Effect.sleep("9 seconds"))
      const around = yield* surroundings
      const web = WebhookRoute.toWebHandler(options, Layer.provideMerge(inbox.layer, around))
      const hangingUp = yield* Scope.make()
      const signal = yield* Scope.provide(Effect.abortSignal, hangingUp)
      const request = new Request(toRequest(yield* sign()), { signal })
      const sending = yield* Effect.forkChild(answeredBy(web.handler, request))
      yield* inbox.asked
      yield* Scope.close(hangingUp, Exit.void)
      assert.strictEqual((yield* Fiber.join(sending)).status, 499)
      yield* TestClock.adjust("9 seconds")
      assert.deepStrictEqual(inbox.answers, ["new"])
      yield* Effect.promise(() => web.dispose())
    }))

  it.effect("does not keep a delivery longer than 10 seconds", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = yield* makeSlowInbox(Effect.sleep("11 seconds"))
      const around = yield* surroundings
      const web = WebhookRoute.toWebHandler(options, Layer.provideMerge(inbox.layer, around))
      const hangingUp = yield* Scope.make()
      const signal = yield* Scope.provide(Effect.abortSignal, hangingUp)
      const request = new Request(toRequest(yield* sign()), { signal })
      const sending = yield* Effect.forkChild(answeredBy(web.handler, request))
      yield* inbox.asked
      yield* Scope.close(hangingUp, Exit.void)
      yield* Fiber.join(sending)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(inbox.answers, [])
      yield* Effect.promise(() => web.dispose())
    }))
})

describe("a body that stops in the middle", () => {
  /** Waits for what does not go by the test's clock. */
  const elsewhere = Effect.promise(() => new Promise(setImmediate))

  const parts = Effect.fnUntraced(function*() {
    yield* itIsNow()
    const { body, headers } = yield* sign()
    return { inbox: makeInbox(), body: body.subarray(0, 10), headers }
  })

  it.effect("is answered with 408 after 10 seconds, in a web handler", () =>
    Effect.gen(function*() {
      const { body, headers, inbox } = yield* parts()
      const around = yield* surroundings
      const web = WebhookRoute.toWebHandler(options, Layer.provideMerge(inbox.layer, around))
      const isRead = yield* Deferred.make<void>()
      const isLeft = yield* Deferred.make<void>()
      const stream = new ReadableStream({
        start: (controller) => controller.enqueue(body),
        pull: () => void Deferred.doneUnsafe(isRead, Exit.void),
        cancel: () => void Deferred.doneUnsafe(isLeft, Exit.void)
      })
      const init = { method: "POST", headers, body: stream, duplex: "half" }
      const request = new Request("https://shop.example/", init)
      const sending = yield* Effect.forkChild(answeredBy(web.handler, request))
      yield* Deferred.await(isRead)
      yield* elsewhere
      yield* TestClock.adjust("9999 millis")
      assert.isUndefined(sending.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      const answered = yield* Fiber.join(sending)
      assert.deepStrictEqual([answered.status, answered.body], [408, ""])
      assert.deepStrictEqual(inbox.answers, [])
      yield* Deferred.await(isLeft)
      yield* Effect.promise(() => web.dispose())
    }))

  it.effect("is answered with 408 in a server of Node, which goes on", () =>
    Effect.gen(function*() {
      const { body, headers, inbox } = yield* parts()
      const port = yield* inNode(Layer.provide(WebhookRoute.layer(options), inbox.layer))
      const { received, socket } = yield* connected(port)
      socket.write(toHead(headers))
      socket.write(body)
      const answer = yield* Effect.forkChild(received("\r\n\r\n"))
      while (answer.pollUnsafe() === undefined) {
        yield* TestClock.adjust("10 seconds")
        yield* elsewhere
      }
      assert.match(yield* Fiber.join(answer), /^HTTP\/1\.1 408 [^]*\r\nconnection: close\r\n/i)
      assert.deepStrictEqual(inbox.answers, [])
      yield* itIsNow()
      assert.strictEqual((yield* sendToPort(port)(yield* sign())).status, 200)
    }))
})
