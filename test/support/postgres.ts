/**
 * Databases on the PostgreSQL of this run of the tests.
 */
import { PgClient } from "@effect/sql-pg"
import { inject, it } from "@effect/vitest"
import { Effect, Layer, Redacted, type Scope } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { randomUUID } from "node:crypto"

const server = inject("postgres")

/** Declares a test that needs PostgreSQL. Where there is none, the test says by name that it was not run. */
export const itOnPostgres = <E>(
  name: string,
  test: () => Effect.Effect<void, E, Scope.Scope>,
  options?: { readonly timeout: number }
): void => {
  if (server.status === "missing") it.skip(`not run, PostgreSQL is missing: ${name}`, () => {})
  else it.live(name, test, options)
}

export const postgresUrl: Effect.Effect<string> = Effect.suspend(() =>
  server.status === "running"
    ? Effect.succeed(server.url)
    : Effect.die(new Error(`PostgreSQL is ${server.status}${"reason" in server ? `: ${server.reason}` : ""}`))
)

/** A new database, dropped in the end, and its address. */
export const postgresDatabase: Effect.Effect<string, SqlError.SqlError, Scope.Scope> = Effect.gen(function*() {
  const name = `flexfactor_test_${randomUUID().replaceAll("-", "")}`
  const admin = new URL(yield* postgresUrl)
  const context = yield* Layer.build(Layer.fresh(PgClient.layer({ url: Redacted.make(admin.href) })))
  const run = (statement: string) =>
    SqlClient.SqlClient.use((sql) => sql.unsafe(statement)).pipe(Effect.provideContext(context))
  yield* Effect.acquireRelease(
    run(`CREATE DATABASE ${name}`),
    () => Effect.orDie(run(`DROP DATABASE ${name} WITH (FORCE)`))
  )
  const url = new URL(admin)
  url.pathname = `/${name}`
  return url.href
})

/** A new schema, dropped in the end. Whoever connects sees nothing else. */
export const postgresSchema: Effect.Effect<string, SqlError.SqlError, Scope.Scope> = Effect.gen(function*() {
  const name = `flexfactor_test_${randomUUID().replaceAll("-", "")}`
  const admin = yield* Layer.build(Layer.fresh(PgClient.layer({ url: Redacted.make(yield* postgresUrl) })))
  const run = (statement: string) =>
    SqlClient.SqlClient.use((sql) => sql.unsafe(statement)).pipe(Effect.provideContext(admin))
  yield* Effect.acquireRelease(run(`CREATE SCHEMA ${name}`), () => Effect.orDie(run(`DROP SCHEMA ${name} CASCADE`)))
  return name
})

/** A client that sees one schema. */
export const layerPostgres = (
  schema: string,
  options: Partial<PgClient.PgPoolConfig> = {}
): Layer.Layer<SqlClient.SqlClient, SqlError.SqlError> =>
  Layer.unwrap(
    Effect.map(postgresUrl, (url) =>
      PgClient.layer({ url: Redacted.make(url), startupParameters: { search_path: schema }, ...options }))
  )
