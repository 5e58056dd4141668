import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { RefundEvidence } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { DurableRefunds } from "../../src/workflow/index.ts"

const made = (policy: DurableRefunds.DurablePolicy) =>
  Effect.scoped(Layer.build(DurableRefunds.layerMemory(policy))).pipe(
    Effect.provide(RefundEvidence.fromOrder().pipe(Layer.provideMerge(FlexFactorSimulator.layer())))
  )

describe("a policy of durable refunds", () => {
  it.effect.each<readonly [option: keyof DurableRefunds.DurablePolicy, value: unknown]>([
    ["goOnFor", 0],
    ["goOnFor", Duration.infinity],
    ["goOnFor", "for ever"],
    ["settleWindow", -1],
    ["patience", Duration.infinity]
  ])("is refused for its %s: %s", ([option, value]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(made({ [option]: value }))
      assert.strictEqual(error._tag, "ConfigError")
      assert.include(error.message, option)
    }))

  it.effect.each<DurableRefunds.DurablePolicy>([
    {},
    { goOnFor: undefined, settleWindow: undefined },
    { goOnFor: "30 days", settleWindow: "1 day", patience: 0 }
  ])("is taken: %o", (policy) => Effect.asVoid(made(policy)))
})
