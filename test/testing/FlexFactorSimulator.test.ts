/**
 * The simulator as its documentation describes it: each control, each option, and the rules about money.
 */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Cause, Context, DateTime, Effect, Exit, Layer, Redacted, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpRouter, HttpServerRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { Cents, ExternalOrderId, FlexFactor, type ListQuery, OrderId, Orders, OrderStatus } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"

const { defaultKeyPair } = FlexFactorSimulator

const simulated = (options?: Parameters<typeof FlexFactorSimulator.layer>[0]) =>
  Effect.provide(FlexFactorSimulator.layer(options))

const cents = (amount: number) => Cents.make(amount)
const unknownId = OrderId.make("00000000-0000-4000-8000-999999999999")

/** What became of a refund, in a word. */
const refund = Effect.fnUntraced(function*(id: OrderId, amount: number) {
  const orders = yield* Orders
  return yield* orders.refund(id, { amount: cents(amount) }).pipe(
    Effect.map((receipt) => `refunded ${receipt.transactionId}`),
    Effect.catchTag("RefundRejected", (error) => Effect.succeed(`rejected ${error.code}: ${error.reason}`))
  )
})

const moved = Effect.fnUntraced(function*() {
  const { ledger } = yield* FlexFactorSimulator.FlexFactorSimulator
  return (yield* ledger).map((entry) => [entry.orderId, entry.amount] as const)
})

const show = Effect.fnUntraced(function*(id: OrderId) {
  const { orders } = yield* FlexFactorSimulator.FlexFactorSimulator
  const order = (yield* orders).find((order) => order.id === id)
  return order === undefined ? undefined : { status: order.status, refunded: order.refunded }
})

const addOrder = (seed: FlexFactorSimulator.OrderSeed) =>
  FlexFactorSimulator.FlexFactorSimulator.use((simulator) => simulator.addOrder(seed))

/** Speaks to the simulator without the library's client. */
const raw = {
  get: (path: string, token?: string) => raw.send(HttpClientRequest.get(`https://simulator.test/v1${path}`), token),
  post: (path: string, body: object, token?: string) =>
    raw.send(
      HttpClientRequest.post(`https://simulator.test/v1${path}`).pipe(HttpClientRequest.bodyJsonUnsafe(body)),
      token
    ),
  send: Effect.fnUntraced(function*(request: HttpClientRequest.HttpClientRequest, token: string | undefined) {
    const http = yield* HttpClient.HttpClient
    const response = yield* http.execute(
      token === undefined ? request : HttpClientRequest.bearerToken(request, token)
    )
    const text = yield* response.text
    const body: unknown = text === "" ? undefined : JSON.parse(text)
    return { status: response.status, headers: response.headers, body }
  }),
  token: (keyPair: { readonly appKey: string; readonly appSecret: string } = defaultKeyPair) =>
    raw.post("/oauth2/token", { AppKey: keyPair.appKey, AppSecret: keyPair.appSecret })
}

const TokenAnswer = Schema.Struct({ accessToken: Schema.String, refreshToken: Schema.String, expires: Schema.Int })
const tokenOf = ({ body }: { readonly body: unknown }) => Schema.decodeUnknownEffect(TokenAnswer)(body)

