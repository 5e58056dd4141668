/**
 * Durable refunds in a file, in a process whose environment says how a cluster is set up.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { join } from "node:path"
import { vi } from "vitest"
import { Cents, RefundEvidence, RefundKey, Refunds } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { layerEmbedded } from "../../src/workflow/embedded.ts"
import { temporaryFolder } from "../processes/workers.ts"
import { totals } from "../refunds/desk.ts"

// Effect reads the environment once, as it is loaded.
vi.hoisted(() => {
  process.env["SHARD_GROUPS"] = "another"
  process.env["PORT"] = "a pipe"
})

describe("Durable refunds in a file", () => {
  it.live("are carried out, however a cluster is set up in the environment", () =>
    Effect.gen(function*() {
      const layer = layerEmbedded({ filename: join(yield* temporaryFolder, "refunds.db") }).pipe(
        Layer.provide(RefundEvidence.fromOrder(totals)),
        Layer.provideMerge(FlexFactorSimulator.layer({ totals })),
        Layer.provide(Logger.layer([]))
      )
      const receipt = yield* Effect.gen(function*() {
        const { addOrder } = yield* FlexFactorSimulator.FlexFactorSimulator
        const { id } = yield* addOrder({ amount: Cents.make(5000) })
        const refunds = yield* Refunds.Refunds
        return yield* refunds.refund({ key: RefundKey.make("ticket-1"), orderId: id, amount: Cents.make(1000) })
      }).pipe(Effect.provide(layer))
      assert.strictEqual(receipt.confirmedBy, "evidence")
    }).pipe(Effect.scoped))
})
