import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { OrderPage } from "../src/index.ts"

const wireOrders = [{ id: "1", status: 7 }, { id: "2", status: 2, amount: 5 }]

const decode = Schema.decodeUnknownSync(OrderPage)
const ids = (page: OrderPage): ReadonlyArray<string> => page.orders.map(({ id }) => id)

const failureOf = (wire: unknown): string =>
  Result.match(Schema.decodeUnknownResult(OrderPage)(wire), {
    onFailure: (error) => error.message,
    onSuccess: () => "decoded"
  })

const metadata = {
  firstItemOnPage: 11,
  hasNextPage: true,
  hasPreviousPage: true,
  isFirstPage: false,
  isLastPage: false,
  lastItemOnPage: 12,
  pageCount: 3,
  pageNumber: 2,
  pageSize: 10,
  totalItemCount: 25
}

const nested = (depth: number): unknown => {
  let value: unknown = "bottom"
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

describe("a page", () => {
  for (const name of ["items", "orders", "data", "results", "records", "list"]) {
    it(`finds its orders under ${name}, also beside other lists`, () => {
      const page = decode({ [name]: wireOrders, warnings: [{ text: "x" }], errors: [], ...metadata })
      assert.deepStrictEqual(ids(page), ["1", "2"])
      assert.deepStrictEqual(page.extra, { warnings: [{ text: "x" }], errors: [] })
    })
  }

  it("finds its orders under any other name, if it is the only list of objects", () => {
    const page = decode({ ordersOfMerchant: wireOrders, names: ["Draft"], errors: [], ...metadata })
    assert.deepStrictEqual(ids(page), ["1", "2"])
    assert.deepStrictEqual(page.extra, { names: ["Draft"], errors: [] })
  })

  const envelopes: ReadonlyArray<readonly [what: string, wire: object]> = [
    ["one level down, in data", { success: true, data: { items: wireOrders, ...metadata } }],
    ["one level down, in result", { success: true, result: { orders: wireOrders, ...metadata }, errors: [] }],
    ["one level down, in an object of any name", { pagedOrders: { items: wireOrders, ...metadata } }],
    ["beside an empty list", { orderItems: wireOrders, customProperties: [], ...metadata }],
    ["beside lists of other objects", { orderList: wireOrders, statuses: [{ code: 7, name: "x" }], ...metadata }],
    ["beside an empty list of a likely name", { data: [], orderList: wireOrders, ...metadata }],
    ["one level down, beside an empty list", {
      success: true,
      warnings: [],
      data: { items: wireOrders, ...metadata },
      meta: { links: [] }
    }],
    ["with capitals", {
      Items: wireOrders.map(({ id, status }) => ({ Id: id, Status: status })),
      ...Object.fromEntries(
        Object.entries(metadata).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value])
      )
    }],
    ["in .NET's form for values that are referred to", { items: { $id: "1", $values: wireOrders }, ...metadata }]
  ]
  for (const [what, wire] of envelopes) {
    it(`finds its orders and its numbers ${what}`, () => {
      const page = decode(wire)
      assert.deepStrictEqual(ids(page), ["1", "2"])
      assert.strictEqual(page.pageNumber, 2)
      assert.strictEqual(page.totalItemCount, 25)
      assert.strictEqual(page.hasNextPage, true)
    })
  }

  it("fails rather than choose between several lists of orders, or show none of them", () => {
    assert.include(failureOf({ list: [], open: wireOrders, closed: wireOrders }), "array of orders")
    assert.include(failureOf({ links: [], note: { orders: "elsewhere" } }), "array of orders")
  })

  it("fails where its status says that the call failed", () => {
    assert.include(failureOf({ status: "FAILED", items: [] }), "FAILED")
  })

  it("says what it found where it finds no orders, by name and kind alone", () => {
    const message = failureOf({ success: true, cases: [{ customer: "Jane" }], note: "Jane", totalItemCount: 3 })
    assert.include(message, "found success (boolean), cases (an array of 1), note (string), totalItemCount (number)")
    assert.notInclude(message, "Jane")
  })

  it("names nothing that may be somebody's where it finds no orders", () => {
    const message = failureOf({
      "jane@shop.example": [1],
      "4111111111111111": 1,
      customer4111111111111111: 1,
      note: ""
    })
    assert.include(message, "note (string)")
    for (const secret of ["jane", "4111"]) assert.notInclude(message, secret)
  })

  it("is a bare list of orders too", () => {
    const page = decode(wireOrders)
    assert.deepStrictEqual(ids(page), ["1", "2"])
    assert.isUndefined(page.hasNextPage)
    assert.deepStrictEqual(page.extra, {})
  })

  for (
    const [name, wire] of [
      ["an empty list under a known name", { items: [], pageNumber: 1 }],
      ["an empty list under an unknown name", { ordersOfMerchant: [], errors: [] }],
      ["an empty bare list", []],
      ["null and a total of zero", { items: null, totalItemCount: 0 }],
      ["an empty list of a likely name, a total of zero and other objects", {
        orders: [],
        totalItemCount: 0,
        merchants: [{ id: "m-1", status: "Active" }]
      }],
      ["no list and no pages", { pageCount: 0, hasNextPage: false }]
    ] as const
  ) {
    it(`is empty with ${name}`, () => {
      assert.deepStrictEqual(decode(wire).orders, [])
    })
  }

  for (
    const [name, wire] of [
      ["no list", { hasNextPage: false }],
      ["no list and orders to show", { pageCount: 2, totalItemCount: 12 }],
      ["nothing", {}],
      ["two lists under unknown names", { a: wireOrders, b: wireOrders }],
      ["a list of texts", { names: ["a", "b"] }],
      ["a list of errors alone", { errors: [{ item1: "x" }] }],
      ["an object under a known name", { items: { first: wireOrders[0] } }]
    ] as const
  ) {
    it(`fails with ${name}, and says what it lacks`, () => {
      assert.match(failureOf(wire), /a page with an array of orders/)
    })
  }

  for (const wire of [null, "page", 7, true]) {
    it(`fails where the answer is ${JSON.stringify(wire)}`, () => {
      assert.match(failureOf(wire), /^Expected /)
    })
  }

  it("names the order and the field that fail", () => {
    assert.match(failureOf({ items: [...wireOrders, { id: "3" }] }), /\["orders"\]\[2\]\["status"\]/)
    assert.match(failureOf({ items: [{ status: 7 }] }), /\["orders"\]\[0\]\["id"\]/)
    assert.match(failureOf({ items: [null] }), /\["orders"\]\[0\]/)
  })

  it("keeps what FlexFactor says of the page", () => {
    const page = decode({ items: wireOrders, ...metadata, statusNames: { 7: "Completed" }, success: true })
    const { extra, orders, ...rest } = page
    assert.lengthOf(orders, 2)
    assert.deepStrictEqual({ ...rest }, metadata)
    assert.deepStrictEqual(extra, { statusNames: { 7: "Completed" }, success: true })
  })

  for (
    const [name, odd] of [
      ["pageNumber", "2"],
      ["pageCount", 2.5],
      ["isLastPage", "true"],
      ["totalItemCount", -0.5],
      ["pageSize", [10]]
    ] as const
  ) {
    it(`keeps ${name} in extra where it is ${JSON.stringify(odd)}`, () => {
      const page = decode({ items: [], [name]: odd })
      assert.isFalse(Object.hasOwn(page, name))
      assert.deepStrictEqual(page.extra, { [name]: odd })
    })
  }

  for (
    const [wire, hasNextPage] of [
      [{ hasNextPage: true, isLastPage: true, pageNumber: 3, pageCount: 3 }, true],
      [{ hasNextPage: false, isLastPage: false, pageNumber: 1, pageCount: 3 }, false],
      [{ isLastPage: true }, false],
      [{ isLastPage: false }, true],
      [{ isLastPage: false, pageNumber: 3, pageCount: 3 }, true],
      [{ pageNumber: 1, pageCount: 2 }, true],
      [{ pageNumber: 2, pageCount: 2 }, false],
      [{ pageNumber: 0, pageCount: 0 }, false],
      [{ hasNextPage: null, isLastPage: true }, false],
      [{ hasNextPage: "yes", isLastPage: true }, false],
      [{ pageNumber: 1 }, undefined],
      [{ pageCount: 2 }, undefined],
      [{}, undefined]
    ] as const
  ) {
    const answer = hasNextPage === undefined ? "leaves open whether there is" : hasNextPage ? "has" : "has not"
    it(`${answer} a next page with ${JSON.stringify(wire)}`, () => {
      const page = decode({ items: [], ...wire })
      assert.strictEqual(page.hasNextPage, hasNextPage)
      assert.strictEqual(Object.hasOwn(page, "hasNextPage"), hasNextPage !== undefined)
    })
  }

  it("keeps keys that name parts of every object, and touches none of them", () => {
    const page = decode(JSON.parse("{\"items\":[],\"__proto__\":{\"hasNextPage\":true},\"constructor\":1}"))
    assert.sameMembers(Object.keys(page.extra), ["__proto__", "constructor"])
    assert.isUndefined(page.hasNextPage)
    assert.isFalse("hasNextPage" in {})
  })

  it("shows nothing of a polluted Object.prototype", () => {
    try {
      for (const [key, value] of [["items", wireOrders], ["hasNextPage", true]] as const) {
        Reflect.defineProperty(Object.prototype, key, { value, enumerable: true, configurable: true, writable: true })
      }
      const page = decode({ orders: [] })
      assert.deepStrictEqual(Object.keys(page).sort(), ["extra", "orders"])
      assert.lengthOf(page.orders, 0)
      assert.match(failureOf({}), /a page with an array of orders/)
    } finally {
      Reflect.deleteProperty(Object.prototype, "items")
      Reflect.deleteProperty(Object.prototype, "hasNextPage")
    }
  })

  for (
    const [where, wire] of [
      ["an order", { items: [{ id: "1", status: 7, items: nested(100_000) }] }],
      ["a field of the page", { items: [], statusNames: nested(100_000) }]
    ] as const
  ) {
    it(`fails and says so where ${where} nests 100000 levels deep`, () => {
      assert.match(failureOf(wire), /nests? /)
    })
  }

  it("fails where it is one list within another 100000 levels deep", () => {
    assert.match(failureOf(nested(100_000)), /\["orders"\]\[0\]/)
  })

  it("is the same page after it is written and read again", () => {
    const page = decode({ ...metadata, orders: [{ id: "1", status: 7, statusName: "Completed" }], note: "x" })
    const again = decode(JSON.parse(JSON.stringify(Schema.encodeSync(OrderPage)(page))))
    assert.deepStrictEqual({ ...again, orders: again.orders.map((order) => ({ ...order })) }, {
      ...page,
      orders: page.orders.map((order) => ({ ...order }))
    })
  })
})
