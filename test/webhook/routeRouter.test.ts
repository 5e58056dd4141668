/**
 * Routes in the router of a program.
 */
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { type Config, Effect, Layer, Redacted, Schema } from "effect"
import { HttpRouter, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import type { WebhookInbox } from "../../src/WebhookInbox.ts"
import * as WebhookRoute from "../../src/WebhookRoute.ts"
import { host, itIsNow, key, options, sign } from "./deliveries.ts"
import { makeInbox } from "./routeInbox.ts"
import { inRouter, withoutHeader } from "./routeServers.ts"

const otherKey = Redacted.make(Buffer.from("another key").toString("base64"))

const get = { headers: {}, body: undefined, method: "GET" }

class Orders extends HttpApiGroup.make("orders").add(
  HttpApiEndpoint.post("echo", "/echo", { payload: Schema.Struct({ a: Schema.Int }), success: Schema.Int })
) {}
class Api extends HttpApi.make("api").add(Orders) {}

const api = HttpApiBuilder.layer(Api).pipe(
  Layer.provide(
    HttpApiBuilder.group(
      Api,
      "orders",
      (handlers) => handlers.handle("echo", ({ payload }) => Effect.succeed(payload.a))
    )
  ),
  Layer.provide(HttpServer.layerServices)
)

describe("a route", () => {
  it("needs its inbox where it is made, not for each request", () => {
    expectTypeOf(WebhookRoute.layer(options)).toEqualTypeOf<
      Layer.Layer<never, Config.ConfigError, HttpRouter.HttpRouter | WebhookInbox>
    >()
    expectTypeOf(WebhookRoute.layerConfig()).toEqualTypeOf<
      Layer.Layer<never, Config.ConfigError, HttpRouter.HttpRouter | WebhookInbox>
    >()
  })

  it.effect("works beside an HttpApi and other routes", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = makeInbox()
      const route = Layer.provide(WebhookRoute.layer(options), inbox.layer)
      const health = HttpRouter.add("GET", "/webhooks/flexfactor", HttpServerResponse.text("up"))
      const send = yield* inRouter(Layer.mergeAll(api, route, health))
      assert.strictEqual((yield* send(yield* sign())).status, 200)
      const json = { "content-type": "application/json" }
      const echo = { path: "/echo", headers: json, body: new Uint8Array(Buffer.from("{\"a\":5}")) }
      assert.strictEqual((yield* send(echo)).body, "5")
      assert.strictEqual((yield* send(get)).body, "up")
      assert.deepStrictEqual(inbox.answers, ["new"])
    }))

  it.effect("takes the bytes of a body that something before it has read, unless it is too long", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = makeInbox()
      const reading = HttpRouter.middleware(
        (answer) =>
          Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ text }) => Effect.andThen(Effect.exit(text), answer)),
        { global: true }
      )
      const send = yield* inRouter(Layer.merge(Layer.provide(WebhookRoute.layer(options), inbox.layer), reading))
      assert.strictEqual((yield* send(yield* sign())).status, 200)
      const long = withoutHeader(yield* sign({ event: new Uint8Array(2 ** 20 + 1) }), "content-length")
      assert.strictEqual((yield* send(long)).status, 413)
      assert.deepStrictEqual(inbox.answers, ["new"])
    }))

  it.effect("is not found with another method or at another path", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = makeInbox()
      const send = yield* inRouter(Layer.provide(WebhookRoute.layer({ ...options, path: "/hook" }), inbox.layer))
      const delivery = { ...(yield* sign()), path: "/hook" }
      for (const path of ["/", "/webhooks/flexfactor", "/hook/more", "/hooks"]) {
        assert.strictEqual((yield* send({ ...delivery, path })).status, 404)
      }
      for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"]) {
        assert.strictEqual((yield* send({ ...delivery, method })).status, 404)
      }
      for (const method of ["GET", "HEAD"]) {
        assert.strictEqual((yield* send({ ...get, method, path: "/hook" })).status, 404)
      }
      assert.strictEqual((yield* send(delivery)).status, 200)
      assert.deepStrictEqual(inbox.answers, ["new"])
    }))

  it.effect("is one of two, each with its own key, host and path", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = makeInbox()
      const others = makeInbox()
      const send = yield* inRouter(Layer.merge(
        Layer.provide(WebhookRoute.layer({ ...options, path: "/a" }), inbox.layer),
        Layer.provide(WebhookRoute.layer({ key: otherKey, host: "b.example", path: "/b" }), others.layer)
      ))
      const one = yield* sign()
      const other = yield* sign({ key: otherKey, host: "b.example" })
      const statuses = yield* Effect.forEach(
        [{ ...one, path: "/a" }, { ...one, path: "/b" }, { ...other, path: "/a" }, { ...other, path: "/b" }],
        (sent) => Effect.map(send(sent), ({ status }) => status)
      )
      assert.deepStrictEqual(statuses, [200, 401, 401, 200])
      assert.deepStrictEqual([inbox.answers, others.answers], [["new"], ["new"]])
    }))

  it.effect("takes the old key and the new one while a key is changed", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const inbox = makeInbox()
      const keys = { key: [key, otherKey], host }
      const send = yield* inRouter(Layer.provide(WebhookRoute.layer(keys), inbox.layer))
      assert.strictEqual((yield* send(yield* sign())).status, 200)
      assert.strictEqual((yield* send(yield* sign({ key: otherKey, nonce: "another" }))).status, 200)
      assert.strictEqual((yield* send(yield* sign({ key: Redacted.make("AAAA") }))).status, 401)
      assert.deepStrictEqual(inbox.answers, ["new", "redelivered"])
    }))
})
