/**
 * What the layers of the cluster set up, in a process whose environment has settings of its own.
 */
import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Logger, Option, Redacted } from "effect"
import { EntityId, RunnerAddress, Sharding } from "effect/cluster"
import { vi } from "vitest"
import { RefundEvidence } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { type ClusterOptions, layerClient, layerRunner } from "../../src/workflow/cluster.ts"
import { itOnPostgres, postgresDatabase } from "../support/postgres.ts"
import { closedPort } from "../transport/server.ts"

// Effect reads the environment once, as it is loaded.
vi.hoisted(() => {
  process.env["SHARDS_PER_GROUP"] = "1"
})

const layers = { client: layerClient, runner: layerRunner }

/** A process of a cluster of its own. */
const build = Effect.fnUntraced(function*(kind: keyof typeof layers, options: Partial<ClusterOptions> = {}) {
  const runnerAddress = RunnerAddress.RunnerAddress.make({ host: "127.0.0.1", port: yield* closedPort })
  const layer = layers[kind]({
    url: Redacted.make(yield* postgresDatabase),
    ...options,
    sharding: { runnerAddress: Option.some(runnerAddress), ...options.sharding }
  })
  return yield* Layer.build(
    layer.pipe(
      Layer.provide(RefundEvidence.fromOrder()),
      Layer.provide(FlexFactorSimulator.layer()),
      Layer.provide(Logger.layer([])),
      Layer.fresh
    )
  )
})

/** On how many shards a hundred orders lie. */
const shardsOf = (context: Context.Context<Sharding.Sharding>): number => {
  const { getShardId } = Context.get(context, Sharding.Sharding)
  const names = Array.from({ length: 100 }, (_, n) => EntityId.make(`order-${n}`))
  return new Set(names.map((name) => getShardId(name, "default").id)).size
}

/** After how long a silent connection to the database is asked after. */
const keepAliveOf = (context: Context.Context<never>) =>
  Option.getOrUndefined(Context.getOption(context, PgClient.PgClient))?.config.keepAlive

for (const kind of ["client", "runner"] as const) {
  describe(`A ${kind} of the cluster`, () => {
    itOnPostgres("does not read from its environment how many shards there are", () =>
      Effect.gen(function*() {
        assert.isAbove(shardsOf(yield* build(kind)), 1)
      }).pipe(Effect.scoped))

    itOnPostgres("has as many shards as it is given", () =>
      Effect.gen(function*() {
        assert.strictEqual(shardsOf(yield* build(kind, { sharding: { shardsPerGroup: 2 } })), 2)
      }).pipe(Effect.scoped))

    it.effect.each([0, 1, 1.5])(
      "refuses %d connections to the database, with which it would wait for ever",
      (maxConnections) =>
        Effect.gen(function*() {
          const layer = layers[kind]({ url: Redacted.make("postgres://nobody@127.0.0.1:9/none"), maxConnections }).pipe(
            Layer.provide(RefundEvidence.fromOrder()),
            Layer.provide(FlexFactorSimulator.layer())
          )
          const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
          assert.strictEqual(error._tag, "ConfigError")
          assert.include(String(error.cause), "maxConnections must be a whole number of at least 2")
        })
    )

    itOnPostgres(
      "has as little as two connections to the database",
      () => Effect.asVoid(build(kind, { maxConnections: 2 })).pipe(Effect.scoped)
    )

    itOnPostgres("has the system ask whether a database that is silent is still there", () =>
      Effect.gen(function*() {
        assert.strictEqual(keepAliveOf(yield* build(kind)), "10 seconds")
        assert.strictEqual(keepAliveOf(yield* build(kind, { keepAlive: "3 seconds" })), "3 seconds")
      }).pipe(Effect.scoped))
  })
}
