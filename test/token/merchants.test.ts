import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FlexFactor } from "../../src/index.ts"
import { json, keyPair, makeScript } from "../support/script.ts"
import { order, readOrder } from "./readOrder.ts"

describe("two merchants in one program", () => {
  it.effect("never share a token, beside each other or nested, and each asks for one", () =>
    Effect.gen(function*() {
      const byKey = (asked: { readonly body: string }) =>
        json({ accessToken: `token-of-${JSON.parse(asked.body).AppKey}`, expires: 600_000 })
      const script = makeScript(order, byKey)
      const merchant = (appKey: string) =>
        FlexFactor.production({ ...keyPair, appKey }).pipe(Layer.orDie, Layer.provide(script.http))
      const [first, second] = [merchant("m1"), merchant("m2")]
      const nested = readOrder.pipe(
        Effect.andThen(Effect.provide(readOrder, second)),
        Effect.andThen(readOrder),
        Effect.provide(first)
      )
      yield* nested
      yield* Effect.provide(readOrder, second)
      assert.deepStrictEqual(script.asked.map(({ token }) => token), [
        "Bearer token-of-m1",
        "Bearer token-of-m2",
        "Bearer token-of-m1",
        "Bearer token-of-m2"
      ])
    }))
})
