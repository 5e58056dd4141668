import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Random, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Cents, type ListQuery, type OrderId, Orders } from "../src/index.ts"
import { Fault, FlexFactorSimulator } from "../src/testing/index.ts"
import { json, makeScript, ordersOver } from "./support/script.ts"

const simulator = FlexFactorSimulator.FlexFactorSimulator

const addOrders = Effect.fnUntraced(function*(count: number) {
  const { addOrder } = yield* simulator
  const added = yield* Effect.forEach(Array.from({ length: count }), () => addOrder({ amount: Cents.make(100) }))
  return added.map(({ id }) => id)
})

const collectIds = (query?: ListQuery) =>
  Orders.use((orders) => Stream.runCollect(Stream.map(orders.stream(query), ({ id }) => id)))

const lists = Effect.map(
  Effect.flatMap(simulator, ({ requests }) => requests),
  (requests) => requests.filter(({ operation }) => operation === "Orders.list").map(({ query }) => new Map(query))
)

describe("walking a list", () => {
  it.effect("shows every order once, page by page", () =>
    Effect.gen(function*() {
      const ids = yield* addOrders(25)
      const pages = yield* Orders.use((orders) => Stream.runCollect(orders.pages({ pageSize: 10 })))
      assert.deepStrictEqual(pages.map(({ orders }) => orders.length), [10, 10, 5])
      assert.deepStrictEqual(pages.flatMap(({ orders }) => orders.map(({ id }) => id)), ids)
    }).pipe(Effect.provide(FlexFactorSimulator.layer())))

  it.effect("ends the range of time when it starts, so that new orders do not move the others", () =>
    Effect.gen(function*() {
      const start = yield* TestClock.setTime(Date.parse("2026-06-01")).pipe(Effect.andThen(Clock.currentTimeMillis))
      const { addOrder } = yield* simulator
      yield* addOrders(20)
      const seen: Array<OrderId> = []
      yield* Orders.use((orders) =>
        Stream.runForEach(orders.pages({ pageSize: 5 }), (page) =>
          Effect.gen(function*() {
            seen.push(...page.orders.map(({ id }) => id))
            yield* TestClock.adjust("1 second")
            yield* addOrder({ amount: Cents.make(100) })
          }))
      )
      assert.strictEqual(seen.length, 20)
      const tos = new Set((yield* lists).map((query) => query.get("to")))
      assert.deepStrictEqual(tos, new Set([new Date(start).toISOString()]))
    }).pipe(Effect.provide(FlexFactorSimulator.layer())))

  it.effect("tells when it ends to whoever begins later, as under a clock that nobody set", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(collectIds({ from: "2026-06-01" }))
      assert.include(error.message, "from must not be later than `to`, 1970-01-01T00:00:00.000Z")
    }).pipe(Effect.provide(FlexFactorSimulator.layer())))

  it.effect("keeps the end and the order that the caller gives", () =>
    Effect.gen(function*() {
      yield* addOrders(3)
      yield* collectIds({ to: "2030-01-01T00:00:00Z", orderBy: "amount", sort: "desc" })
      const [query] = yield* lists
      assert.strictEqual(query?.get("to"), "2030-01-01T00:00:00.000Z")
      assert.strictEqual(query?.get("orderBy"), "amount")
      assert.strictEqual(query?.get("sort"), "desc")
    }).pipe(Effect.provide(FlexFactorSimulator.layer())))

  it.effect("leaves the number of the first page to FlexFactor, and goes on from what it answers", () =>
    Effect.gen(function*() {
      yield* addOrders(12)
      yield* collectIds()
      assert.deepStrictEqual((yield* lists).map((query) => query.get("pageNumber")), [undefined, "2"])
    }).pipe(Effect.provide(FlexFactorSimulator.layer())))

  it.effect("can be taken up again after the last page that came, with nothing lost and nothing twice", () =>
    Effect.gen(function*() {
      const ids = yield* addOrders(30)
      const { failNext } = yield* simulator
      const seen: Array<OrderId> = []
      let last = 0
      const walk = (query: ListQuery) =>
        Orders.use((orders) =>
          Stream.runForEach(
            orders.pages({ ...query, to: "2030-01-01T00:00:00Z", pageSize: 10 }),
            (page) =>
              Effect.gen(function*() {
                seen.push(...page.orders.map(({ id }) => id))
                last = page.pageNumber ?? last
                if (last === 2) yield* failNext("Orders.list", Fault.answer(400))
              })
          )
        )
      assert.strictEqual((yield* Effect.flip(walk({})))._tag, "FlexFactorBadRequest")
      assert.strictEqual(last, 2)
      yield* walk({ pageNumber: last + 1 })
      assert.deepStrictEqual(seen, ids)
    }).pipe(Effect.provide(FlexFactorSimulator.layer())))

  it.effect("finds what slipped over the edge of the first page where FlexFactor counts pages from 0", () =>
    Effect.gen(function*() {
      let ids = ["a", "b", "c", "d", "e"]
      const script = makeScript(({ url }) => {
        const pageNumber = Number(url.searchParams.get("pageNumber") ?? "0")
        const items = ids.slice(2 * pageNumber, 2 * pageNumber + 2).map((id) => ({ id, status: 7 }))
        const answer = json({
          items,
          pageNumber,
          totalItemCount: ids.length,
          hasNextPage: 2 * pageNumber + 2 < ids.length
        })
        ids = ids.filter((id) => id !== "a")
        return answer
      })
      const found = yield* Effect.provide(collectIds({ pageSize: 2 }), ordersOver(script))
      assert.sameMembers([...found], ["a", "b", "c", "d", "e"])
      assert.notInclude(script.asked.map(({ url }) => new URL(url).searchParams.get("pageNumber")), "0")
    }))

  it.effect("ends where a list became shorter, and FlexFactor shows its last page for those after it", () =>
    Effect.gen(function*() {
      let count = 10
      const script = makeScript(({ url }) => {
        const pageCount = Math.ceil(count / 2)
        const pageNumber = Math.min(Number(url.searchParams.get("pageNumber") ?? "1"), pageCount)
        const items = Array.from({ length: count }, (_, index) => ({ id: `order-${index}`, status: 7 }))
          .slice(2 * pageNumber - 2, 2 * pageNumber)
        const answer = json({ items, pageNumber, totalItemCount: count, hasNextPage: pageNumber < pageCount })
        // After the third page one order leaves, so that the walk goes back, and after the fourth nearly all do.
        if (count === 10 && pageNumber === 3) count = 9
        else if (count === 9) count = 2
        return answer
      })
      assert.strictEqual((yield* Effect.provide(collectIds({ pageSize: 2 }), ordersOver(script))).length, 8)
    }))

  it.effect("is not confused by an empty page in between", () =>
    Effect.gen(function*() {
      const script = makeScript(({ url }) => {
        const pageNumber = Number(url.searchParams.get("pageNumber") ?? "1")
        const items = pageNumber === 2 || pageNumber === 3 ? [] : [{ id: `order-${pageNumber}`, status: 7 }]
        return json({ items, pageNumber, hasNextPage: pageNumber < 4 })
      })
      const ids = yield* Effect.provide(collectIds(), ordersOver(script))
      assert.deepStrictEqual([...ids], ["order-1", "order-4"])
    }))

  let asks = 0
  const stalled: ReadonlyArray<readonly [what: string, answer: (pageNumber: number) => object, atMost: number]> = [
    ["the same page for ever", () => ({ items: [{ id: "a", status: 7 }], pageNumber: 1, hasNextPage: true }), 2],
    ["the last page for ever", (n) => ({ items: [], pageNumber: Math.min(n, 3), hasNextPage: true }), 4],
    ["empty pages for ever", (n) => ({ items: [], pageNumber: n, hasNextPage: true }), 11],
    ["the same order for ever", (n) => ({ items: [{ id: "a", status: 7 }], pageNumber: n, hasNextPage: true }), 12],
    ["a total that goes up and down", (n) => ({
      items: [{ id: "a", status: 7 }],
      totalItemCount: 10 + (asks++ % 2),
      pageNumber: n,
      hasNextPage: true
    }), 60],
    ["the same order without numbers", () => ({ items: [{ id: "a", status: 7 }], hasNextPage: true }), 12]
  ]
  for (const [what, answer, atMost] of stalled) {
    it.effect(`ends with FlexFactorListStalled where FlexFactor shows ${what}`, () =>
      Effect.gen(function*() {
        const script = makeScript(({ url }) => json(answer(Number(url.searchParams.get("pageNumber") ?? "1"))))
        const error = yield* collectIds().pipe(Effect.flip, Effect.provide(ordersOver(script)))
        assert.strictEqual(error._tag, "FlexFactorListStalled")
        assert.isAtMost(script.asked.length, atMost)
      }))
  }

  it.effect("does not say that no new order came where FlexFactor shows an earlier page with new orders", () =>
    Effect.gen(function*() {
      const script = makeScript(({ url }) => {
        const asked = Number(url.searchParams.get("pageNumber") ?? "1")
        return json({ items: [{ id: `order-${asked}`, status: 7 }], pageNumber: 1, hasNextPage: true })
      })
      const error = yield* collectIds().pipe(Effect.flip, Effect.provide(ordersOver(script)))
      assert.include(
        error.message,
        "asked for page 2, FlexFactor announces a next page, but shows no new order or an earlier page"
      )
    }))

  it.effect("goes by new orders where FlexFactor does not say whether there is a next page", () =>
    Effect.gen(function*() {
      const script = makeScript(({ url }) => {
        const pageNumber = Number(url.searchParams.get("pageNumber") ?? "1")
        return json(pageNumber <= 3 ? [{ id: `order-${pageNumber}`, status: 7 }] : [])
      })
      const ids = yield* Effect.provide(collectIds(), ordersOver(script))
      assert.strictEqual(ids.length, 3)
    }))

  it.effect("holds a bounded number of orders in memory, however long the list", () =>
    Effect.gen(function*() {
      const pages = 200
      const script = makeScript(({ url }) => {
        const pageNumber = Number(url.searchParams.get("pageNumber") ?? "1")
        const items = Array.from({ length: 500 }, (_, n) => ({ id: `order-${pageNumber}-${n}`, status: 7 }))
        return json({ items, pageNumber, hasNextPage: pageNumber < pages })
      })
      let asked = 0
      const layer = ordersOver(script)
      yield* Orders.use((orders) =>
        orders.pages().pipe(
          Stream.take(3),
          Stream.runForEach(() => Effect.sync(() => asked = script.asked.length))
        )
      ).pipe(Effect.provide(layer))
      // One page at a time: the next is asked for when the last was taken.
      assert.isAtMost(asked, 4)
      const count = yield* Orders.use((orders) => Stream.runCount(orders.stream())).pipe(Effect.provide(layer))
      assert.strictEqual(count, 500 * pages)
    }))

  it.effect("shows no order twice, also where pages are longer than what a walk remembers otherwise", () =>
    Effect.gen(function*() {
      const size = 12_000
      const gone = new Set<number>()
      const script = makeScript(({ url }) => {
        const pageNumber = Number(url.searchParams.get("pageNumber") ?? "1")
        const all = Array.from({ length: 30_000 }, (_, n) => n).filter((n) => !gone.has(n))
        const items = all.slice((pageNumber - 1) * size, pageNumber * size).map((n) => ({
          id: `order-${n}`,
          status: 7
        }))
        gone.add(5)
        return json({
          items,
          pageNumber,
          pageSize: size,
          totalItemCount: all.length,
          hasNextPage: pageNumber * size < all.length
        })
      })
      const ids = yield* Effect.provide(collectIds(), ordersOver(script))
      assert.strictEqual(new Set(ids).size, ids.length)
      assert.strictEqual(ids.length, 30_000)
    }))
})

