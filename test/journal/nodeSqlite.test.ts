import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as NodeSqlite from "../../src/NodeSqlite.ts"
import { layerSql, RefundJournal } from "../../src/RefundJournal.ts"
import { assertKept, declareBehaviours } from "./behaviours.ts"
import { complete, sending } from "./entries.ts"
import { assertFails, sentinel } from "./failures.ts"
import { declareSqlBehaviours, journalOver } from "./sqlBehaviours.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

const newFile = Effect.map(temporaryFolder, (folder) => join(folder, "journal.db"))

// Waiting for a lock stops the thread, and with it whoever holds the lock: clients of one thread do not wait long.
const newDatabase = Effect.map(newFile, (filename) => NodeSqlite.layer({ filename, busyTimeout: 20 }))

const write = (note: string) =>
  RefundJournal.use((journal) => journal.write({ ...sending("k", "o"), message: sentinel, note }))

describe("The journal in SQLite", () => {
  declareBehaviours(it.live, layerSql().pipe(Layer.provide(Layer.unwrap(newDatabase))))

  declareSqlBehaviours(it.live, newDatabase, { check: "ConstraintError (275)", noTable: "UnknownError (1)" })

  it.live("says that it cannot write to a file that may only be read, and reads it", () =>
    Effect.gen(function*() {
      const filename = yield* newFile
      const entry = { ...complete, message: sentinel }
      const writeEntry = RefundJournal.use((journal) => journal.write(entry))
      yield* Effect.provide(writeEntry, journalOver(NodeSqlite.layer({ filename })))
      yield* Effect.gen(function*() {
        yield* assertKept(entry)
        yield* assertFails(write(""), "UnknownError (8)")
      }).pipe(
        Effect.provide(Layer.provide(layerSql({ migrate: false }), NodeSqlite.layer({ filename, readOnly: true })))
      )
    }))

  it.live("waits for a program that has just begun to use the file", () =>
    Effect.gen(function*() {
      const filename = yield* newFile
      const other = new DatabaseSync(filename)
      other.exec("BEGIN IMMEDIATE; CREATE TABLE t (a)")
      const opening = yield* Effect.forkChild(
        assertKept(complete).pipe(
          Effect.provide(
            Layer.effectDiscard(RefundJournal.use((journal) => journal.write(complete))).pipe(
              Layer.provideMerge(journalOver(NodeSqlite.layer({ filename, busyTimeout: 200 })))
            )
          )
        )
      )
      yield* Effect.sleep("1 millis")
      other.exec("COMMIT")
      yield* Fiber.join(opening)
      other.close()
    }))

  it.live("says that the disk is full, and keeps what it kept", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* RefundJournal.use((journal) => journal.write(complete))
      const [{ page_count: pages } = { page_count: 0 }] = yield* sql<{ page_count: number }>`PRAGMA page_count`
      yield* sql.unsafe(`PRAGMA max_page_count = ${pages}`)
      yield* assertFails(write("x".repeat(100_000)), "UnknownError (13)")
      yield* assertKept(complete)
      assert.isTrue(Option.isNone(yield* RefundJournal.use(({ find }) => find(sending("k", "o").key))))
    }).pipe(Effect.provide(Layer.unwrap(Effect.map(newDatabase, journalOver)))))
})
