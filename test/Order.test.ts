import { assert, describe, it } from "@effect/vitest"
import { DateTime, Result, Schema } from "effect"
import { Order } from "../src/index.ts"

const id = "e97b1ff1-4449-46da-bc6c-a76d23f16353"
const placed = "2024-04-04T13:29:08.565Z"

/** An order with every documented field. */
const full = {
  id,
  status: 7,
  statusName: "COMPLETED",
  correlationId: "0ba84f6e-7a9e-43f1-ae6d-c508b466424a",
  referenceNumber: "R-1",
  orderPlacedDate: placed,
  expiryDate: "2024-04-10T00:00:00.000Z",
  billingAddress: { country: "US", city: "Springfield", zipCode: "12345" },
  shippingAddress: { country: "US" },
  firstName: "Test",
  lastName: "Customer",
  email: "customer@example.com",
  phone: "+1 202 555 0100",
  secondaryEmail: "",
  currencyCode: "USD",
  currencySymbol: "$"
}

const decode = Schema.decodeUnknownSync(Order)

/** An order on the wire, through text as it comes, so that odd keys stay own keys. */
const parse = (text: string): Order => decode(JSON.parse(text))

const failureOf = (wire: unknown): string =>
  Result.match(Schema.decodeUnknownResult(Order)(wire), {
    onFailure: (error) => error.message,
    onSuccess: () => "decoded"
  })

const nested = (depth: number): unknown => {
  let value: unknown = "bottom"
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? { value } : [value]
  return value
}

const optional = Object.keys(full).filter((name) => name !== "id" && name !== "status" && name !== "statusName")

describe("an order", () => {
  it("is read with every documented field", () => {
    const order = decode(full)
    const { expiryDate, orderPlacedDate, status: _status, ...texts } = full
    assert.deepStrictEqual(
      { ...order, expiryDate: undefined, orderPlacedDate: undefined },
      {
        ...texts,
        id: order.id,
        status: "Completed",
        statusCode: 7,
        extra: {},
        expiryDate: undefined,
        orderPlacedDate: undefined
      }
    )
    assert.strictEqual(order.orderPlacedDate && DateTime.formatIso(order.orderPlacedDate), orderPlacedDate)
    assert.strictEqual(order.expiryDate && DateTime.formatIso(order.expiryDate), expiryDate)
  })

  it("needs no more than an id and a status", () => {
    assert.deepStrictEqual({ ...decode({ id, status: 0 }) }, { id, status: "Draft", statusCode: 0, extra: {} })
  })

  for (const name of optional) {
    it(`may lack ${name}, or send null for it`, () => {
      const { [name]: _absent, ...rest } = { ...full } as Record<string, unknown>
      assert.isFalse(Object.hasOwn(decode(rest), name))
      const order = decode({ ...rest, [name]: null })
      assert.isFalse(Object.hasOwn(order, name))
      assert.deepStrictEqual(order.extra, {})
    })
  }

  for (const name of optional) {
    for (const odd of [17, true, ["x"], ...(name.endsWith("Address") ? ["Main Street 1"] : [{ value: "x" }])]) {
      it(`keeps ${name} in extra where it is ${JSON.stringify(odd)}`, () => {
        const order = decode({ ...full, [name]: odd })
        assert.isFalse(Object.hasOwn(order, name))
        assert.deepStrictEqual(order.extra, { [name]: odd })
      })
    }
  }

  for (const date of ["", "soon", "2024-13-45T00:00:00Z", "04/04/2024x"]) {
    it(`keeps a date that is none, ${JSON.stringify(date)}, in extra`, () => {
      const order = decode({ ...full, expiryDate: date })
      assert.isUndefined(order.expiryDate)
      assert.deepStrictEqual(order.extra, { expiryDate: date })
    })
  }

  for (const date of ["2024-04-04T13:29:08.565", "2024-04-04T13:29:08.5650000Z", "2024-04-04T15:29:08.565+02:00"]) {
    it(`reads the date ${date} as the same moment in UTC`, () => {
      const order = decode({ ...full, orderPlacedDate: date })
      assert.strictEqual(order.orderPlacedDate && DateTime.formatIso(order.orderPlacedDate), placed)
    })
  }

  it("keeps unknown fields as they came", () => {
    const extra = { amount: 19.99, items: [{ sku: "A", price: null }], isMit: false, note: null, "odd key": { a: [] } }
    assert.deepStrictEqual(decode({ ...full, ...extra }).extra, extra)
  })

  it("keeps a status that is neither a code nor a word in extra, and reads the name", () => {
    const order = decode({ id, status: [7], statusName: "Completed" })
    assert.strictEqual(order.status, "Completed")
    assert.deepStrictEqual(order.extra, { status: [7] })
  })
})

describe("what is no order", () => {
  const cases: ReadonlyArray<readonly [name: string, wire: unknown, message: RegExp]> = [
    ["without an id", { status: 7 }, /\["id"\]/],
    ["with a null id", { id: null, status: 7 }, /\["id"\]/],
    ["with a number for an id", { id: 1001, status: 7 }, /\["id"\]/],
    ["with an empty id", { id: "", status: 7 }, /must not be empty[\s\S]*\["id"\]/],
    ["with an id that leaves its path segment", { id: "../x", status: 7 }, /slash[\s\S]*\["id"\]/],
    ["without a status", { id }, /\["status"\]/],
    ["with a null status", { id, status: null }, /\["status"\]/],
    ["with an empty status", { id, status: "" }, /\["status"\]/],
    ["with a status of half a number", { id, status: 7.5 }, /\["status"\]/],
    ["with an object for a status", { id, status: { code: 7 } }, /\["status"\]/],
    ["that is null", null, /JsonObject|JSON object/],
    ["that is a list", [full], /JsonObject|JSON object/],
    ["that is a text", "order", /JsonObject|JSON object/]
  ]
  for (const [name, wire, message] of cases) {
    it(`fails ${name}, and names what is wrong`, () => {
      assert.match(failureOf(wire), message)
    })
  }

  it("does not quote the customer in the failure", () => {
    assert.notMatch(failureOf({ ...full, id: 7 }), /customer@example\.com|Springfield|Customer/)
  })
})

