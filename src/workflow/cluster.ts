/**
 * Durable refunds on many machines: runners that share one PostgreSQL.
 *
 * It needs `@effect/platform-node` and `@effect/sql-pg`, and stands on modules that Effect calls unstable.
 */
import * as NodeClusterSocket from "@effect/platform-node/NodeClusterSocket"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as ClusterWorkflowEngine from "effect/cluster/ClusterWorkflowEngine"
import type { Sharding } from "effect/cluster/Sharding"
import type { ShardingConfig } from "effect/cluster/ShardingConfig"
import type * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type { SocketServerError } from "effect/socket/SocketServer"
import type { MigrationError } from "effect/sql/Migrator"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { WorkflowEngine } from "effect/workflow/WorkflowEngine"
import { invalid } from "../internal/settings.ts"
import type { Orders } from "../Orders.ts"
import type { RefundEvidence } from "../RefundEvidence.ts"
import * as RefundJournal from "../RefundJournal.ts"
import type { Refunds } from "../Refunds.ts"
import * as DurableRefunds from "./DurableRefunds.ts"

/**
 * A process of the cluster.
 *
 * - `url`: the PostgreSQL that all processes share, such as `postgres://shop@db.internal/shop`. The tables of the engine
 *   (`cluster_*`) and of the journal (`flexfactor_*`) are made where they are missing.
 * - `maxConnections`: of this process to the database, at least 2; 10. The engine keeps one for itself.
 * - `keepAlive`: how long a connection may be silent before the system asks whether the database is still there; 10 seconds.
 *   Ten seconds without an answer later it ends with an error, and is replaced.
 * - `sharding`: how the runners find each other and share the orders, as Effect's `ShardingConfig`. A runner needs
 *   `runnerAddress`, where the others reach it: nobody but them must. What is not given is read from the environment, but
 *   for `shardsPerGroup` (300), `availableShardGroups` and `shardLockDisableAdvisory`: all processes must have them alike,
 *   also those that only ask. Where they differ, a refund may be handed to nobody, or one order to two runners.
 *
 * @example
 * ```ts
 * import { Option, Redacted } from "effect"
 * import { RunnerAddress } from "effect/cluster"
 * import type { ClusterOptions } from "effect-flexfactor/workflow/cluster"
 *
 * const options: ClusterOptions = {
 *   url: Redacted.make("postgres://shop@db.internal/shop"),
 *   sharding: { runnerAddress: Option.some(RunnerAddress.RunnerAddress.make({ host: "10.0.0.7", port: 34431 })) },
 *   settleWindow: "15 minutes"
 * }
 * ```
 */
export interface ClusterOptions extends DurableRefunds.DurablePolicy {
  readonly url: Redacted.Redacted
  readonly maxConnections?: number | undefined
  readonly keepAlive?: Duration.Input | undefined
  readonly sharding?: Partial<ShardingConfig["Service"]> | undefined
}

type Provided = Refunds | RefundJournal.RefundJournal | WorkflowEngine | Sharding | SqlClient

/** How orders are shared, which all processes must see alike, whatever their environments say. */
const sharedSharding = {
  shardsPerGroup: 300,
  availableShardGroups: ["default"],
  shardLockDisableAdvisory: false
} satisfies Partial<ShardingConfig["Service"]>

/** With a single connection, the engine would wait for a second one for ever. */
const layerDatabase = ({ keepAlive = "10 seconds", maxConnections = 10, url }: ClusterOptions) =>
  Layer.unwrap(
    Number.isSafeInteger(maxConnections) && maxConnections >= 2
      ? Effect.succeed(PgClient.layer({ url, maxConnections, keepAlive }))
      : Effect.fail(invalid("maxConnections must be a whole number of at least 2"))
  )

/**
 * How long a refund may go on where it is, once its order moves to another runner. The engine gives it no further step in
 * that time, so that all of it is lost; what is being sent is waited for in any case.
 */
const entityTerminationTimeout = "2 seconds"

/**
 * A runner: it carries out the refunds that any process of the cluster asks for, and asks for them itself.
 *
 * @example
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { FetchHttpClient } from "effect/http"
 * import { FlexFactor, RefundEvidence } from "effect-flexfactor"
 * import { layerRunner } from "effect-flexfactor/workflow/cluster"
 *
 * const refunds = layerRunner({ url: Redacted.make("postgres://shop@db.internal/shop") }).pipe(
 *   Layer.provide(RefundEvidence.fromOrder({ refunded: "amountRefunded" })),
 *   Layer.provideMerge(FlexFactor.layerConfig()),
 *   Layer.provide(FetchHttpClient.layer)
 * )
 * ```
 */
export const layerRunner = (
  options: ClusterOptions
): Layer.Layer<
  Provided,
  Config.ConfigError | SqlError | MigrationError | SocketServerError,
  Orders | RefundEvidence
> =>
  DurableRefunds.layer(options).pipe(
    Layer.provideMerge(ClusterWorkflowEngine.layer),
    Layer.provideMerge(
      NodeClusterSocket.layer({ shardingConfig: { ...sharedSharding, entityTerminationTimeout, ...options.sharding } })
    ),
    Layer.provideMerge(RefundJournal.layerSql()),
    Layer.provideMerge(layerDatabase(options))
  )

/**
 * A process that asks for refunds and leaves it to runners to carry them out. What it asks for is kept in the database,
 * also while no runner is there.
 *
 * @example
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { FetchHttpClient } from "effect/http"
 * import { FlexFactor, RefundEvidence } from "effect-flexfactor"
 * import { layerClient } from "effect-flexfactor/workflow/cluster"
 *
 * // The same policy and evidence as in the runners.
 * const refunds = layerClient({ url: Redacted.make("postgres://shop@db.internal/shop") }).pipe(
 *   Layer.provide(RefundEvidence.fromOrder({ refunded: "amountRefunded" })),
 *   Layer.provideMerge(FlexFactor.layerConfig()),
 *   Layer.provide(FetchHttpClient.layer)
 * )
 * ```
 */
export const layerClient = (
  options: ClusterOptions
): Layer.Layer<Provided, Config.ConfigError | SqlError | MigrationError, Orders | RefundEvidence> =>
  DurableRefunds.layerClient(options).pipe(
    Layer.provideMerge(ClusterWorkflowEngine.layer),
    Layer.provideMerge(
      NodeClusterSocket.layer({ clientOnly: true, shardingConfig: { ...sharedSharding, ...options.sharding } })
    ),
    Layer.provideMerge(RefundJournal.layerSql()),
    Layer.provideMerge(layerDatabase(options))
  )
