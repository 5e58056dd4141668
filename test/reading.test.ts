/**
 * Orders and pages are read without the schema's interpreter where they are right: what comes of it is what the schema
 * says.
 */
import { assert, describe, it } from "@effect/vitest"
import { Option, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { Order, readOrder } from "../src/Order.ts"
import { OrderPage, readPage } from "../src/OrderPage.ts"

const names = [
  "id",
  "Id",
  "orderId",
  "status",
  "Status",
  "statusName",
  "correlationId",
  "referenceNumber",
  "orderPlacedDate",
  "expiryDate",
  "billingAddress",
  "shippingAddress",
  "firstName",
  "lastName",
  "email",
  "phone",
  "secondaryEmail",
  "currencyCode",
  "currencySymbol",
  "Email",
  "extra",
  "amount",
  "__proto__",
  "constructor",
  "toString"
] as const

const values = Schema.Union([
  Schema.Literals([
    "order-1",
    "..",
    "",
    "7",
    "COMPLETED",
    "2026-06-14T09:26:53.589793Z",
    "2026-13-45",
    "1",
    7,
    11,
    -1,
    1.5,
    true
  ]),
  Schema.Null,
  Schema.Record(Schema.Literals(["city"]), Schema.String),
  Schema.Array(Schema.Int)
])

const wire = Schema.Array(Schema.Tuple([Schema.Literals(names), values])).check(Schema.isMaxLength(8))

/** Through JSON, as an answer comes, with own keys of any name. */
const objectOf = (entries: typeof wire.Type): unknown => JSON.parse(JSON.stringify(Object.fromEntries(entries)))

const bySchema = Schema.decodeUnknownOption(Order)
const pageBySchema = Schema.decodeUnknownOption(OrderPage)

/** An array in so many others. */
const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth))

/** An object in so many others. */
const nestedObjects = (depth: number): unknown =>
  JSON.parse("{\"in\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1))

describe("what is read of an answer", () => {
  it.for(
    ["amount", "billingAddress", "email"].flatMap((field) => [
      { field, kind: "arrays", make: nested },
      { field, kind: "objects", make: nestedObjects }
    ])
  )("is no order that nests too deeply, in $field by $kind", ({ field, make }) => {
    const orderWith = (value: unknown) => ({ id: "order-1", status: 7, [field]: { value } })
    assert.isDefined(readOrder(orderWith(make(30))))
    assert.isUndefined(readOrder(orderWith(make(31))))
    assert.isTrue(Option.isNone(bySchema(orderWith(make(31)))))
  })

  it.prop("is the order that the schema decodes, or nothing where it fails", {
    entries: Arbitrary.schema(wire),
    status: Arbitrary.schema(Schema.Literals([7, 11, "7", "order-1", true]))
  }, ({ entries, status }) => {
    // What is drawn takes the place of what an order needs.
    const order = objectOf([["id", "order-1"], ["status", status], ...entries])
    const read = readOrder(order)
    assert.deepStrictEqual(read, Option.getOrUndefined(bySchema(order)))
    assert.strictEqual(JSON.stringify(read), JSON.stringify(Option.getOrUndefined(bySchema(order))))
    if (read !== undefined) assert.strictEqual(Object.getPrototypeOf(read), Object.prototype)
  }, { arbitrary: { runs: 5000 } })

  const run = Schema.Struct({
    names: Schema.Array(Schema.Literals(names)).check(Schema.isMaxLength(6)),
    values: Schema.Array(Schema.Array(values).check(Schema.isMinLength(6), Schema.isMaxLength(6))).check(
      Schema.isMaxLength(12)
    )
  })

  it.prop("is each order as it was sent, where many of the same fields follow each other", {
    runs: Arbitrary.schema(Schema.Array(run).check(Schema.isMaxLength(5)))
  }, ({ runs }) => {
    const orders = runs.flatMap(({ names, values }) =>
      values.map((row) =>
        objectOf([["id", "order-1"], ["status", 7], ...names.map((name, place) => [name, row[place] ?? null] as const)])
      )
    )
    const read = orders.map(readOrder)
    const expected = orders.map((order) => Option.getOrUndefined(bySchema(order)))
    assert.deepStrictEqual(read, expected)
    assert.strictEqual(JSON.stringify(read), JSON.stringify(expected))
  }, { arbitrary: { runs: 2000 } })

  it("is no order that nests too deeply, also after many that have the same fields and do not", () => {
    const orderWith = (amount: unknown) => ({ id: "order-1", status: 7, amount, metadata: { amount } })
    for (let i = 0; i < 20; i++) {
      assert.deepStrictEqual(readOrder(orderWith(i))?.extra, { amount: i, metadata: { amount: i } })
    }
    assert.isUndefined(readOrder(orderWith(nested(31))))
    assert.deepStrictEqual(readOrder(orderWith(null))?.extra, { amount: null, metadata: { amount: null } })
  })

  it("keeps nothing of one order for the next", () => {
    const extraOf = (note: object) => ({ ...readOrder({ id: "order-1", status: 7, note, at: 1 }) }).extra ?? {}
    for (let i = 0; i < 20; i++) {
      const note = { i }
      const extra = extraOf(note)
      assert.strictEqual(extra["note"], note)
      Object.assign(extra, { note: "written over", at: "written over" })
    }
    assert.deepStrictEqual(extraOf({}), { note: {}, at: 1 })
  })

  it.prop("is the page that the schema decodes, or nothing where it fails", {
    orders: Arbitrary.schema(Schema.Array(wire).check(Schema.isMaxLength(3))),
    fields: Arbitrary.schema(Schema.Record(
      Schema.Literals(["hasNextPage", "isLastPage", "pageNumber", "pageCount", "totalCount", "status", "errors"]),
      Schema.Union([Schema.Boolean, Schema.Int, Schema.Null, Schema.Literal("FAILED")])
    )),
    hasIds: Arbitrary.schema(Schema.Boolean)
  }, ({ fields, hasIds, orders }) => {
    const items = orders.map((entries) => objectOf(hasIds ? [["id", "order-1"], ["status", 7], ...entries] : entries))
    const page: unknown = JSON.parse(JSON.stringify({ ...fields, items }))
    assert.deepStrictEqual(readPage(page), Option.getOrUndefined(pageBySchema(page)))
  }, { arbitrary: { runs: 2000 } })

  it.each([[null], ["text"], [7], [[]], [[{ id: "order-1", status: 7 }]], [{}], [{ items: [null] }], [{
    items: "none"
  }]])(
    "is the same for %j",
    (json) => {
      assert.deepStrictEqual(readOrder(json), Option.getOrUndefined(bySchema(json)))
      assert.deepStrictEqual(readPage(json), Option.getOrUndefined(pageBySchema(json)))
    }
  )
})