describe("an order that nests", () => {
  for (
    const [where, wire] of [
      ["an unknown field", { ...full, items: nested(100_000) }],
      ["an address", { ...full, billingAddress: { street: nested(100_000) } }],
      ["an optional field of the wrong type", { ...full, email: nested(100_000) }],
      ["its status", { ...full, status: nested(100_000) }]
    ] as const
  ) {
    it(`100000 levels deep in ${where} fails and says so`, () => {
      assert.match(failureOf(wire), /nests less deeply/)
    })
  }

  it("as deep as an honest one is read", () => {
    const items = nested(20)
    assert.deepStrictEqual(decode({ ...full, items }).extra, { items })
  })
})

describe("an order with keys that name parts of every object", () => {
  const keys = ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "valueOf"]
  const odd = `{"id":"1","status":7,${
    keys.map((key) => `"${key}":{"email":"evil@example.com","polluted":true}`).join(",")
  }}`

  it("keeps them as own keys of extra", () => {
    const order = parse(odd)
    assert.sameMembers(Object.keys(order.extra), keys)
    assert.strictEqual(Object.getPrototypeOf(order.extra), Object.prototype)
    assert.isUndefined(order.email)
  })

  it("does not touch Object.prototype", () => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    parse(odd)
    assert.deepStrictEqual(Object.getOwnPropertyNames(Object.prototype), before)
    assert.isFalse("polluted" in {})
  })

  it("keeps them when it is written again", () => {
    const wire = Schema.encodeSync(Order)(parse(odd))
    assert.includeMembers(Object.keys(wire), keys)
    assert.deepStrictEqual(Object.keys(parse(JSON.stringify(wire)).extra).sort(), [...keys].sort())
  })

  it("keeps them within an address", () => {
    const order = parse("{\"id\":\"1\",\"status\":7,\"billingAddress\":{\"__proto__\":{\"city\":\"x\"}}}")
    assert.deepStrictEqual(Object.keys(order.billingAddress ?? {}), ["__proto__"])
  })

  it("takes the last of two equal keys, as JSON does", () => {
    assert.strictEqual(parse("{\"id\":\"1\",\"status\":7,\"status\":2}").status, "Cancelled")
  })
})

describe("an order in a program whose Object.prototype is polluted", () => {
  const withPolluted = <A>(fields: Readonly<Record<string, unknown>>, run: () => A): A => {
    try {
      for (const [key, value] of Object.entries(fields)) {
        Reflect.defineProperty(Object.prototype, key, { value, enumerable: true, configurable: true, writable: true })
      }
      return run()
    } finally {
      for (const key of Object.keys(fields)) Reflect.deleteProperty(Object.prototype, key)
    }
  }

  it("shows nothing of it", () => {
    const polluted = { email: "evil@example.com", statusName: "Completed", extra: { a: 1 }, amount: 1, statusCode: 7 }
    const order = withPolluted(polluted, () => decode({ id, status: 2 }))
    assert.deepStrictEqual({ ...order }, { id, status: "Cancelled", statusCode: 2, extra: {} })
  })

  it("does not get its id or its status from there", () => {
    const polluted = { id: "evil", status: 7, statusName: "Completed" }
    assert.match(withPolluted(polluted, () => failureOf({ status: 7 })), /\["id"\]/)
    assert.match(withPolluted(polluted, () => failureOf({ id })), /\["status"\]/)
  })
})

describe("an order that is read, written and read again", () => {
  const wires: ReadonlyArray<readonly [name: string, wire: Readonly<Record<string, unknown>>]> = [
    ["with every field", full],
    ["with an unknown code and a name", { id, status: 11, statusName: "Chargeback" }],
    ["with unknown fields", { ...full, amount: 19.99, items: [{ sku: "A" }], note: null }],
    ["with a field of the wrong type", { ...full, email: 7 }],
    ["with a code that contradicts the name", { id, status: 7, statusName: "CANCELLED" }],
    ["with a code and no name", { id, status: 7 }],
    ["with an unknown code and no name", { id, status: 11 }],
    ["with a word and no code", { id, status: "COMPLETED", statusName: "COMPLETED" }],
    ["with a name of the wrong type", { id, status: 7, statusName: 7 }]
  ]
  for (const [name, wire] of wires) {
    it(`is the same order, ${name}`, () => {
      const order = decode(wire)
      const again = decode(JSON.parse(JSON.stringify(Schema.encodeSync(Order)(order))))
      assert.deepStrictEqual({ ...again }, { ...order })
    })
  }

  it("is written as FlexFactor sent it where every field is documented", () => {
    const wire: Readonly<Record<string, unknown>> = full
    assert.deepStrictEqual({ ...Schema.encodeSync(Order)(decode(wire)) }, { ...wire })
  })
})
