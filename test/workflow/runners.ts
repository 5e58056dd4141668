/**
 * Starts runners over a PostgreSQL that they share, and looks into their journal.
 */
import { PgClient } from "@effect/sql-pg"
import { Context, Effect, Layer, Option, Redacted, type Scope, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { fileURLToPath } from "node:url"
import { type RefundEntry, RefundJournal, type RefundKey } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import type { DurableRefunds } from "../../src/workflow/index.ts"
import type { SimulatorServer } from "../processes/simulatorServer.ts"
import { startProgram, type Worker } from "../processes/workers.ts"
import { postgresDatabase } from "../support/postgres.ts"
import { closedPort } from "../transport/server.ts"
import type { Setup } from "./protocol.ts"

const program = fileURLToPath(new URL("runner.ts", import.meta.url))

export interface Runners {
  /** Starts a runner, at an address of its own or in the place of another. */
  readonly start: (options?: Partial<Setup>) => Effect.Effect<Worker, never, Scope.Scope>
  /** An address for a runner and for those that take its place. */
  readonly port: number
  readonly find: (key: RefundKey) => Effect.Effect<RefundEntry | undefined>
  /** Waits until refunds are settled, however long it takes. */
  readonly untilSettled: (keys: ReadonlyArray<RefundKey>) => Effect.Effect<void>
  readonly open: Effect.Effect<ReadonlyArray<RefundEntry>>
  readonly sql: SqlClient.SqlClient
  /** The address of their database. */
  readonly database: string
}

/**
 * Runners of a simulator over one new database, with patience in small. A call is only given up if the machine does
 * nothing for seconds.
 */
export const makeRunners = Effect.fnUntraced(function*(
  { url }: SimulatorServer,
  policy: DurableRefunds.DurablePolicy = {}
): Effect.fn.Return<Runners, never, Scope.Scope> {
  // A database of their own: PostgreSQL's advisory locks, by which runners share the work, know no schemas.
  const database = yield* Effect.orDie(postgresDatabase)
  const setup: Omit<Setup, "port"> = {
    url,
    keyPair: FlexFactorSimulator.defaultKeyPair,
    database,
    policy: {
      settleWindow: "1500 millis",
      readingGap: "50 millis",
      patience: "20 seconds",
      sendTimeout: "6 seconds",
      ...policy
    },
    timeout: 5000,
    ahead: 0
  }
  const context = yield* Layer.build(
    RefundJournal.layerSql().pipe(
      Layer.provideMerge(PgClient.layer({ url: Redacted.make(database) })),
      Layer.fresh,
      Layer.orDie
    )
  )
  const journal = Context.get(context, RefundJournal.RefundJournal)
  const find = (key: RefundKey) => Effect.map(Effect.orDie(journal.find(key)), Option.getOrUndefined)
  const settled: ReadonlyArray<string | undefined> = ["refunded", "rejected", "not applied"]
  return {
    start: Effect.fnUntraced(function*(options = {}) {
      return yield* startProgram(program, { ...setup, port: options.port ?? (yield* closedPort), ...options })
    }),
    port: yield* closedPort,
    find,
    untilSettled: Effect.fnUntraced(function*(keys) {
      for (const key of keys) {
        while (!settled.includes((yield* find(key))?.state)) yield* Effect.sleep("20 millis")
      }
    }),
    open: Effect.orDie(Stream.runCollect(journal.open)),
    sql: Context.get(context, SqlClient.SqlClient),
    database
  }
})