describe("an order", () => {
  it.effect("needs an amount only, and the rest is made up", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.UTC(2026, 0, 2))
      const order = yield* addOrder({ amount: cents(1999) })
      assert.strictEqual(order.status, "Completed")
      assert.strictEqual(order.refunded, 0)
      assert.strictEqual(DateTime.formatIso(order.placedAt), "2026-01-02T00:00:00.000Z")
      assert.match(order.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    }).pipe(simulated()))

  it.effect("that is added gets ids of its own", () =>
    Effect.gen(function*() {
      const added = yield* Effect.forEach([1, 2, 3], () => addOrder({ amount: cents(100) }))
      assert.strictEqual(new Set(added.map((order) => order.id)).size, 3)
      assert.strictEqual(new Set(added.map((order) => order.externalId)).size, 3)
    }).pipe(simulated()))

  it.effect("is read as it was seeded, with its further fields", () =>
    Effect.gen(function*() {
      const orders = yield* Orders
      const order = yield* orders.get(OrderId.make("order.1"))
      assert.strictEqual(order.status, "Capturerequired")
      assert.strictEqual(order.statusCode, 5)
      assert.strictEqual(order.statusName, "CAPTUREREQUIRED")
      assert.strictEqual(order.referenceNumber, "#1001")
      assert.strictEqual(order.firstName, "Ada")
      assert.strictEqual(order.lastName, "Lovelace")
      assert.strictEqual(order.email, "ada@example.com")
      assert.deepStrictEqual(order.extra, { refundedTotal: 0, items: [{ sku: "ticket" }] })
      assert.strictEqual(
        order.orderPlacedDate === undefined ? undefined : DateTime.formatIso(order.orderPlacedDate),
        "2026-02-03T04:05:06.000Z"
      )
    }).pipe(simulated({
      orders: [{
        id: OrderId.make("order.1"),
        externalId: ExternalOrderId.make("#1001"),
        amount: cents(100),
        status: "Capturerequired",
        placedAt: "2026-02-03T04:05:06Z",
        firstName: "Ada",
        lastName: "Lovelace",
        email: "ada@example.com",
        extra: { refundedTotal: 0, items: [{ sku: "ticket" }] }
      }]
    })))

  it.effect("that is not there is answered with 404, whatever is asked of it", () =>
    Effect.gen(function*() {
      const orders = yield* Orders
      const errors = yield* Effect.all([
        Effect.flip(orders.get(unknownId)),
        Effect.flip(orders.refund(unknownId, { amount: cents(1) })),
        Effect.flip(orders.cancel(unknownId)),
        Effect.flip(orders.cancelByExternalId(ExternalOrderId.make("nobody")))
      ])
      assert.deepStrictEqual(errors.map((error) => error._tag), [
        "FlexFactorNotFound",
        "FlexFactorNotFound",
        "FlexFactorNotFound",
        "FlexFactorNotFound"
      ])
      assert.deepStrictEqual(yield* moved(), [])
    }).pipe(simulated()))

  it.effect("that is removed is gone from reads and lists", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      const { id } = yield* addOrder({ amount: cents(100) })
      yield* simulator.removeOrder(id)
      assert.strictEqual((yield* Effect.flip(orders.get(id)))._tag, "FlexFactorNotFound")
      assert.deepStrictEqual((yield* orders.list()).orders, [])
      assert.strictEqual(yield* simulator.refundable(id), 0)
    }).pipe(simulated()))

  it.effect("changes its status when FlexFactor says so", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      const { id } = yield* addOrder({ amount: cents(100), status: "Capturerequired" })
      yield* simulator.setStatus(id, "Completed")
      assert.strictEqual((yield* orders.get(id)).status, "Completed")
      yield* simulator.setStatus(id, "Chargeback")
      assert.strictEqual((yield* orders.get(id)).status, OrderStatus.make("CHARGEBACK"))
    }).pipe(simulated()))

  it.effect("that is unknown cannot be given a status or a portal refund: the test is wrong", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const exits = [
        yield* Effect.exit(simulator.setStatus(unknownId, "Completed")),
        yield* Effect.exit(simulator.refundInPortal(unknownId, cents(1)))
      ]
      for (const exit of exits) {
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
        assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", unknownId)
      }
    }).pipe(simulated()))
})

