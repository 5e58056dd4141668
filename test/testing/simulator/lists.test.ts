import { assert, describe, it, vi } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { ExternalOrderId, type ListQuery, Orders } from "../../../src/index.ts"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { cents, simulated } from "./setup.ts"

describe("a list", () => {
  const mid = (n: number) => `00000000-0000-4000-9000-00000000000${n}`
  const seeds: ReadonlyArray<FlexFactorSimulator.OrderSeed> = [
    { amount: cents(3000), placedAt: "2026-01-03T00:00:00Z", status: "Returned", mid: mid(2), lastName: "Hopper" },
    { amount: cents(1000), placedAt: "2026-01-01T00:00:00Z", mid: mid(1), firstName: "Ada", lastName: "Lovelace" },
    { amount: cents(4000), placedAt: "2026-01-02T00:00:00Z", status: "Cancelled", mid: mid(1), email: "ada@test.dev" },
    { amount: cents(2000), placedAt: "2026-01-04T00:00:00Z", status: "Draft", mid: mid(2), lastName: "Turing" }
  ].map((seed, index) => ({ ...seed, externalId: ExternalOrderId.make(`e${index}`) }))

  const queries: ReadonlyArray<readonly [name: string, query: ListQuery, found: ReadonlyArray<string>]> = [
    ["without parameters: all, the oldest first", {}, ["e1", "e2", "e0", "e3"]],
    ["of a text in a name, in any case", { query: "lovelace" }, ["e1"]],
    ["of a text in a name or an address", { query: "ADA" }, ["e1", "e2"]],
    ["of a merchant's order id", { query: "e3" }, ["e3"]],
    ["of a text that nothing holds", { query: "nobody & nothing=1" }, []],
    ["of one status by name", { status: "Returned" }, ["e0"]],
    ["of one status by code", { status: 0 }, ["e3"]],
    ["of several statuses", { status: ["Cancelled", 7] }, ["e1", "e2"]],
    ["of a status that no order has", { status: "Problem" }, []],
    ["from a time on, that time included", { from: "2026-01-03T00:00:00Z" }, ["e0", "e3"]],
    ["up to a time, that time included", { to: "2026-01-02T00:00:00Z" }, ["e1", "e2"]],
    ["of a range of time", { from: "2026-01-01T12:00:00Z", to: "2026-01-03T12:00:00Z" }, ["e2", "e0"]],
    ["of a merchant", { mid: mid(2) }, ["e0", "e3"]],
    ["by time, the newest first", { orderBy: "createdOn", sort: "desc" }, ["e3", "e0", "e2", "e1"]],
    ["by amount", { orderBy: "amount" }, ["e1", "e3", "e0", "e2"]],
    ["by amount, the largest first", { orderBy: "amount", sort: "desc" }, ["e2", "e0", "e3", "e1"]],
    ["with all filters at once", { query: "ada", status: "Cancelled", mid: mid(1), from: 0 }, ["e2"]],
    ["of a page", { pageSize: 3 }, ["e1", "e2", "e0"]],
    ["of a later page", { pageSize: 3, pageNumber: 2 }, ["e3"]],
    ["of a page after the last", { pageSize: 3, pageNumber: 3 }, []]
  ]
  it.effect.each(queries)("%s", ([, query, found]) =>
    Effect.gen(function*() {
      const orders = yield* Orders
      assert.sameOrderedMembers([...found], (yield* orders.list(query)).orders.map((order) => order.referenceNumber))
    }).pipe(simulated({ orders: seeds })))

  const pages: ReadonlyArray<readonly [query: ListQuery, numbers: object]> = [
    [{ pageSize: 3 }, {
      pageNumber: 1,
      pageSize: 3,
      pageCount: 2,
      totalItemCount: 4,
      firstItemOnPage: 1,
      lastItemOnPage: 3,
      hasNextPage: true,
      hasPreviousPage: false,
      isFirstPage: true,
      isLastPage: false
    }],
    [{ pageSize: 3, pageNumber: 2 }, {
      pageNumber: 2,
      pageSize: 3,
      pageCount: 2,
      totalItemCount: 4,
      firstItemOnPage: 4,
      lastItemOnPage: 4,
      hasNextPage: false,
      hasPreviousPage: true,
      isFirstPage: false,
      isLastPage: true
    }],
    [{ query: "nobody" }, {
      pageNumber: 1,
      pageSize: 10,
      pageCount: 0,
      totalItemCount: 0,
      firstItemOnPage: 0,
      lastItemOnPage: 0,
      hasNextPage: false,
      hasPreviousPage: false,
      isFirstPage: true,
      isLastPage: true
    }]
  ]
  it.effect.each(pages)("counts its pages: %o", ([query, numbers]) =>
    Effect.gen(function*() {
      const { extra, orders: _shown, ...counted } = yield* (yield* Orders).list(query)
      assert.deepStrictEqual<object>(counted, numbers)
      assert.deepStrictEqual(extra, {})
    }).pipe(simulated({ orders: seeds })))

  it.effect("shows ten orders where no size is given", () =>
    Effect.gen(function*() {
      const page = yield* (yield* Orders).list()
      assert.strictEqual(page.orders.length, 10)
      assert.strictEqual(page.hasNextPage, true)
    }).pipe(simulated({ orders: Array.from({ length: 11 }, () => ({ amount: cents(100) })) })))

  it.effect("warns, on the console of the process, of orders that a walk leaves out because the clock was not set", () =>
    Effect.gen(function*() {
      const log = vi.spyOn(console, "log").mockImplementation(() => undefined)
      yield* Effect.addFinalizer(() => Effect.sync(() => log.mockRestore()))
      const orders = yield* Orders
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* simulator.addOrder({ amount: cents(100), placedAt: 0 })
      yield* Stream.runDrain(orders.stream())
      const { id } = yield* simulator.addOrder({ amount: cents(100), placedAt: "2026-06-01T00:00:00Z" })
      yield* orders.list()
      yield* Stream.runDrain(orders.stream({ to: "2026-06-02T00:00:00Z" }))
      assert.strictEqual(log.mock.calls.length, 0)
      assert.strictEqual(yield* Stream.runCount(orders.stream()), 1)
      assert.include(log.mock.calls.join(), `leave out what is placed later: ${id}.`)
    }).pipe(simulated()))
})
