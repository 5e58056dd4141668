import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { join } from "node:path"
import * as NodeSqlite from "../../src/NodeSqlite.ts"
import { RefundJournal } from "../../src/RefundJournal.ts"
import { assertKept } from "./behaviours.ts"
import { complete } from "./entries.ts"
import { journalOver } from "./sqlBehaviours.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

/** A client that begins while another one is at work, and the other one. */
const twoClients = Effect.gen(function*() {
  const filename = join(yield* temporaryFolder, "journal.db")
  const client = NodeSqlite.layer({ filename, busyTimeout: 0 })
  const { unsafe: run } = yield* Effect.provide(SqlClient.SqlClient, yield* Layer.build(Layer.fresh(client)))
  return { client, run }
})

const use = Effect.gen(function*() {
  assert.strictEqual(yield* RefundJournal.use(({ write }) => write(complete)), "written")
  yield* assertKept(complete)
})

describe("A program that starts while another one makes the tables", () => {
  it.effect("waits until the other one lets go of the database", () =>
    Effect.gen(function*() {
      const { client, run } = yield* twoClients
      yield* run("BEGIN IMMEDIATE")
      const fiber = yield* Effect.forkChild(Effect.provide(use, journalOver(client)))
      yield* TestClock.adjust("3 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* run("COMMIT")
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.join(fiber)
    }))

  it.effect("waits until the tables are there, where the other one has only begun", () =>
    Effect.gen(function*() {
      const { client, run } = yield* twoClients
      yield* run(
        "CREATE TABLE flexfactor_migrations (migration_id integer PRIMARY KEY, created_at datetime, name text)"
      )
      yield* run(
        "CREATE TRIGGER begun BEFORE INSERT ON flexfactor_migrations BEGIN SELECT RAISE(ABORT, 'another is at it'); END"
      )
      const fiber = yield* Effect.forkChild(Effect.provide(use, journalOver(client)))
      yield* TestClock.adjust("3 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* run("DROP TRIGGER begun")
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.join(fiber)
    }))

  it.effect("gives up after a while, and says that the database is locked", () =>
    Effect.gen(function*() {
      const { client, run } = yield* twoClients
      yield* run("BEGIN IMMEDIATE")
      const fiber = yield* Effect.forkChild(Effect.flip(Effect.provide(use, journalOver(client))))
      yield* TestClock.adjust("1 minute")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error._tag === "SqlError" ? error.reason._tag : error._tag, "LockTimeoutError")
    }))
})