describe("a refund", () => {
  it.effect("moves its amount once, with its note and its time", () =>
    Effect.gen(function*() {
      const { ledger, refundable } = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* TestClock.setTime(Date.UTC(2026, 0, 2))
      yield* orders.refund(id, { amount: cents(1000), message: "late delivery" })
      assert.deepStrictEqual(
        (yield* ledger).map((entry) => ({ ...entry, at: DateTime.formatIso(entry.at) })),
        [{ orderId: id, amount: cents(1000), message: "late delivery", at: "2026-01-02T00:00:00.000Z" }]
      )
      assert.strictEqual(yield* refundable(id), 4000)
    }).pipe(simulated()))

  it.effect("of a part keeps the status, and of all that is left makes the order Returned", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 4999)
      assert.deepStrictEqual(yield* show(id), { status: "Completed", refunded: cents(4999) })
      yield* refund(id, 1)
      assert.deepStrictEqual(yield* show(id), { status: "Returned", refunded: cents(5000) })
    }).pipe(simulated()))

  it.effect("of the full amount makes the order Returned", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 5000)
      assert.deepStrictEqual(yield* show(id), { status: "Returned", refunded: cents(5000) })
      assert.include(yield* refund(id, 1), "rejected 2001")
    }).pipe(simulated()))

  const refused: ReadonlyArray<
    readonly [name: string, seed: FlexFactorSimulator.OrderSeed, amount: number, maximum: string]
  > = [
    ["of more than the price", { amount: cents(5000) }, 5001, "50.00"],
    ["of more than is left", { amount: cents(5000), refunded: cents(3999) }, 1002, "10.01"],
    ["of a refunded order", { amount: cents(5000), refunded: cents(5000), status: "Returned" }, 1, "0.00"],
    ["of an order that is not captured", { amount: cents(5000), status: "Capturerequired" }, 100, "0.00"],
    ["of an order that is being processed", { amount: cents(5000), status: "Processing" }, 100, "0.00"],
    ["of a cancelled order", { amount: cents(5000), status: "Cancelled" }, 100, "0.00"]
  ]
  it.effect.each(refused)(
    "%s is refused with 2001 and moves nothing",
    ([, seed, amount, maximum]) =>
      Effect.gen(function*() {
        const { id } = yield* addOrder(seed)
        const before = yield* show(id)
        const asked = Cents.toDollars(cents(amount))
        assert.strictEqual(
          yield* refund(id, amount),
          `rejected 2001: Amount to refund (${asked}) is greater than maximum refund amount in (${maximum}))`
        )
        assert.deepStrictEqual(yield* moved(), [])
        assert.deepStrictEqual(yield* show(id), before)
      }).pipe(simulated())
  )

  it.effect.each(
    [
      [{ amount: cents(5000) }, 5000],
      [{ amount: cents(5000), refunded: cents(1500) }, 3500],
      [{ amount: cents(5000), status: "Capturerequired" }, 0],
      [{ amount: cents(5000), status: "Onhold" }, 0],
      [{ amount: cents(5000), status: "Draft" }, 0],
      [{ amount: cents(5000), status: "Cancelled" }, 0]
    ] satisfies ReadonlyArray<readonly [FlexFactorSimulator.OrderSeed, number]>
  )(
    "has a maximum that the controls show: %o",
    ([seed, maximum]) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const { id } = yield* addOrder(seed)
        assert.strictEqual(yield* simulator.refundable(id), maximum)
      }).pipe(simulated())
  )
})

describe("a limit on partial refunds", () => {
  const cases: ReadonlyArray<
    readonly [name: string, limit: number, price: number, refunded: number, amount: number, expected: string]
  > = [
    ["lets a part below it pass", 0.6, 5000, 0, 2999, "refunded"],
    ["lets a part of exactly its size pass", 0.6, 5000, 0, 3000, "refunded"],
    ["refuses a part above it", 0.6, 5000, 0, 3001, "rejected 2001"],
    ["leaves the full refund alone", 0.6, 5000, 0, 5000, "refunded"],
    ["leaves a refund of all that is left alone", 0.6, 5000, 500, 4500, "refunded"],
    ["does not allow more than is left", 0.6, 5000, 4000, 1001, "rejected 2001"],
    ["is exact where its share of the price is a whole number of cents", 0.58, 100, 0, 58, "refunded"],
    ["is exact where its share of the price is a whole number of cents", 0.29, 10_000, 0, 2900, "refunded"],
    ["does not round a fraction of a cent up", 0.6, 1999, 0, 1200, "rejected 2001"]
  ]
  it.effect.each(cases)(
    "%s (%s of %s cents, %s refunded, %s asked)",
    ([, limit, price, refunded, amount, expected]) =>
      Effect.gen(function*() {
        const { id } = yield* addOrder({ amount: cents(price), refunded: cents(refunded) })
        assert.include(yield* refund(id, amount), expected)
        assert.deepStrictEqual(yield* moved(), expected === "refunded" ? [[id, cents(amount)]] : [])
      }).pipe(simulated({ largestPartialRefund: limit }))
  )
})

