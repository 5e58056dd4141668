import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cents, FlexFactor } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { appSecret, customer, found, secrets } from "./sentinels.ts"
import { leaks, renderSpan, traces } from "./sinks.ts"
import { calls, keyPair, orderId } from "./ways.ts"

describe("a success shows no secret and no customer data", () => {
  it.effect("in spans, logs and metrics", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* FlexFactor.make({ environment: "sandbox", ...keyPair })
      yield* simulator.addOrder({ id: orderId, amount: Cents.make(5000), email: customer.email })
      // The exit of a span holds what the operation returned, as any tracer sees it: customer data is read on purpose.
      const { lines, spans } = yield* traces(
        Effect.all([orders.list({ query: customer.freeText }), orders.get(orderId), calls.refund(orders)])
      )
      const shown = spans.flatMap(renderSpan).filter(([name]) => name !== "span status")
      assert.deepStrictEqual(leaks([...lines, ...shown]), [])
      const secret = spans.flatMap(renderSpan).flatMap(([, text]) => found(text)).filter((leak) =>
        Object.keys(secrets).some((name) => leak.startsWith(name))
      )
      assert.deepStrictEqual(secret, [])
    }).pipe(
      Effect.provide(FlexFactorSimulator.layerHttpClient({ keyPairs: [{ appKey: "the-app-key", appSecret }] }))
    ))
})