describe("a list whose orders come and go while it is read", () => {
  const change = Effect.fnUntraced(function*(gone: Set<OrderId>) {
    const { addOrder, orders, removeOrder, setStatus } = yield* simulator
    const all = yield* orders
    const count = yield* Random.nextIntBetween(1, 4)
    const kind = yield* Random.nextIntBetween(0, 3)
    for (let n = 0; n < count; n++) {
      const order = all[yield* Random.nextIntBetween(0, all.length)]
      if (kind === 0) {
        yield* addOrder({ amount: Cents.make(100), placedAt: (yield* Random.nextIntBetween(0, 1000)) * 1000 })
      } else if (order !== undefined) {
        gone.add(order.id)
        yield* kind === 1 ? removeOrder(order.id) : setStatus(order.id, "Returned")
      }
    }
  })

  const walkOnce = Effect.gen(function*() {
    yield* TestClock.setTime(1_000_000)
    const { addOrder } = yield* simulator
    const there: Array<OrderId> = []
    for (let n = 0; n < 40; n++) {
      there.push((yield* addOrder({ amount: Cents.make(100), placedAt: n * 25_000 })).id)
    }
    const gone = new Set<OrderId>()
    const seen: Array<OrderId> = []
    yield* Orders.use((orders) =>
      Stream.runForEach(orders.pages({ pageSize: 7, status: "Completed" }), (page) => {
        seen.push(...page.orders.map(({ id }) => id))
        return seen.length < 200 ? change(gone) : Effect.void
      })
    )
    assert.strictEqual(new Set(seen).size, seen.length, "an order was shown twice")
    const missed = there.filter((id) => !gone.has(id) && !seen.includes(id))
    assert.deepStrictEqual(missed, [], "an order that was there all the time was missed")
  })

  it.effect("shows all that stayed, and none twice, in a thousand random histories", () =>
    Effect.forEach(
      Array.from({ length: 1000 }, (_, seed) => seed),
      (seed) =>
        walkOnce.pipe(
          Effect.provide(FlexFactorSimulator.layer()),
          Random.withSeed(seed),
          Effect.catchCause((cause) => Effect.failCause(cause).pipe(Effect.annotateLogs({ seed })))
        ),
      { discard: true }
    ), 120_000)
})
