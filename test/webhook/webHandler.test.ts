/**
 * A route for servers that speak in `Request` and `Response`.
 */
import { assert, describe, expectTypeOf, it, vi } from "@effect/vitest"
import { Deferred, Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { WebhookInboxError } from "../../src/WebhookError.ts"
import * as WebhookInbox from "../../src/WebhookInbox.ts"
import * as WebhookRoute from "../../src/WebhookRoute.ts"
import { itIsNow, key, keyText, options, sign } from "./deliveries.ts"
import { keeping, makeInbox } from "./routeInbox.ts"
import { answeredBy, inWebHandler, surroundings, toRequest, withoutHeader } from "./routeServers.ts"

/** A layer that says when it is built and when it is released. */
const makeWatched = () => {
  const happened: Array<string> = []
  const note = (what: string) => Effect.sync(() => void happened.push(what))
  const layer = Layer.effectDiscard(Effect.acquireRelease(note("built"), () => note("released")))
  return { happened, layer }
}

/** What is written on the console while something runs. */
const printed = Effect.fnUntraced(function*<A, E>(run: Effect.Effect<A, E>) {
  const lines: Array<string> = []
  const log = vi.spyOn(console, "log").mockImplementation((...given: ReadonlyArray<unknown>) => {
    lines.push(given.map(String).join(" "))
  })
  const value = yield* Effect.ensuring(run, Effect.sync(() => log.mockRestore()))
  return { lines, value }
})

/** What a request to a handler rejects with. */
const rejection = ({ handler }: WebhookRoute.WebHandler) =>
  Effect.flatMap(
    sign(),
    (delivery) =>
      Effect.promise(() =>
        handler(toRequest(delivery)).then(() => assert.fail("it answers"), (error: unknown) => error)
      )
  )

describe("a web handler", () => {
  it("takes one request, whatever a server gives besides", () => {
    expectTypeOf(WebhookRoute.toWebHandler).returns.toEqualTypeOf<WebhookRoute.WebHandler>()
    expectTypeOf<WebhookRoute.WebHandler["handler"]>().toEqualTypeOf<(request: Request) => Promise<Response>>()
    type Inbox = Parameters<typeof WebhookRoute.toWebHandler>[1]
    expectTypeOf(WebhookInbox.layerMemory).toExtend<Inbox>()
    expectTypeOf(WebhookInbox.layerSql).returns.not.toExtend<Inbox>()
  })

  it.effect("answers at every path, also where it is called with more than a request", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = makeInbox()
      const around = yield* surroundings
      const { dispose, handler } = WebhookRoute.toWebHandler(options, Layer.provideMerge(inbox.layer, around))
      for (const path of ["/", "/webhooks/flexfactor", "/api/hook?a=b", "//x/../y"]) {
        const request = toRequest({ ...(yield* sign()), path })
        const withMore: (...given: ReadonlyArray<unknown>) => Promise<Response> = (first, ...more) =>
          Reflect.apply(handler, undefined, [first, ...more])
        const answered = yield* answeredBy(() => withMore(request, { params: {} }, 5), request)
        assert.strictEqual(answered.status, 200)
      }
      yield* Effect.promise(dispose)
      assert.deepStrictEqual(inbox.answers, ["new", "replayed", "replayed", "replayed"])
    }))

  it.effect("answers other methods with 405, says which one it takes, and keeps nothing", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = makeInbox()
      const send = yield* inWebHandler(inbox.layer)
      const { body, headers } = yield* sign()
      for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"]) {
        const answered = yield* send({ method, headers, body: ["GET", "HEAD"].includes(method) ? undefined : body })
        assert.deepStrictEqual([answered.status, answered.body, answered.headers["allow"]], [405, "", "POST"])
      }
      assert.deepStrictEqual(inbox.answers, [])
    }))

  it.effect("refuses a request whose body was read before", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = makeInbox()
      const around = yield* surroundings
      const { dispose, handler } = WebhookRoute.toWebHandler(options, Layer.provideMerge(inbox.layer, around))
      const request = toRequest(yield* sign())
      yield* Effect.promise(() => request.json())
      assert.strictEqual((yield* answeredBy(handler, request)).status, 400)
      assert.deepStrictEqual(inbox.answers, [])
      yield* Effect.promise(dispose)
    }))

  it.effect("stops reading a body that turns out to be too long, or breaks off", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const around = yield* surroundings
      const { dispose, handler } = WebhookRoute.toWebHandler(options, Layer.provideMerge(makeInbox().layer, around))
      const { headers } = withoutHeader(yield* sign(), "content-length")
      let pulled = 0
      const endless = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024).fill(pulled += 1))
      })
      const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) })
      for (const [body, status] of [[endless, 413], [broken, 400]] as const) {
        const request = new Request(
          "http://inside.example/",
          { method: "POST", headers, body, duplex: "half" } as RequestInit
        )
        const answered = yield* answeredBy(handler, request)
        assert.deepStrictEqual([answered.status, answered.body], [status, ""])
      }
      assert.isBelow(pulled, 20)
      yield* Effect.promise(dispose)
    }))

  it.effect("handles the events of its inbox in the background, until it is disposed of", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const handled = yield* Deferred.make<string>()
      const watched = makeWatched()
      const handler = WebhookInbox.layerHandler(({ event }) => Deferred.succeed(handled, event))
      const live = Layer.mergeAll(handler, watched.layer).pipe(
        Layer.provideMerge(Layer.fresh(WebhookInbox.layerMemory))
      )
      const web = WebhookRoute.toWebHandler(options, Layer.provideMerge(live, yield* surroundings))
      assert.strictEqual((yield* answeredBy(web.handler, toRequest(yield* sign()))).status, 200)
      assert.strictEqual(yield* Deferred.await(handled), "order.refunded")
      assert.deepStrictEqual(watched.happened, ["built"])
      yield* Effect.promise(() => Promise.all([web.dispose(), web.dispose()]))
      assert.deepStrictEqual(watched.happened, ["built", "released"])
      assert.strictEqual((yield* answeredBy(web.handler, toRequest(yield* sign()))).status, 503)
    }))

  it.effect("shares the inbox of a runtime whose context it is given, and leaves the runtime open", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const runtime = ManagedRuntime.make(
        Layer.provideMerge(Layer.fresh(WebhookInbox.layerMemory), yield* surroundings)
      )
      const web = WebhookRoute.toWebHandler(options, Layer.effectContext(runtime.contextEffect))
      assert.strictEqual((yield* answeredBy(web.handler, toRequest(yield* sign()))).status, 200)
      yield* Effect.promise(web.dispose)
      const next = WebhookInbox.WebhookInbox.use(({ handleNext }) => handleNext(({ event }) => Effect.succeed(event)))
      assert.strictEqual(yield* Effect.promise(() => runtime.runPromise(next)), "order.refunded")
      yield* Effect.promise(runtime.dispose)
    }))

  it.effect("gives up what it keeps when it is disposed of, and answers with 503", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const asked = yield* Deferred.make<void>()
      const inbox = keeping(() => Effect.andThen(Deferred.succeed(asked, undefined), Effect.never))
      const web = WebhookRoute.toWebHandler(options, Layer.provideMerge(inbox, yield* surroundings))
      const request = toRequest(yield* sign())
      const answering = web.handler(request)
      yield* Deferred.await(asked)
      yield* Effect.promise(web.dispose)
      assert.strictEqual((yield* Effect.promise(() => answering)).status, 503)
    }))

  it.effect("has a request wait while its inbox is built", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = makeInbox()
      const slow = Layer.unwrap(Effect.as(Effect.sleep("3 seconds"), inbox.layer))
      const web = WebhookRoute.toWebHandler(options, Layer.provideMerge(slow, yield* surroundings))
      const answering = web.handler(toRequest(yield* sign()))
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual((yield* Effect.promise(() => answering)).status, 200)
      yield* Effect.promise(web.dispose)
    }))

  it.effect("rejects each request with what is wrong with an option, which it logs once, and builds nothing for it", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const watched = makeWatched()
      const inbox = Layer.merge(makeInbox().layer, watched.layer)
      const { lines, value: errors } = yield* printed(Effect.gen(function*() {
        const keys = [key, Redacted.make(`${keyText}-`)]
        const web = yield* Effect.sync(() => WebhookRoute.toWebHandler({ ...options, key: keys }, inbox))
        const errors = [yield* rejection(web), yield* rejection(web)]
        yield* Effect.promise(web.dispose)
        return errors
      }))
      for (const error of errors) {
        assert.propertyVal(error, "_tag", "ConfigError")
        assert.include(String(error), "key must be base64, as the portal shows it")
      }
      assert.lengthOf(lines, 1)
      assert.match(lines[0] ?? "", /ERROR.*Webhook: the handler cannot be made.*key must be base64/s)
      assert.notInclude(lines.concat(errors.map(String)).join(), keyText)
      assert.deepStrictEqual(watched.happened, [])
    }))

  it.effect("rejects each request with what its inbox cannot be built for, which it logs", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const cause = new WebhookInboxError({ operation: "keep", reason: "no database" })
      const watched = makeWatched()
      const inbox = Layer.effect(WebhookInbox.WebhookInbox, Effect.fail(cause)).pipe(Layer.provide(watched.layer))
      const { lines } = yield* printed(Effect.gen(function*() {
        const web = yield* Effect.sync(() => WebhookRoute.toWebHandler(options, inbox))
        assert.strictEqual(yield* rejection(web), cause)
        yield* Effect.promise(web.dispose)
      }))
      assert.match(lines.join(), /ERROR.*no database/s)
      assert.deepStrictEqual(watched.happened, ["built", "released"])
    }))
})
