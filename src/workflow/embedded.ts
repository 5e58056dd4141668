/**
 * Durable refunds on one machine, in a file, without any set-up.
 *
 * It needs the SQLite of Node, which Bun and Deno have too, and stands on modules that Effect calls unstable.
 */
import * as ClusterWorkflowEngine from "effect/cluster/ClusterWorkflowEngine"
import * as RunnerHealth from "effect/cluster/RunnerHealth"
import * as Runners from "effect/cluster/Runners"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as Sharding from "effect/cluster/Sharding"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as SqlMessageStorage from "effect/cluster/SqlMessageStorage"
import type * as Config from "effect/Config"
import * as Digest from "effect/crypto/Digest"
import * as Layer from "effect/Layer"
import type { MigrationError } from "effect/sql/Migrator"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { WorkflowEngine } from "effect/workflow/WorkflowEngine"
import * as NodeSqlite from "../NodeSqlite.ts"
import type { Orders } from "../Orders.ts"
import type { RefundEvidence } from "../RefundEvidence.ts"
import * as RefundJournal from "../RefundJournal.ts"
import type { Refunds } from "../Refunds.ts"
import * as DurableRefunds from "./DurableRefunds.ts"

/**
 * Durable refunds in a file, and their policy.
 *
 * - `filename`: such as `"refunds.db"`, on a local disk; made if it is missing. It holds the journal and the engine.
 */
export interface EmbeddedOptions extends DurableRefunds.DurablePolicy {
  readonly filename: string
}

/**
 * One process needs no table of runners, and few shards. As Effect's `SingleRunner`, which reads from the environment how a
 * cluster is set up: with what is said there of another one, this process might carry nothing out, or not start.
 */
const layerOnlyRunner = Sharding.layer.pipe(
  Layer.provideMerge(Runners.layerNoop),
  Layer.provideMerge(SqlMessageStorage.layer),
  Layer.provide([RunnerStorage.layerMemory, RunnerHealth.layerNoop]),
  Layer.provide(ShardingConfig.layer({ shardsPerGroup: 8 }))
)

/**
 * Durable `Refunds` in one process. A process that is started after this one ended, however it ended, goes on with all
 * that was asked for, by itself. A second process at the same time is refused with an `SqlError`, after five seconds.
 *
 * @example
 * ```ts
 * import { Layer } from "effect"
 * import { FetchHttpClient } from "effect/http"
 * import { FlexFactor, RefundEvidence } from "effect-flexfactor"
 * import { layerEmbedded } from "effect-flexfactor/workflow/embedded"
 *
 * const refunds = layerEmbedded({ filename: "refunds.db", settleWindow: "15 minutes" }).pipe(
 *   Layer.provide(RefundEvidence.fromOrder({ refunded: "amountRefunded" })),
 *   Layer.provideMerge(FlexFactor.layerConfig()),
 *   Layer.provide(FetchHttpClient.layer)
 * )
 * ```
 */
export const layerEmbedded = (
  options: EmbeddedOptions
): Layer.Layer<
  Refunds | RefundJournal.RefundJournal | WorkflowEngine | Sharding.Sharding | SqlClient,
  Config.ConfigError | SqlError | MigrationError,
  Orders | RefundEvidence
> =>
  DurableRefunds.layer(options).pipe(
    Layer.provideMerge(ClusterWorkflowEngine.layer),
    Layer.provideMerge(layerOnlyRunner),
    Layer.provide(Digest.layerWebCrypto),
    Layer.provideMerge(RefundJournal.layerSql()),
    Layer.provideMerge(NodeSqlite.layer({ filename: options.filename, exclusive: true }))
  )
