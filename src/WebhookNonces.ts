/**
 * Which deliveries came before. A signed delivery stays right for as long as its date is within the tolerance; whoever
 * records one could send it again, and it is told by its nonce.
 */
import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { MigrationError } from "effect/sql/Migrator"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { makeMemoryNonces } from "./internal/webhook/memoryNonces.ts"
import { migrate } from "./internal/webhook/sqlMigrations.ts"
import { makeSqlNonces } from "./internal/webhook/sqlNonces.ts"
import type { WebhookNonceError } from "./WebhookError.ts"

/**
 * The nonces of the deliveries that were received.
 *
 * Whoever implements one keeps a promise, also among several processes: of all calls with the same nonce, one is told
 * that it is new, and none after it until `expiresAt` has passed.
 */
export class WebhookNonces extends Context.Service<WebhookNonces, {
  /** Whether a nonce comes for the first time. It is kept until `expiresAt` at least. */
  readonly isNew: (nonce: string, expiresAt: DateTime.Utc) => Effect.Effect<boolean, WebhookNonceError>
}>()("effect-flexfactor/WebhookNonces") {}

/**
 * Nonces that are kept as long as the program lives, and forgotten once they expired: for one process. After a restart,
 * a delivery can be replayed for as long as the tolerance lasts.
 */
export const layerMemory: Layer.Layer<WebhookNonces> = Layer.sync(WebhookNonces, makeMemoryNonces)

/** How nonces in a database are set up. */
export interface SqlOptions {
  /**
   * Whether to make the tables where they are missing: `true`, unless said otherwise. With `false` they must be there,
   * made by a program that starts with more rights.
   */
  readonly migrate?: boolean | undefined
}

/**
 * Nonces in a database, which outlive the program and are shared by all that use it: PostgreSQL or SQLite, over any
 * `SqlClient` of Effect.
 *
 * It makes its table, `flexfactor_webhook_nonces`, and one to count its versions, `flexfactor_webhook_migrations`;
 * programs may do so at the same moment. Expired rows are removed about once a minute, while nonces come.
 *
 * Within a transaction (`sql.withTransaction`), a nonce counts once that is committed. So a program that receives a
 * delivery and writes down what it says in one transaction does both or neither, and a delivery that comes again after
 * a failure is new.
 *
 * @example
 * ```ts
 * import { Layer } from "effect"
 * import { WebhookNonces } from "effect-flexfactor"
 * import * as NodeSqlite from "effect-flexfactor/NodeSqlite"
 *
 * const nonces = WebhookNonces.layerSql().pipe(Layer.provide(NodeSqlite.layer({ filename: "webhooks.db" })))
 * ```
 */
export const layerSql = (
  options: SqlOptions = {}
): Layer.Layer<WebhookNonces, MigrationError | SqlError, SqlClient> =>
  Layer.effect(
    WebhookNonces,
    options.migrate === false ? makeSqlNonces : Effect.andThen(migrate, makeSqlNonces)
  )
