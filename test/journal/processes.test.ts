import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Stream } from "effect"
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import * as NodeSqlite from "../../src/NodeSqlite.ts"
import { RefundJournal } from "../../src/RefundJournal.ts"
import { RefundKey } from "../../src/RefundKey.ts"
import { journalOver } from "./sqlBehaviours.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

interface Writer {
  readonly child: ChildProcessWithoutNullStreams
  readonly ready: Promise<unknown>
  readonly ended: Promise<unknown>
  /** What it printed so far. */
  readonly lines: Array<string>
}

const startWriter = (filename: string, name: string, orders: number) =>
  Effect.acquireRelease(
    Effect.sync((): Writer => {
      const child = spawn(process.execPath, [
        "--conditions=effect-flexfactor-source",
        "--no-warnings",
        join(import.meta.dirname, "writeOrders.ts"),
        filename,
        name,
        `${orders}`
      ])
      child.stderr.pipe(process.stderr)
      const lines: Array<string> = []
      const reader = createInterface(child.stdout)
      reader.on("line", (line) => lines.push(line))
      return { child, ready: once(reader, "line"), ended: once(child, "close"), lines }
    }),
    ({ child }) => Effect.sync(() => child.kill("SIGKILL"))
  )

const writtenBy = ({ lines }: Writer) =>
  lines.filter((line) => line.endsWith(" written")).map((line) => line.split(" ")[0])

describe("Programs that share a file of SQLite", () => {
  it.live("write one refund of every order between them, and make the tables once", () =>
    Effect.gen(function*() {
      const filename = join(yield* temporaryFolder, "journal.db")
      const one = yield* startWriter(filename, "one", 200)
      const other = yield* startWriter(filename, "other", 200)
      yield* Effect.promise(() => Promise.all([one.ready, other.ready]))
      for (const { child } of [one, other]) child.stdin.write("go\n")
      yield* Effect.promise(() => Promise.all([one.ended, other.ended]))
      for (let n = 0; n < 200; n++) {
        assert.sameMembers([one.lines[n + 1], other.lines[n + 1]].map((line) => line?.split(" ")[1]), [
          "written",
          "busy"
        ], `order ${n}`)
      }
      const open = yield* RefundJournal.use(({ open }) => Stream.runCollect(open)).pipe(
        Effect.provide(journalOver(NodeSqlite.layer({ filename })))
      )
      assert.sameMembers(
        open.map(({ key }) => key),
        [...writtenBy(one), ...writtenBy(other)].map((key) => RefundKey.make(key ?? ""))
      )
    }), { timeout: 120_000 })

  it.live("leave behind what they called written when they are killed", () =>
    Effect.gen(function*() {
      const filename = join(yield* temporaryFolder, "journal.db")
      const writer = yield* startWriter(filename, "one", 100_000)
      yield* Effect.promise(() => writer.ready)
      writer.child.stdin.write("go\n")
      yield* Effect.promise(() => once(writer.child.stdout, "data"))
      writer.child.kill("SIGKILL")
      yield* Effect.promise(() => writer.ended)
      const keys = writtenBy(writer)
      assert.isNotEmpty(keys)
      yield* RefundJournal.use(({ find }) =>
        Effect.forEach(keys, (key) =>
          Effect.map(find(RefundKey.make(key ?? "")), (entry) => assert.isTrue(Option.isSome(entry), key)))
      ).pipe(Effect.provide(journalOver(NodeSqlite.layer({ filename }))))
    }))
})
