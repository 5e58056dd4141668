import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeSqlite from "../../src/NodeSqlite.ts"
import { isOpen, type RefundEntry } from "../../src/RefundEntry.ts"
import { layerSql, RefundJournal } from "../../src/RefundJournal.ts"
import { assertSame } from "./behaviours.ts"
import { at, complete, next, sending } from "./entries.ts"
import { journalOver } from "./sqlBehaviours.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

const long = "x".repeat(6_000)

const first = sending("first", "o-1", { createdAt: at(1), message: long })
const second = { ...complete, createdAt: at(2) }
const third = sending("third", "o-3", { createdAt: at(3) })

/** The writes, one after the other. */
const writes: ReadonlyArray<RefundEntry> = [
  first,
  next(first, { state: "in doubt", doubt: "timeout", note: long }),
  second,
  third,
  next(second, { state: "refunded", confirmedBy: "evidence" }),
  next(next(first, {}), { state: "rejected", answer: "no" }),
  sending("fourth", "o-1", { createdAt: at(4) }),
  next(third, { state: "not sent" })
]

/** Every refund as the first writes leave it. */
const keptAfter = (count: number): ReadonlyArray<RefundEntry> => [
  ...new Map(writes.slice(0, count).map((entry) => [entry.key, entry])).values()
]

/** Writes one after the other, and says how long SQLite's log was after each of them. */
const writeAll = (filename: string) =>
  Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    // What came before is in the database itself, and what follows stays in the log.
    yield* sql`PRAGMA wal_checkpoint(TRUNCATE)`
    yield* sql`PRAGMA wal_autocheckpoint = 0`
    const database = readFileSync(filename)
    const lengths: Array<number> = []
    for (const entry of writes) {
      assert.strictEqual(yield* RefundJournal.use(({ write }) => write(entry)), "written")
      lengths.push(statSync(`${filename}-wal`).size)
    }
    return { database, lengths, log: readFileSync(`${filename}-wal`) }
  }).pipe(Effect.provide(journalOver(NodeSqlite.layer({ filename }))))

/** SQLite's log is a head of 32 bytes, and a page of 4096 after a head of 24 for every page that a write touched. */
const cutsOf = (lengths: ReadonlyArray<number>): ReadonlyArray<number> => {
  const pages = Array.from({ length: Math.floor((lengths.at(-1) ?? 0) / 4120) }, (_, page) => 32 + page * 4120)
  return [
    0,
    1,
    31,
    ...pages.flatMap((start, page) => [start, start + 12, start + 25 + (page * 997) % 4000]),
    ...lengths.flatMap((length) => [length - 1, length, length + 1])
  ]
}

/** What a power failure can leave where the log was not written: nothing, or blocks of whatever was there before. */
const tails: ReadonlyArray<(length: number) => Uint8Array> = [
  () => new Uint8Array(0),
  (length) => new Uint8Array(length),
  (length) => Uint8Array.from({ length }, (_, n) => (n * 31 + 7) % 256)
]

describe("After a power failure", () => {
  it.live("every write is kept whole or not at all, up to where the log was written", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const { database, lengths, log } = yield* writeAll(join(folder, "journal.db"))
      for (const [index, cut] of cutsOf(lengths).entries()) {
        const filename = join(folder, `cut-${index}.db`)
        const tail = tails[index % tails.length]?.(Math.max(0, log.length - cut)) ?? new Uint8Array(0)
        writeFileSync(filename, database)
        writeFileSync(`${filename}-wal`, Buffer.concat([log.subarray(0, cut), tail]))
        const expected = keptAfter(lengths.filter((length) => length <= cut).length)
        yield* Effect.gen(function*() {
          const { find, open, write } = yield* RefundJournal
          const found = yield* Effect.forEach(new Set(writes.map(({ key }) => key)), find)
          assertSame(found.flatMap(Option.toArray), expected)
          assertSame(yield* Stream.runCollect(open), expected.filter(isOpen))
          assert.strictEqual(yield* write(sending("after", "o-after")), "written")
        }).pipe(
          Effect.provide(Layer.provide(layerSql({ migrate: false }), Layer.fresh(NodeSqlite.layer({ filename }))))
        )
      }
    }))
})
