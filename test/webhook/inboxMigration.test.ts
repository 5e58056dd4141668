import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as NodeSqlite from "../../src/NodeSqlite.ts"
import { layerSql } from "../../src/WebhookInbox.ts"
import { temporaryFolder } from "../journal/temporaryFolder.ts"
import { eventOf, inboxOver, keep } from "./inboxes.ts"

/** A file that another program writes to. */
const writtenFile = Effect.fnUntraced(function*(hasTables: boolean) {
  const filename = join(yield* temporaryFolder, "inbox.db")
  const client = NodeSqlite.layer({ filename, busyTimeout: 0 })
  if (hasTables) yield* Effect.scoped(Layer.build(inboxOver(client)))
  const other = yield* Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(filename)),
    (database) => Effect.sync(() => database.close())
  )
  // A client that begins with a new file turns it to its log first, and waits for that in its own way.
  other.exec("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE")
  return { client: Layer.fresh(client), letGo: Effect.sync(() => other.exec("COMMIT")) }
})

describe("An inbox that starts while another program writes", () => {
  it.effect.each([[true, false], [true, true], [false, true]] as const)(
    "waits until it may make its tables: migrate %s, with tables there %s",
    ([migrate, hasTables]) =>
      Effect.gen(function*() {
        const { client, letGo } = yield* writtenFile(hasTables)
        const fiber = yield* keep(eventOf("order.refunded")).pipe(
          Effect.provide(Layer.provide(layerSql({ migrate }), client)),
          Effect.forkChild
        )
        yield* TestClock.adjust("3 seconds")
        assert.isUndefined(fiber.pollUnsafe())
        yield* letGo
        yield* TestClock.adjust("3 seconds")
        assert.strictEqual(yield* Fiber.join(fiber), "new")
      })
  )

  it.effect.each([true, false])(
    "gives up after a while, and says that the database is locked: migrate %s",
    (migrate) =>
      Effect.gen(function*() {
        const { client } = yield* writtenFile(true)
        const fiber = yield* Effect.void.pipe(
          Effect.provide(Layer.provide(layerSql({ migrate }), client)),
          Effect.flip,
          Effect.forkChild
        )
        yield* TestClock.adjust("1 minute")
        const error = yield* Fiber.join(fiber)
        assert.strictEqual(error._tag === "SqlError" ? error.reason._tag : error._tag, "LockTimeoutError")
      })
  )
})
