import { assert, describe } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream, String } from "effect"
import { SqlClient } from "effect/sql"
import { type AddressInfo, connect, createServer, type Socket } from "node:net"
import { join } from "node:path"
import { layerSql, RefundJournal } from "../../src/RefundJournal.ts"
import { itOnPostgres, layerPostgres, postgresSchema, postgresUrl } from "../support/postgres.ts"
import { assertKept, assertSame, declareBehaviours, tally } from "./behaviours.ts"
import { complete, next, sending } from "./entries.ts"
import { assertFailsThroughout, sentinel } from "./failures.ts"
import { declareSqlBehaviours, journalOver } from "./sqlBehaviours.ts"

const newDatabase = Effect.map(postgresSchema, (schema) => layerPostgres(schema))

/** A way to the server that can be cut. */
const makeWay = Effect.gen(function*() {
  const url = new URL(yield* postgresUrl)
  const folder = url.searchParams.get("host")
  const port = url.port === "" ? 5432 : Number(url.port)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = folder === null ? connect(port, url.hostname) : connect(join(folder, `.s.PGSQL.${port}`))
    const destroy = () => [near, far].forEach((socket) => socket.destroy())
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on("error", destroy).on("close", destroy)
    }
    near.pipe(far)
    far.pipe(near)
  })
  yield* Effect.callback<void>((resume) => {
    server.listen(0, "127.0.0.1", () => resume(Effect.void))
  })
  const cut = Effect.sync(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  yield* Effect.addFinalizer(() => cut)
  url.searchParams.delete("host")
  url.hostname = "127.0.0.1"
  url.port = `${(server.address() as AddressInfo).port}`
  return { url: url.href, cut }
})

describe("The journal in PostgreSQL", () => {
  declareBehaviours(itOnPostgres, layerSql().pipe(Layer.provide(Layer.unwrap(newDatabase))))

  declareSqlBehaviours(itOnPostgres, newDatabase, {
    check: "ConstraintError (23514)",
    noTable: "SqlSyntaxError (42P01)"
  })

  itOnPostgres(
    "fails in every call while the server cannot be reached, without a word about the data",
    () =>
      Effect.gen(function*() {
        const { cut, url } = yield* makeWay
        const schema = yield* postgresSchema
        const entry = { ...complete, message: sentinel }
        yield* Effect.gen(function*() {
          yield* RefundJournal.use(({ write }) => write(entry))
          yield* cut
          yield* assertFailsThroughout(next(entry, {}), /^ConnectionError( \(ECONN[A-Z]+\))?$/)
        }).pipe(Effect.provide(journalOver(layerPostgres(schema, { url: Redacted.make(url) }))))
        yield* Effect.provide(assertKept(entry), journalOver(layerPostgres(schema)))
      })
  )

  itOnPostgres("works on after the server ended its connections", () =>
    Effect.gen(function*() {
      const schema = yield* postgresSchema
      const applicationName = schema
      const end = SqlClient.SqlClient.use((sql) =>
        sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ${applicationName}`
      ).pipe(Effect.provide(layerPostgres(schema)))
      yield* Effect.gen(function*() {
        const { write } = yield* RefundJournal
        assert.strictEqual(yield* write(complete), "written")
        yield* end
        const again = write(next(complete, {})).pipe(Effect.retry({ times: 3 }))
        assert.strictEqual(yield* again, "written")
      }).pipe(Effect.provide(journalOver(layerPostgres(schema, { applicationName }))))
    }))

  itOnPostgres("names its columns as ever over a client that names them in its own way", () =>
    Effect.gen(function*() {
      const client = layerPostgres(yield* postgresSchema, {
        transformQueryNames: String.camelToSnake,
        transformResultNames: String.snakeToCamel
      })
      yield* Effect.gen(function*() {
        const { ofOrder, open, write } = yield* RefundJournal
        assert.strictEqual(yield* write(complete), "written")
        yield* assertKept(complete)
        assertSame(yield* ofOrder(complete.orderId), [complete])
        assertSame(yield* Stream.runCollect(open), [complete])
      }).pipe(Effect.provide(journalOver(client)))
    }))

  itOnPostgres("keeps its promises over connections that several fibers share", () =>
    Effect.gen(function*() {
      const client = layerPostgres(yield* postgresSchema, { multiplex: true, maxConnections: 2 })
      const entries = Array.from({ length: 50 }, (_, n) => sending(`k-${n}`, "o"))
      const results = yield* RefundJournal.use(({ write }) =>
        Effect.forEach(entries, write, { concurrency: "unbounded" })
      ).pipe(Effect.provide(journalOver(client)))
      assert.deepStrictEqual(tally(results), { written: 1, changed: 0, busy: 49 })
    }))
})
