/**
 * No secret and no customer data shows in anything that a program prints, logs, traces, counts or clones: for every way
 * in which a call fails, every rendering of the failure is searched for planted sentinels in every encoding.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { FlexFactor, isOrdersError } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { silence } from "./replies.ts"
import { accessToken, appSecret, freshToken } from "./sentinels.ts"
import { leaks, traces } from "./sinks.ts"
import { byStatus, calls, failing, keyPair, onlyBodies, orderId, otherWays, statuses } from "./ways.ts"

describe("a failure shows no secret and no customer data", () => {
  it.effect.each(otherWays)("by $name", (way) =>
    Effect.gen(function*() {
      const { error, lines, sinks, spans } = yield* failing(way)
      assert.isTrue(isOrdersError(error))
      if (way.tag !== undefined && isOrdersError(error)) assert.strictEqual(error._tag, way.tag)
      assert.isAtLeast(spans.length, 1)
      assert.isAtLeast(lines.length, 1)
      assert.deepStrictEqual(leaks(sinks), [])
    }))

  it.effect.each(statuses)("by any call that is answered with %s and any body", (status) =>
    Effect.gen(function*() {
      const ways = byStatus.filter(({ name }) => name.includes(` ${status} `))
      assert.strictEqual(ways.length, Object.keys(calls).length * onlyBodies.length)
      for (const way of ways) {
        const { error, sinks } = yield* failing(way)
        assert.isTrue(isOrdersError(error), way.name)
        assert.deepStrictEqual(leaks(sinks), [], way.name)
      }
    }))

  it.effect("by options that break a rule", () =>
    Effect.gen(function*() {
      const wrong: ReadonlyArray<object> = [
        { environment: "sandbox", appKey: "k", appSecret },
        { environment: "sandbox", accessToken },
        { environment: "sandbox", accessToken: Redacted.make(`${accessToken}\r\n${freshToken}`) },
        { environment: "sandbox", appKey: "", appSecret: Redacted.make(appSecret) },
        { environment: appSecret, ...keyPair },
        { environment: "sandbox", ...keyPair, baseUrl: `https://user:${appSecret}@own.test` },
        { environment: "sandbox", ...keyPair, baseUrl: `https://own.test/?key=${encodeURIComponent(appSecret)}` },
        { environment: "sandbox", ...keyPair, baseUrl: appSecret },
        { environment: "sandbox", ...keyPair, apiVersion: appSecret }
      ]
      for (const options of wrong) {
        const make = FlexFactor.make(options as FlexFactor.Options).pipe(
          Effect.provideService(HttpClient.HttpClient, HttpClient.make(silence))
        )
        const { exit, sinks } = yield* traces(make)
        assert.isTrue(Exit.isFailure(exit))
        assert.deepStrictEqual(leaks(sinks), [])
      }
    }))

  it.effect("by a key pair that the simulator does not know", () =>
    Effect.gen(function*() {
      const orders = yield* FlexFactor.make({ environment: "sandbox", ...keyPair })
      const { error, sinks } = yield* traces(orders.get(orderId))
      assert.isTrue(isOrdersError(error) && error._tag === "FlexFactorUnauthorized")
      assert.deepStrictEqual(leaks(sinks), [])
    }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient())))

  it.effect("by any call that the simulator refuses", () =>
    Effect.gen(function*() {
      const orders = yield* FlexFactor.make({ environment: "sandbox", ...keyPair })
      for (const call of [calls.get, calls.refund, calls.cancel, calls.cancelByExternalId]) {
        const { error, sinks } = yield* traces(call(orders))
        assert.isTrue(isOrdersError(error) && error._tag === "FlexFactorNotFound")
        assert.deepStrictEqual(leaks(sinks), [])
        assert.isFalse(sinks.some(([, text]) => text.includes("simulated-token")))
      }
    }).pipe(
      Effect.provide(FlexFactorSimulator.layerHttpClient({ keyPairs: [{ appKey: "the-app-key", appSecret }] }))
    ))
})