describe("repeated refunds", () => {
  interface Reading {
    readonly repeatedRefunds: "additive" | "once per order" | "once per order and amount"
    readonly amounts: ReadonlyArray<number>
    readonly moves: ReadonlyArray<number>
  }
  const readings: ReadonlyArray<Reading> = [
    { repeatedRefunds: "additive", amounts: [1000, 1000, 500], moves: [1000, 1000, 500] },
    { repeatedRefunds: "once per order", amounts: [1000, 1000, 500], moves: [1000] },
    { repeatedRefunds: "once per order and amount", amounts: [1000, 1000, 500], moves: [1000, 500] }
  ]
  it.effect.each(readings)(
    "that are $repeatedRefunds answer success and move $moves",
    (reading) =>
      Effect.gen(function*() {
        const { id } = yield* addOrder({ amount: cents(5000) })
        const other = yield* addOrder({ amount: cents(5000) })
        const answers = yield* Effect.forEach(reading.amounts, (amount) => refund(id, amount))
        assert.isTrue(answers.every((answer) => answer.startsWith("refunded ")))
        yield* refund(other.id, 1000)
        assert.deepStrictEqual((yield* moved()).map(([orderId, amount]) => [orderId, amount]), [
          ...reading.moves.map((amount) => [id, amount]),
          [other.id, 1000]
        ])
      }).pipe(simulated({ repeatedRefunds: reading.repeatedRefunds }))
  )

  it.effect("add up by default", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* refund(id, 1000)
      yield* refund(id, 1000)
      assert.strictEqual((yield* moved()).length, 2)
    }).pipe(simulated()))

  it.effect("that move nothing answer with the transaction of the refund that they repeat", () =>
    Effect.gen(function*() {
      const { id } = yield* addOrder({ amount: cents(5000) })
      const first = yield* refund(id, 1000)
      const second = yield* refund(id, 500)
      assert.notStrictEqual(first, second)
      assert.strictEqual(yield* refund(id, 1000), first)
      assert.strictEqual(yield* refund(id, 500), second)
    }).pipe(simulated({ repeatedRefunds: "once per order and amount" })))
})

describe("a refund in the portal", () => {
  it.effect("moves money without a request", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* simulator.refundInPortal(id, cents(2000))
      assert.deepStrictEqual(yield* moved(), [[id, cents(2000)]])
      assert.strictEqual(yield* simulator.refundable(id), 3000)
      assert.deepStrictEqual(yield* simulator.requests, [])
    }).pipe(simulated()))

  it.effect("adds up under every reading of repeated refunds", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* simulator.refundInPortal(id, cents(2000))
      yield* simulator.refundInPortal(id, cents(2000))
      assert.deepStrictEqual(yield* moved(), [[id, cents(2000)], [id, cents(2000)]])
    }).pipe(simulated({ repeatedRefunds: "once per order" })))

  it.effect("that would be refused is a defect and moves nothing", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      const exit = yield* Effect.exit(simulator.refundInPortal(id, cents(5001)))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      assert.deepStrictEqual(yield* moved(), [])
    }).pipe(simulated()))
})

describe("the ledger", () => {
  const Step = Schema.Struct({
    does: Schema.Literals(["refund", "refund in the portal", "cancel", "cancel by external id", "capture"]),
    order: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 })),
    amount: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 4000 }))
  })
  const steps = Arbitrary.array(Arbitrary.schema(Step), { maxLength: 25 })
  const options = Arbitrary.schema(Schema.Struct({
    repeatedRefunds: Schema.Literals(["additive", "once per order", "once per order and amount"]),
    largestPartialRefund: Schema.Literals([0.3, 0.6, 1])
  }))

  it.effect.prop(
    "agrees with the orders after any sequence of refunds, portal refunds and cancels",
    { steps, options },
    ({ options, steps }) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const orders = yield* Orders
        const held = yield* Effect.forEach([5000, 3000, 1999], (amount, index) =>
          simulator.addOrder({ amount: cents(amount), status: index === 1 ? "Capturerequired" : "Completed" }))
        let receipts = 0
        let portal = 0
        for (const step of steps) {
          const order = held[step.order]
          if (order === undefined) {
            continue
          }
          const { externalId, id } = order
          const amount = cents(step.amount)
          switch (step.does) {
            case "refund":
              receipts += Exit.isSuccess(yield* Effect.exit(orders.refund(id, { amount }))) ? step.amount : 0
              break
            case "refund in the portal":
              portal += Exit.isSuccess(yield* Effect.exit(simulator.refundInPortal(id, amount))) ? step.amount : 0
              break
            case "cancel":
              yield* Effect.ignore(orders.cancel(id))
              break
            case "cancel by external id":
              yield* Effect.ignore(orders.cancelByExternalId(externalId))
              break
            case "capture":
              if ((yield* show(id))?.status === "Capturerequired") {
                yield* simulator.setStatus(id, "Completed")
              }
          }
          for (const now of yield* simulator.orders) {
            const total = (yield* simulator.ledger)
              .filter((entry) =>
                entry.orderId === now.id
              )
              .reduce((sum, entry) => sum + entry.amount, 0)
            assert.strictEqual(now.refunded, total)
            assert.isAtMost(total, now.amount)
            assert.isTrue((yield* simulator.ledger).every((entry) => entry.amount > 0))
            const left = yield* simulator.refundable(now.id)
            assert.isTrue(left === now.amount - total || (left === 0 && now.status !== "Completed"))
            if (now.status === "Cancelled") assert.strictEqual(total, 0)
          }
        }
        const total = (yield* simulator.ledger).reduce((sum, entry) => sum + entry.amount, 0)
        if (options.repeatedRefunds === "additive") assert.strictEqual(total, receipts + portal)
        else assert.isAtMost(total, receipts + portal)
      }).pipe(simulated(options)),
    { arbitrary: { runs: 60, seed: "ledger" } }
  )
})

