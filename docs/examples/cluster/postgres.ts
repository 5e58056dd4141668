/**
 * A database for the demo: a new one on the PostgreSQL of DATABASE_URL, or else on a throwaway one, which lives in a
 * temporary folder.
 */
import { PgClient } from "@effect/sql-pg"
import { Config, Data, Effect, FileSystem, Layer, Option, Redacted, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"

/** There is no PostgreSQL, or it does not start. */
export class PostgresMissing extends Data.TaggedError("PostgresMissing")<{ readonly problem: string }> {
  override get message(): string {
    return [
      `The demo needs a PostgreSQL, and ${this.problem}. Either install one, as on Debian by`,
      "  apt-get install postgresql",
      "or name one that is running:",
      "  DATABASE_URL=postgres://user:password@host/database npm run example:cluster",
      "Its user must be allowed to create a database. The demo uses one of its own, and drops it in the end."
    ].join("\n")
  }
}

/** The folder with the programs of the server. Debian keeps them out of the path. */
const findPrograms = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Config.withDefault(Config.String("PATH"), "")
  const ofDebian = yield* fs.glob("/usr/lib/postgresql/*/bin")
  return yield* Effect.findFirst(
    [...path.split(":"), ...ofDebian.toReversed()],
    (folder) => Effect.orElseSucceed(fs.exists(`${folder}/initdb`), () => false)
  ).pipe(Effect.map(Option.getOrUndefined))
})

/**
 * Starts a server in a new folder, says which, and waits until the standard input ends or a signal comes. Then the server
 * goes, and its folder with it.
 */
const script = `
  set -e
  folder=$(mktemp -d)
  cd "$folder"
  trap : INT
  trap '"$0/pg_ctl" -D data -m immediate stop > /dev/null 2>&1 || :; rm -rf "$folder"' EXIT
  "$0/initdb" -D data -A trust -U postgres -E UTF8 --locale=C --no-sync > /dev/null
  "$0/pg_ctl" -D data -w -l log -o "-c listen_addresses='' -k '$folder' -c fsync=off" start > /dev/null
  echo "$folder"
  cat > /dev/null
`

/** PostgreSQL refuses to run as root. */
const asPostgres = process.getuid?.() === 0
  ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
  : []

const startServer = Effect.fnUntraced(function*(programs: string) {
  const [command, ...args] = [...asPostgres, "/bin/sh", "-c", script, programs] as const
  const server = yield* ChildProcess.make(command, args, { stderr: "inherit", killSignal: "SIGINT" })
  const folder = yield* server.stdout.pipe(Stream.decodeText, Stream.splitLines, Stream.runHead)
  return Option.getOrUndefined(folder)
})

const findServer = Effect.gen(function*() {
  const given = yield* Config.option(Config.URL("DATABASE_URL"))
  if (Option.isSome(given)) return given.value
  const programs = yield* findPrograms
  if (programs === undefined) return yield* new PostgresMissing({ problem: "found none" })
  const folder = yield* startServer(programs)
  if (folder === undefined) return yield* new PostgresMissing({ problem: `the one in ${programs} does not start` })
  return new URL(`postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`)
})

/**
 * A new database, dropped in the end, by its address. Runners share the work by advisory locks, which know no schemas, so
 * that a cluster needs a database of its own.
 */
export const makeDatabase = Effect.gen(function*() {
  const server = yield* findServer
  const name = `flexfactor_example_${randomUUID().replaceAll("-", "")}`
  const admin = yield* Layer.build(PgClient.layer({ url: Redacted.make(server.href), maxConnections: 1 }))
  const run = (statement: string) =>
    SqlClient.SqlClient.use((sql) => sql.unsafe(statement)).pipe(Effect.provideContext(admin))
  yield* Effect.acquireRelease(
    run(`CREATE DATABASE ${name}`),
    () => Effect.orDie(run(`DROP DATABASE ${name} WITH (FORCE)`))
  )
  const url = new URL(server)
  url.pathname = `/${name}`
  return Redacted.make(url.href)
})
