import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Cents, FlexFactor, FlexFactorUnauthorized, FlexFactorUnreachable, Orders } from "../../src/index.ts"
import { makeScript, type Script } from "../support/script.ts"
import { whileTimePasses } from "../support/time.ts"
import { id, order, readOrder, unauthorized } from "./readOrder.ts"

describe("a token that the backend holds", () => {
  const held = (script: Script, accessToken: FlexFactor.HeldToken["accessToken"]) =>
    FlexFactor.production({ accessToken }).pipe(Layer.orDie, Layer.provide(script.http))

  it.effect("is used as it is, and none is asked for", () =>
    Effect.gen(function*() {
      const script = makeScript(order)
      yield* Effect.provide(readOrder, held(script, Redacted.make("held")))
      assert.strictEqual(script.askedForToken.length, 0)
      assert.strictEqual(script.asked[0]?.token, "Bearer held")
    }))

  it.effect("is not tried twice when it is refused and there is no other", () =>
    Effect.gen(function*() {
      const script = makeScript(unauthorized)
      const error = yield* readOrder.pipe(Effect.flip, Effect.provide(held(script, Redacted.make("held"))))
      assert.strictEqual(error._tag, "FlexFactorUnauthorized")
      assert.strictEqual(script.asked.length, 1)
    }))

  it.effect("is asked for again when it is refused, and the call repeated with the new one", () =>
    Effect.gen(function*() {
      let generation = 0
      const script = makeScript(({ token }) => token === "Bearer held-2" ? order() : unauthorized())
      yield* Effect.provide(readOrder, held(script, Effect.sync(() => Redacted.make(`held-${++generation}`))))
      assert.deepStrictEqual(script.asked.map(({ token }) => token), ["Bearer held-1", "Bearer held-2"])
    }))

  it.effect("fails the call with the backend's own error, before anything is sent", () =>
    Effect.gen(function*() {
      const script = makeScript(order)
      const failure = new FlexFactorUnauthorized({ operation: "FlexFactor.token", status: 401 })
      const error = yield* readOrder.pipe(Effect.flip, Effect.provide(held(script, Effect.fail(failure))))
      assert.strictEqual(error, failure)
      assert.strictEqual(script.asked.length, 0)
    }))

  it.effect("is refused by name where it cannot be a header, before anything is sent", () =>
    Effect.gen(function*() {
      const script = makeScript(order)
      const unusable = Redacted.make("a\r\nb: c")
      const fixed = FlexFactor.production({ accessToken: unusable }).pipe(Layer.provide(script.http))
      const wrong = yield* Effect.flip(Effect.provide(readOrder, fixed))
      assert.strictEqual(wrong._tag, "ConfigError")
      assert.include(wrong.message, "accessToken must be")
      const error = yield* readOrder.pipe(Effect.flip, Effect.provide(held(script, Effect.succeed(unusable))))
      assert.strictEqual(error._tag === "FlexFactorInvalidRequest" ? error.field : error._tag, "accessToken")
      assert.strictEqual(script.asked.length, 0)
    }))

  it.effect("leaves no doubt about a refund when the backend cannot get it", () =>
    Effect.gen(function*() {
      const script = makeScript(order)
      const failure = new FlexFactorUnreachable({ operation: "FlexFactor.token", sent: "maybe" })
      const error = yield* Orders.use((orders) => orders.refund(id, { amount: Cents.make(100) })).pipe(
        Effect.flip,
        Effect.provide(held(script, Effect.fail(failure))),
        whileTimePasses
      )
      assert.strictEqual(error._tag === "FlexFactorUnreachable" ? error.sent : error._tag, "no")
      assert.strictEqual(script.asked.length, 0)
    }))
})
