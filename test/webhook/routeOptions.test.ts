/**
 * The options of a route, from the program and from the environment.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, type Config, ConfigProvider, Effect, Exit, Layer, Redacted } from "effect"
import { HttpRouter } from "effect/http"
import type { WebhookInbox } from "../../src/WebhookInbox.ts"
import * as WebhookRoute from "../../src/WebhookRoute.ts"
import { host, itIsNow, keyText, options, sign } from "./deliveries.ts"
import { makeInbox } from "./routeInbox.ts"
import { inRouter, type Send } from "./routeServers.ts"

const otherText = Buffer.from("another key").toString("base64")
const otherKey = Redacted.make(otherText)

/** What building a route fails with. */
const failureOf = (route: Layer.Layer<never, Config.ConfigError, HttpRouter.HttpRouter | WebhookInbox>) =>
  Effect.map(
    Effect.exit(Layer.build(route.pipe(Layer.provide(HttpRouter.layer), Layer.provide(makeInbox().layer)))),
    (exit) => Exit.isFailure(exit) ? Cause.squash(exit.cause) : assert.fail("it is built")
  )

const configured = (env: Readonly<Record<string, string>>) =>
  Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))

describe("the options of a route", () => {
  it.effect.each(
    [
      ["an empty list of keys", { key: [] }, "key must be one key or several"],
      ["a key that is no base64", { key: Redacted.make(`${keyText}-`) }, "key must be base64"],
      ["an address for a host", { host: "https://shop.example/hook" }, "host must be a host"],
      ["a tolerance of nothing", { tolerance: 0 }, "tolerance must be"]
    ] as const
  )("fail with %s", ([, changes, rule]) =>
    Effect.gen(function*() {
      const error = yield* failureOf(WebhookRoute.layer({ ...options, ...changes }))
      assert.propertyVal(error, "_tag", "ConfigError")
      assert.include(String(error), rule)
      assert.notInclude(String(error), keyText)
    }))

  const answers = (send: Send) =>
    Effect.gen(function*() {
      const deliveries = [
        yield* sign(),
        yield* sign({ key: otherKey }),
        yield* sign({ host: "other.example:8443" }),
        yield* sign({ key: Redacted.make("AAAA") })
      ]
      return yield* Effect.forEach(deliveries, (delivery) => Effect.map(send(delivery), ({ status }) => status))
    })

  const one = { FLEXFACTOR_WEBHOOK_KEY: keyText, FLEXFACTOR_WEBHOOK_HOST: host }
  const several = {
    FLEXFACTOR_WEBHOOK_KEY: `${keyText}, ${otherText}`,
    FLEXFACTOR_WEBHOOK_HOST: `${host},other.example:8443`
  }

  it.effect.each(
    [
      ["a key and a host", one, {}, [200, 401, 401, 401]],
      ["several of each", several, {}, [200, 200, 200, 401]],
      ["a host that is overridden", one, { host: "other.example:8443" }, [401, 401, 200, 401]],
      ["no host, which is given", { FLEXFACTOR_WEBHOOK_KEY: keyText }, { host }, [200, 401, 401, 401]],
      ["what is given as undefined", one, { host: undefined, tolerance: undefined, path: undefined }, [
        200,
        401,
        401,
        401
      ]]
    ] as const
  )("come from the environment: %s", ([, env, tuning, statuses]) =>
    Effect.gen(function*() {
      yield* itIsNow()
      const given = tuning as WebhookRoute.Tuning
      const send = yield* inRouter(Layer.provide(WebhookRoute.layerConfig(given), makeInbox().layer)).pipe(
        configured(env)
      )
      assert.deepStrictEqual(yield* answers(send), [...statuses])
    }))

  it.effect("come from the environment and from the program, the path and the tolerance among them", () =>
    Effect.gen(function*() {
      yield* itIsNow(3_600_000)
      const route = WebhookRoute.layerConfig({ path: "/hook", tolerance: "2 hours" })
      const send = yield* inRouter(Layer.provide(route, makeInbox().layer)).pipe(configured(one))
      assert.strictEqual((yield* send({ ...(yield* sign()), path: "/hook" })).status, 200)
    }))

  it.effect.each(
    [
      ["no key", { FLEXFACTOR_WEBHOOK_HOST: host }, "FLEXFACTOR_WEBHOOK_KEY"],
      ["no host", { FLEXFACTOR_WEBHOOK_KEY: keyText }, "FLEXFACTOR_WEBHOOK_HOST"],
      ["a key that is no base64", { ...one, FLEXFACTOR_WEBHOOK_KEY: `${keyText}-` }, "key must be base64"],
      ["nothing after a comma", { ...one, FLEXFACTOR_WEBHOOK_KEY: `${keyText},` }, "key must not be empty"],
      ["an address for a host", { ...one, FLEXFACTOR_WEBHOOK_HOST: "https://shop.example" }, "host must be a host"]
    ] as const
  )("fail where the environment has %s", ([, env, rule]) =>
    Effect.gen(function*() {
      const error = yield* configured(env)(failureOf(WebhookRoute.layerConfig()))
      assert.propertyVal(error, "_tag", "ConfigError")
      assert.include(String(error), rule)
      assert.notInclude(String(error), keyText)
    }))
})
