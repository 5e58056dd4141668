import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { RefundEvidence, RefundJournal, Refunds } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"

const made = (policy: Refunds.RefundPolicy) =>
  Effect.provide(
    Effect.scoped(Layer.build(Refunds.layer(policy))),
    Layer.mergeAll(RefundJournal.layerMemory, RefundEvidence.fromOrder()).pipe(
      Layer.provideMerge(FlexFactorSimulator.layer())
    )
  )

describe("a policy", () => {
  it.effect.each<readonly [option: keyof Refunds.RefundPolicy, value: unknown]>([
    ["settleWindow", 0],
    ["settleWindow", -1],
    ["settleWindow", Duration.infinity],
    ["settleWindow", "soon"],
    ["readingGap", 0],
    ["readingGap", Duration.infinity],
    ["readingGap", Number.NaN],
    ["patience", -1],
    ["patience", Duration.infinity],
    ["patience", "for ever"],
    ["sendTimeout", 0],
    ["sendTimeout", Duration.infinity],
    ["maximumSends", 0],
    ["maximumSends", 1.5],
    ["maximumSends", Number.NaN],
    ["maximumSends", Infinity],
    ["maximumSends", "3"]
  ])("is refused for its %s: %s", ([option, value]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(made({ [option]: value }))
      assert.strictEqual(error._tag, "ConfigError")
      assert.include(error.message, option)
    }))

  it.effect.each<Refunds.RefundPolicy>([
    {},
    { settleWindow: undefined, readingGap: undefined, patience: undefined, sendTimeout: undefined },
    { settleWindow: 1, readingGap: 1, patience: 0, sendTimeout: 1, maximumSends: 1 },
    { settleWindow: "15 minutes", readingGap: "1 minute", patience: "1 hour", sendTimeout: "5 minutes" }
  ])("is taken: %o", (policy) => Effect.asVoid(made(policy)))
})