describe("a cancel", () => {
  it.effect.each(["Draft", "Processing", "Capturerequired"])(
    "voids an order that is %s, however often",
    (status) =>
      Effect.gen(function*() {
        const orders = yield* Orders
        const { id } = yield* addOrder({ amount: cents(5000), status })
        yield* orders.cancel(id)
        yield* orders.cancel(id, { idempotencyKey: "00000000-0000-4000-8000-00000000000a" })
        assert.deepStrictEqual(yield* show(id), { status: "Cancelled", refunded: cents(0) })
        assert.deepStrictEqual(yield* moved(), [])
      }).pipe(simulated())
  )

  it.effect.each(["Completed", "Returned", "Onhold", "Problem", "Chargeback"])(
    "leaves an order alone that is %s",
    (status) =>
      Effect.gen(function*() {
        const orders = yield* Orders
        const { id } = yield* addOrder({ amount: cents(5000), status })
        assert.strictEqual((yield* Effect.flip(orders.cancel(id)))._tag, "FlexFactorBadRequest")
        assert.deepStrictEqual(yield* show(id), { status, refunded: cents(0) })
      }).pipe(simulated())
  )

  it.effect.each(["#1001", "order 7", "a?b&c=d", "tür", "x+y"])(
    "finds an order by the merchant's id %s",
    (name) =>
      Effect.gen(function*() {
        const orders = yield* Orders
        const externalId = ExternalOrderId.make(name)
        const other = yield* addOrder({ amount: cents(100), status: "Processing" })
        const { id } = yield* addOrder({ amount: cents(100), status: "Processing", externalId })
        yield* orders.cancelByExternalId(externalId)
        yield* orders.cancelByExternalId(externalId)
        assert.strictEqual((yield* show(id))?.status, "Cancelled")
        assert.strictEqual((yield* show(other.id))?.status, "Processing")
      }).pipe(simulated())
  )

  it.effect("does not take FlexFactor's id for the merchant's, nor the other way round", () =>
    Effect.gen(function*() {
      const orders = yield* Orders
      const { externalId, id } = yield* addOrder({ amount: cents(100), status: "Processing" })
      assert.strictEqual(
        (yield* Effect.flip(orders.cancelByExternalId(ExternalOrderId.make(id))))._tag,
        "FlexFactorNotFound"
      )
      assert.strictEqual((yield* Effect.flip(orders.cancel(OrderId.make(externalId))))._tag, "FlexFactorNotFound")
      assert.strictEqual((yield* show(id))?.status, "Processing")
    }).pipe(simulated()))
})

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
})

