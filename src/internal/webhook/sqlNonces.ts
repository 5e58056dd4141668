/**
 * The nonces in a database, PostgreSQL or SQLite, over Effect's `SqlClient`.
 *
 * The primary key decides who came first, not this program. Within a transaction of the caller, a nonce is part of it.
 *
 * What a database says of its failures can hold a nonce, so of a failure only its kind is passed on.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { WebhookNonceError } from "../../WebhookError.ts"
import type { WebhookNonces } from "../../WebhookNonces.ts"
import { failureCode } from "../sql/failureCode.ts"

/** How often expired nonces are removed, in milliseconds. */
const sweepsEvery = 60_000

const failed = (error: SqlError): WebhookNonceError => new WebhookNonceError({ reason: failureCode(error) })

/** The nonces of a database that has the table of `sqlMigrations.ts`. */
export interface SqlNonces {
  /** Whether a nonce comes for the first time; it is kept then, until it expires. */
  readonly insert: (nonce: string, expiresAt: DateTime.Utc) => Effect.Effect<boolean, SqlError>
}

export const makeNonceRows = (client: SqlClient.SqlClient): SqlNonces => {
  // Whatever names the rest of the program gives its columns.
  const sql = client.withoutTransforms()
  const nonces = sql("flexfactor_webhook_nonces")
  let sweptAt = Number.NEGATIVE_INFINITY

  // Nobody waits for rows that another one removes: two transactions could wait for each other.
  const withoutWaiting = sql.onDialectOrElse({
    pg: () => sql.literal("FOR UPDATE SKIP LOCKED"),
    orElse: () => sql.literal("")
  })

  const sweep = (now: DateTime.Utc): Effect.Effect<void, SqlError> =>
    Effect.suspend(() => {
      const millis = DateTime.toEpochMillis(now)
      if (millis - sweptAt < sweepsEvery) return Effect.void
      sweptAt = millis
      return Effect.asVoid(sql`
        DELETE FROM ${nonces} WHERE nonce IN (
          SELECT nonce FROM ${nonces} WHERE expires_at < ${DateTime.formatIso(now)} ${withoutWaiting}
        )
      `)
    })

  return {
    // The sweep comes first: where it fails, the nonce is not used up.
    insert: (nonce, expiresAt) =>
      Effect.flatMap(DateTime.now, sweep).pipe(
        Effect.andThen(sql`
          INSERT INTO ${nonces} ${sql.insert({ nonce, expires_at: DateTime.formatIso(expiresAt) })}
          ON CONFLICT DO NOTHING RETURNING nonce
        `),
        Effect.map((inserted) => inserted.length > 0)
      )
  }
}

/** The nonces over a client whose database has the table of `sqlMigrations.ts`. */
export const makeSqlNonces: Effect.Effect<WebhookNonces["Service"], never, SqlClient.SqlClient> = Effect.map(
  SqlClient.SqlClient,
  (client) => {
    const { insert } = makeNonceRows(client)
    return { isNew: (nonce, expiresAt) => Effect.mapError(insert(nonce, expiresAt), failed) }
  }
)
