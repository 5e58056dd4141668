/**
 * What the client of a file does that no other one does. What it does as every client is in the tests of the journal and
 * of the inbox.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Predicate } from "effect"
import { SqlClient } from "effect/sql"
import { existsSync, readdirSync, readlinkSync, realpathSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { vi } from "vitest"
import * as NodeSqlite from "../src/NodeSqlite.ts"
import { temporaryFolder } from "./journal/temporaryFolder.ts"

/**
 * The files in a folder that this process holds open. All it holds open would be no measure, because other tests run in
 * it at the same time.
 */
const openIn = (folder: string): ReadonlyArray<string> =>
  readdirSync("/proc/self/fd")
    .map((descriptor) => {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`)
      } catch {
        return "" // closed meanwhile
      }
    })
    .filter((path) => path.startsWith(realpathSync(folder)))

const inMemory = NodeSqlite.layer({ filename: ":memory:" })

describe("The client of a file", () => {
  it.effect("keeps statements prepared that are in use, and lets go of those that are not", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const prepare = vi.spyOn(DatabaseSync.prototype, "prepare")
      yield* Effect.addFinalizer(() => Effect.sync(() => prepare.mockRestore()))
      const first = sql`SELECT 'first'`
      const used = sql`SELECT 'used'`
      yield* first
      for (let index = 0; index < 1_000; index++) {
        yield* sql.unsafe(`SELECT ${index}`)
        yield* used
      }
      yield* first
      const times = (text: string) => prepare.mock.calls.filter(([sql]) => sql.includes(text)).length
      assert.strictEqual(times("'used'"), 1)
      assert.strictEqual(times("'first'"), 2)
    }).pipe(Effect.provide(inMemory)))

  it.effect("yields the values of a row as they were asked for, also those whose columns have one name", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const statement = sql`SELECT 'a' AS id, 'b' AS id, 'c' AS "1"`
      const values = [["a", "b", "c"]]
      assert.deepStrictEqual(yield* statement.values, values)
      assert.deepStrictEqual(yield* statement.valuesUnprepared, values)
      assert.deepStrictEqual(Object.entries((yield* statement)[0] ?? {}), [["1", "c"], ["id", "b"]])
      assert.deepStrictEqual(yield* statement.values, values)
    }).pipe(Effect.provide(inMemory)))

  it.effect.each(
    [
      ["", "filename must not be empty"],
      ["file:", "file: cannot have a write-ahead log: it must be a file on a local disk, or \":memory:\""],
      [
        "file:refunds.db?mode=memory",
        "mode=memory cannot have a write-ahead log: it must be a file on a local disk, or \":memory:\""
      ]
    ] as const
  )(
    "does not open what would be forgotten without anybody having asked for that: %j",
    ([filename, message]) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(Layer.build(NodeSqlite.layer({ filename })))
        assert.include(error.message, message)
      })
  )

  it.effect("does not open an empty name to read it either", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Layer.build(NodeSqlite.layer({ filename: "", readOnly: true })))
      assert.strictEqual(error.message, "filename must not be empty")
    }))

  it.live("lets one user of a file in at a time, whatever link leads there, also to a file that is not there yet", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const [file, ...links] = ["refunds.db", "one.db", "two.db"].map((name) => join(folder, name))
      for (const link of links) symlinkSync("refunds.db", link)
      symlinkSync(folder, join(folder, "self"))
      const names = [...links, file, join(folder, "self", "refunds.db"), `file:${file}`].filter(Predicate.isString)
      const open = (filename: string) => Layer.build(NodeSqlite.layer({ filename, exclusive: true, busyTimeout: 0 }))
      for (const held of names) {
        yield* Effect.gen(function*() {
          yield* open(held)
          for (const name of names) {
            const error = yield* Effect.flip(open(name))
            assert.include(error.message, "to be used by one process at a time", `${name} while ${held} is held`)
          }
        }).pipe(Effect.scoped)
      }
    }))

  it.live.skipIf(!existsSync("/proc/self/fd"))(
    "leaves no file open where it is refused (as /proc lists them)",
    () =>
      Effect.gen(function*() {
        const folder = yield* temporaryFolder
        const open = Layer.build(
          NodeSqlite.layer({ filename: join(folder, "refunds.db"), exclusive: true, busyTimeout: 0 })
        )
        yield* open
        const before = openIn(folder).length
        for (let tried = 0; tried < 20; tried++) yield* Effect.flip(Effect.scoped(open))
        // SQLite keeps one for the next time, because closing it would end the lock of the one that holds.
        assert.isAtMost(openIn(folder).length, before + 1)
      })
  )

  it.live("holds nothing where the database is in memory", () =>
    Effect.gen(function*() {
      const open = Layer.build(NodeSqlite.layer({ filename: ":memory:", exclusive: true, busyTimeout: 0 }))
      yield* Effect.all([open, open])
    }))
})