describe("tokens", () => {
  const http = (options?: FlexFactorSimulator.SimulatorOptions) =>
    Effect.provide(FlexFactorSimulator.layerHttpClient(options))

  it.effect("are issued for the key pair, in the documented form, for ten minutes", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1000)
      const answer = yield* raw.token()
      const { expires } = yield* tokenOf(answer)
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(expires, 1000 + 10 * 60 * 1000)
      assert.deepInclude(answer.body, { success: true, status: null, statusCode: null, errors: [], result: null })
    }).pipe(http()))

  it.effect.each([
    [{ ...defaultKeyPair, appSecret: "wrong" }],
    [{ ...defaultKeyPair, appKey: "wrong" }]
  ])("are refused with 400 for a wrong key pair", ([keyPair]) =>
    Effect.gen(function*() {
      const answer = yield* raw.token(keyPair)
      assert.strictEqual(answer.status, 400)
      assert.notInclude(JSON.stringify(answer.body), "wrong")
    }).pipe(http()))

  it.effect("are needed: without one, or with one that was never issued, the answer is an empty 401", () =>
    Effect.gen(function*() {
      const answers = [
        yield* raw.get("/orders"),
        yield* raw.get("/orders", "never-issued"),
        yield* raw.post(`/orders/${unknownId}/refund`, { amountToRefund: 1 })
      ]
      for (const answer of answers) {
        assert.strictEqual(answer.status, 401)
        assert.isUndefined(answer.body)
      }
    }).pipe(http()))

  it.effect("live for tokenLifetime, to the millisecond", () =>
    Effect.gen(function*() {
      const { accessToken } = yield* tokenOf(yield* raw.token())
      yield* TestClock.adjust(119_999)
      assert.strictEqual((yield* raw.get("/orders", accessToken)).status, 200)
      yield* TestClock.adjust(1)
      assert.strictEqual((yield* raw.get("/orders", accessToken)).status, 401)
    }).pipe(http({ tokenLifetime: "2 minutes" })))

  it.effect("expire all at once on demand", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { accessToken } = yield* tokenOf(yield* raw.token())
      yield* simulator.expireTokens
      assert.strictEqual((yield* raw.get("/orders", accessToken)).status, 401)
      const fresh = yield* tokenOf(yield* raw.token())
      assert.notStrictEqual(fresh.accessToken, accessToken)
      assert.strictEqual((yield* raw.get("/orders", fresh.accessToken)).status, 200)
    }).pipe(http()))

  it.effect.each(["0 seconds", "26 hours", "-26 hours"] as const)(
    "are renewed in time by a client whose clock is off by %s",
    (clockOffset) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const orders = yield* Orders
        yield* orders.list()
        yield* TestClock.adjust("5 minutes")
        yield* orders.list()
        yield* TestClock.adjust("5 minutes")
        yield* orders.list()
        assert.deepStrictEqual((yield* simulator.requests).map((request) => request.operation), [
          "FlexFactor.token",
          "Orders.list",
          "Orders.list",
          "FlexFactor.token",
          "Orders.list"
        ])
      }).pipe(simulated({ clockOffset }))
  )

  it.effect("and the date of an answer follow the server's clock", () =>
    Effect.gen(function*() {
      const answer = yield* raw.token()
      assert.strictEqual(answer.headers["date"], "Thu, 01 Jan 1970 01:00:00 GMT")
      assert.strictEqual((yield* tokenOf(answer)).expires, 70 * 60 * 1000)
    }).pipe(http({ clockOffset: "1 hour" })))
})

describe("the request log", () => {
  it.effect("shows what arrived, in order, with its time", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      const { id } = yield* addOrder({ amount: cents(5000) })
      yield* TestClock.adjust("1 second")
      yield* orders.list({ query: "a b", status: [6, 7], pageSize: 5 })
      yield* TestClock.adjust("1 second")
      yield* orders.refund(id, { amount: cents(1999), message: "late" })
      const log = yield* simulator.requests
      assert.deepStrictEqual(
        log.map(({ at, body, method, operation, path, query }) => ({
          operation,
          method,
          path,
          query,
          body,
          at: DateTime.toEpochMillis(at)
        })),
        [
          {
            operation: "FlexFactor.token",
            method: "POST",
            path: "/v1/oauth2/token",
            query: [],
            body: "<redacted>",
            at: 1000
          },
          {
            operation: "Orders.list",
            method: "GET",
            path: "/v1/orders",
            query: [["query", "a b"], ["status", "6"], ["status", "7"], ["pageSize", "5"]],
            body: "",
            at: 1000
          },
          {
            operation: "Orders.refund",
            method: "POST",
            path: `/v1/orders/${id}/refund`,
            query: [],
            body: "{\"amountToRefund\":19.99,\"refundMessage\":\"late\"}",
            at: 2000
          }
        ]
      )
    }).pipe(simulated()))

  it.effect("holds no token and no secret", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { accessToken, refreshToken } = yield* tokenOf(yield* raw.token())
      yield* raw.get("/orders", accessToken)
      yield* raw.token({ appKey: "k", appSecret: "another-secret" })
      const log = JSON.stringify(yield* simulator.requests)
      for (const secret of [accessToken, refreshToken, defaultKeyPair.appSecret, "another-secret"]) {
        assert.notInclude(log, secret)
      }
      assert.include(log, "<redacted>")
    }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient())))

  it.effect("says which merchant asked, of several that the simulator knows", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const client = (name: string) =>
        FlexFactor.make({ environment: "sandbox", appKey: name, appSecret: Redacted.make(`${name}'s secret`) })
      const [first, second] = [yield* client("m1"), yield* client("m2")]
      yield* first.list()
      yield* second.list()
      yield* first.list()
      assert.deepStrictEqual(
        (yield* simulator.requests).filter((request) => request.operation === "Orders.list")
          .map((request) => request.appKey),
        ["m1", "m2", "m1"]
      )
      const stranger = yield* FlexFactor.make({
        environment: "sandbox",
        appKey: "m1",
        appSecret: Redacted.make("m2's secret")
      })
      assert.strictEqual((yield* Effect.flip(stranger.list()))._tag, "FlexFactorUnauthorized")
    }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient({
      keyPairs: ["m1", "m2"].map((appKey) => ({ appKey, appSecret: `${appKey}'s secret` }))
    }))))

  it.effect("still says which merchant asked when the token has expired", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { accessToken } = yield* tokenOf(yield* raw.token())
      yield* simulator.expireTokens
      yield* raw.get("/orders", accessToken)
      assert.strictEqual((yield* simulator.requests)[1]?.appKey, defaultKeyPair.appKey)
    }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient())))

  it.effect("shows a request that FlexFactor does not know as unknown, and answers it with 404", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { accessToken } = yield* tokenOf(yield* raw.token())
      assert.strictEqual((yield* raw.get("/nothing/here", accessToken)).status, 404)
      assert.strictEqual((yield* simulator.requests)[1]?.operation, "unknown")
    }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient())))
})

