/**
 * What a journal in a database does besides: it outlives programs, is shared by them, and can be read by hand.
 */
import { assert } from "@effect/vitest"
import { Effect, Layer, Option, type Scope, Stream } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { Cents } from "../../src/Money.ts"
import { OrderId } from "../../src/OrderId.ts"
import type { RefundEntry } from "../../src/RefundEntry.ts"
import { layerSql, RefundJournal } from "../../src/RefundJournal.ts"
import { assertKept, assertSame, type Declare, tally } from "./behaviours.ts"
import { at, complete, next, sending } from "./entries.ts"
import { assertFails, assertFailsThroughout, sentinel } from "./failures.ts"

type Client = Layer.Layer<SqlClient.SqlClient, SqlError.SqlError>

/** The journal over a client of its own. */
export const journalOver = (client: Client) => Layer.provideMerge(layerSql(), Layer.fresh(client))

const rows = (query: string) => SqlClient.SqlClient.use((sql) => sql.unsafe(query))

const write = (entry: RefundEntry) => RefundJournal.use((journal) => journal.write(entry))

/** `reasons`: how the database calls a violated check and a missing table. */
export const declareSqlBehaviours = <E>(
  declare: Declare,
  newDatabase: Effect.Effect<Client, E, Scope.Scope>,
  reasons: { readonly check: string; readonly noTable: string }
): void => {
  const check = <E>(name: string, test: (client: Client) => Effect.Effect<void, E, Scope.Scope>): void =>
    declare(name, () => Effect.flatMap(newDatabase, test))

  const checkOne = <E>(
    name: string,
    test: Effect.Effect<void, E, Scope.Scope | RefundJournal | SqlClient.SqlClient>
  ): void => check(name, (client) => Effect.provide(test, journalOver(client)))

  check(
    "shows another program, and the same one after a restart, all that was written",
    (client) =>
      Effect.gen(function*() {
        const other = sending("k", "o")
        yield* Effect.provide(Effect.andThen(write(complete), write(other)), journalOver(client))
        yield* Effect.gen(function*() {
          yield* assertKept(complete)
          yield* assertKept(other)
          assert.strictEqual(yield* write(sending("second", "o")), "busy")
          assert.strictEqual(yield* write(next(other, { state: "refunded" })), "written")
        }).pipe(Effect.provide(journalOver(client)))
      })
  )

  check("makes its tables once, however many programs start at the same moment", (client) =>
    Effect.gen(function*() {
      const start = Effect.provide(write(sending("k", "o")), journalOver(client))
      const results = yield* Effect.all([start, start, start, start, start, start], { concurrency: "unbounded" })
      assert.deepStrictEqual(tally(results), { written: 1, changed: 5, busy: 0 })
      const migrations = yield* Effect.provide(rows("SELECT * FROM flexfactor_migrations"), Layer.fresh(client))
      assert.lengthOf(migrations, 1)
    }))

  check("lets one of two programs write, for every order", (client) =>
    Effect.gen(function*() {
      const orders = Array.from({ length: 50 }, (_, n) => `order-${n}`)
      const program = (name: string) =>
        Effect.forEach(orders, (order) => write(sending(`${name}-${order}`, order))).pipe(
          Effect.provide(journalOver(client))
        )
      const [one, other] = yield* Effect.all([program("one"), program("other")], { concurrency: 2 })
      orders.forEach((order, n) => assert.sameMembers([one[n], other[n]], ["written", "busy"], order))
    }))

  check(
    "makes no table where it is told not to, and works on those that are there",
    (client) =>
      Effect.gen(function*() {
        const journal = Layer.provide(layerSql({ migrate: false }), Layer.fresh(client))
        yield* Effect.provide(assertFails(write(complete), reasons.noTable), journal)
        yield* Effect.provide(Effect.void, journalOver(client))
        assert.strictEqual(yield* Effect.provide(write(complete), Layer.fresh(journal)), "written")
      })
  )

  checkOne(
    "can be read by hand: whole cents, times that sort, and NULL for what is not known",
    Effect.gen(function*() {
      yield* write(complete)
      yield* write(sending("sparse", "o"))
      const [row] = yield* rows("SELECT * FROM flexfactor_refunds WHERE key = 'complete'")
      const plain = Object.entries({ ...row }).map(([name, value]) => [
        name,
        typeof value === "bigint" ? Number(value) : value
      ])
      assert.deepStrictEqual(Object.fromEntries(plain), {
        key: "complete",
        order_id: "order-complete",
        amount: 1999,
        message: "It broke",
        charged: 5000,
        balance: 4000,
        unshown: 500,
        state: "sending",
        revision: 1,
        sends: 1,
        send_id: 4711,
        send_ends_at: "2026-01-01T00:01:00.000Z",
        doubt: "not confirmed",
        answer: "yes",
        status: 200,
        code: "000",
        transaction_id: "7f3c",
        trace_id: "00-1",
        request_id: "r-1",
        before_at: "2026-01-01T00:00:00.001Z",
        before_status: "Completed",
        before_refunded: 1000,
        before_refundable: 4000,
        latest_at: "2026-01-01T00:00:00.002Z",
        latest_status: "Returned",
        latest_refunded: 2999,
        latest_refundable: 2001,
        unchanged_since: "2026-01-01T00:00:00.003Z",
        confirmed_by: "person",
        note: "seen in the portal",
        created_at: "2026-01-01T00:00:00.000Z",
        updated_at: "2026-01-01T00:00:00.000Z"
      })
      const [sparse] = yield* rows("SELECT * FROM flexfactor_refunds WHERE state = 'sending' AND order_id = 'o'")
      const known = Object.entries({ ...sparse }).filter(([, value]) => value !== null).map(([name]) => name)
      assert.sameMembers(known, [
        "key",
        "order_id",
        "amount",
        "state",
        "revision",
        "sends",
        "send_ends_at",
        "before_at",
        "created_at",
        "updated_at"
      ])
    })
  )

  checkOne(
    "lists what is open by age, whenever it was written",
    Effect.gen(function*() {
      // 7 and 250 have no common divisor: every number comes once.
      const ages = Array.from({ length: 250 }, (_, n) => (n * 7) % 250)
      yield* Effect.forEach(ages, (age) => write(sending(`k-${age}`, `o-${age}`, { createdAt: at(age) })))
      const listed = yield* RefundJournal.use(({ open }) => Stream.runCollect(open))
      assert.deepStrictEqual(listed.map(({ key }) => key), ages.toSorted((a, b) => a - b).map((age) => `k-${age}`))
    })
  )

  checkOne(
    "keeps a text with a character that the database cannot hold, but for that character",
    Effect.gen(function*() {
      const entry = sending("k", "o", { note: "one\u0000two" })
      assert.strictEqual(yield* write(entry), "written")
      yield* assertKept({ ...entry, note: "one\uFFFDtwo" })
    })
  )

  checkOne(
    "names the column that it cannot read, and not what is in it",
    Effect.gen(function*() {
      const { find, ofOrder, open } = yield* RefundJournal
      const spoiled = [
        ["before_at", `'${sentinel}'`],
        ["latest_at", "NULL"],
        ["doubt", `'${sentinel}'`],
        ["charged", "-1"],
        ["order_id", `'${sentinel}/'`]
      ] as const
      for (const [index, [column, value]] of spoiled.entries()) {
        const entry = { ...complete, ...sending(`k-${index}`, `o-${index}`), note: sentinel }
        yield* write(entry)
        yield* rows(`UPDATE flexfactor_refunds SET ${column} = ${value} WHERE key = '${entry.key}'`)
        const reason = `column ${column} is not as expected`
        yield* assertFails(find(entry.key), reason)
        if (column !== "order_id") yield* assertFails(ofOrder(entry.orderId), reason)
        yield* assertFails(Stream.runDrain(open), reason)
        yield* rows("DELETE FROM flexfactor_refunds")
      }
      const broken = { ...sending("k", "o", { message: sentinel }), amount: -1 as Cents }
      yield* assertFails(write(broken), "column amount is not as expected")
    })
  )

  checkOne(
    "fails in every call once its table is gone, without a word about the data",
    Effect.gen(function*() {
      const entry = { ...complete, message: sentinel }
      yield* write(entry)
      yield* rows("DROP TABLE flexfactor_refunds")
      yield* assertFailsThroughout(entry, reasons.noTable)
    })
  )

  checkOne(
    "refuses to send an amount of nothing, without a word about the data",
    Effect.gen(function*() {
      yield* assertFails(write(sending("k", "o", { amount: Cents.make(0), message: sentinel })), reasons.check)
      assert.lengthOf(yield* RefundJournal.use(({ ofOrder }) => ofOrder(OrderId.make("o"))), 0)
    })
  )

  checkOne(
    "has nothing sent within a transaction of its caller, which could forget it",
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const entry = sending("first", "o")
      const error = yield* Effect.flip(sql.withTransaction(write(entry)))
      assert.include(String(error), "within a transaction")
      const mayBegin = RefundJournal.use(({ mayBegin = Effect.void }) => mayBegin)
      assert.include(String(yield* Effect.flip(sql.withTransaction(mayBegin))), "within a transaction")
      yield* mayBegin
      assert.strictEqual(yield* write(entry), "written")
    })
  )

  checkOne(
    "is part of a transaction of its caller, and spoils none by a refusal",
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const first = sending("first", "o", { state: "in doubt" })
      const closed = sending("closed", "o", { state: "not sent" })
      const undone = yield* Effect.exit(sql.withTransaction(Effect.andThen(write(first), Effect.fail("undone"))))
      assert.strictEqual(undone._tag, "Failure")
      assert.isTrue(Option.isNone(yield* RefundJournal.use(({ find }) => find(first.key))))
      yield* sql.withTransaction(Effect.gen(function*() {
        assert.strictEqual(yield* write(first), "written")
        assert.strictEqual(yield* write(first), "changed")
        assert.strictEqual(yield* write(sending("second", "o", { state: "in doubt" })), "busy")
        assert.strictEqual(yield* write(closed), "written")
        assert.strictEqual(yield* write(next(closed, { state: "in doubt" })), "busy")
        assert.strictEqual(yield* write(next(first, { state: "refunded" })), "written")
      }))
      const kept = yield* RefundJournal.use(({ ofOrder }) => ofOrder(OrderId.make("o")))
      assertSame(kept.toSorted((a, b) => b.key.localeCompare(a.key)), [next(first, { state: "refunded" }), closed])
    })
  )
}
