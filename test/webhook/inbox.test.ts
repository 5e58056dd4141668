import { describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { join } from "node:path"
import * as NodeSqlite from "../../src/NodeSqlite.ts"
import { temporaryFolder } from "../journal/temporaryFolder.ts"
import { itOnPostgres, layerPostgres, postgresSchema } from "../support/postgres.ts"
import { inboxInMemory, inboxOver } from "./inboxes.ts"
import { declareFailureBehaviours } from "./inboxFailureBehaviours.ts"
import { declareHandingBehaviours } from "./inboxHandingBehaviours.ts"
import { declareKeepingBehaviours } from "./inboxKeepingBehaviours.ts"
import { declareProgramBehaviours } from "./inboxProgramBehaviours.ts"
import { declareSqlBehaviours } from "./inboxSqlBehaviours.ts"

describe("The inbox in memory", () => {
  declareKeepingBehaviours(it.effect, inboxInMemory)
  declareHandingBehaviours(it.effect, inboxInMemory)
})

describe("The inbox in SQLite", () => {
  // Waiting for a lock stops the thread, and with it whoever holds the lock: clients of one thread do not wait long.
  const newDatabase = Effect.map(
    temporaryFolder,
    (folder) => NodeSqlite.layer({ filename: join(folder, "inbox.db"), busyTimeout: 20 })
  )
  const inbox = Layer.unwrap(Effect.map(newDatabase, inboxOver))
  declareKeepingBehaviours(it.live, inbox)
  declareHandingBehaviours(it.live, inbox)
  const ago = (minutes: number) => `datetime('now', '-${minutes} minutes')`
  declareSqlBehaviours(it.live, newDatabase, ago)
  declareProgramBehaviours(it.live, newDatabase, ago)
  declareFailureBehaviours(it.live, newDatabase, (table) => [
    `CREATE TRIGGER quoting BEFORE ${table === "events" ? "INSERT" : "UPDATE"} ON flexfactor_webhook_${table}
    BEGIN SELECT RAISE(ABORT, 'sentinel-4111-1111'); END`
  ])
})

describe("The inbox in PostgreSQL", () => {
  const newDatabase = Effect.map(postgresSchema, (schema) => layerPostgres(schema))
  const inbox = Layer.unwrap(Effect.map(newDatabase, inboxOver))
  declareKeepingBehaviours(itOnPostgres, inbox)
  declareHandingBehaviours(itOnPostgres, inbox)
  const ago = (minutes: number) => `NOW() - INTERVAL '${minutes} minutes'`
  declareSqlBehaviours(itOnPostgres, newDatabase, ago)
  declareProgramBehaviours(itOnPostgres, newDatabase, ago)
  declareFailureBehaviours(itOnPostgres, newDatabase, (table) => [
    table === "events"
      ? "ALTER TABLE flexfactor_webhook_events ADD CHECK (event_name = 'order.expired')"
      : "ALTER TABLE flexfactor_webhook_queue ADD CHECK (acquired_by IS NULL)"
  ])

  for (const level of ["repeatable read", "serializable"]) {
    describe(`where every transaction is ${level}`, () => {
      const isolated = Effect.map(postgresSchema, (schema) =>
        layerPostgres(schema, {
          startupParameters: { search_path: schema, default_transaction_isolation: level }
        }))
      declareKeepingBehaviours(itOnPostgres, Layer.unwrap(Effect.map(isolated, inboxOver)))
      declareProgramBehaviours(itOnPostgres, isolated, ago)
    })
  }
})