describe("a simulator", () => {
  it.effect("shares nothing with another one in the same program", () =>
    Effect.gen(function*() {
      const build = Layer.build(Layer.fresh(FlexFactorSimulator.layer({ orders: [{ amount: cents(5000) }] })))
      const [one, other] = [yield* build, yield* build]
      const [order] = yield* Context.get(one, FlexFactorSimulator.FlexFactorSimulator).orders
      assert.isDefined(order)
      yield* Context.get(one, Orders).refund(order?.id ?? unknownId, { amount: cents(1000) })
      assert.strictEqual((yield* Context.get(one, FlexFactorSimulator.FlexFactorSimulator).ledger).length, 1)
      assert.strictEqual((yield* Context.get(other, FlexFactorSimulator.FlexFactorSimulator).ledger).length, 0)
      assert.strictEqual((yield* Context.get(other, FlexFactorSimulator.FlexFactorSimulator).requests).length, 0)
    }))

  it.effect("hands out copies: what a test does to them changes nothing", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { id } = yield* addOrder({ amount: cents(5000) })
      const before = yield* simulator.ledger
      yield* refund(id, 1000)
      assert.deepStrictEqual(before, [])
      assert.strictEqual((yield* simulator.ledger).length, 1)
    }).pipe(simulated()))

  it.effect("answers a version of the API that it does not serve with 404", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip((yield* Orders).list())
      assert.strictEqual(error._tag, "FlexFactorUnexpectedStatus")
      assert.strictEqual(error._tag === "FlexFactorUnexpectedStatus" ? error.status : undefined, 404)
    }).pipe(Effect.provide(FlexFactorSimulator.layer({}, { apiVersion: "v2" }))))

  it.effect("shares no routes with a server of the program", () =>
    Effect.gen(function*() {
      const router = yield* HttpRouter.HttpRouter
      const own = yield* Effect.exit(
        router.asHttpEffect().pipe(
          Effect.provideService(
            HttpServerRequest.HttpServerRequest,
            HttpServerRequest.fromClientRequest(HttpClientRequest.get("https://shop.test/v1/orders"))
          ),
          Effect.scoped
        )
      )
      assert.include(Exit.isFailure(own) ? Cause.pretty(own.cause) : "an answer", "RouteNotFound")
    }).pipe(Effect.provide(Layer.provideMerge(FlexFactorSimulator.layer(), HttpRouter.layer))))

  it.effect("passes the tuning on to its client", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* Effect.flip((yield* Orders).list())
      assert.deepStrictEqual((yield* simulator.requests).map((request) => request.path), ["/v1/oauth2/token"])
    }).pipe(Effect.provide(FlexFactorSimulator.layer({}, { maxResponseBytes: 10 }))))
})
