import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { isCancellable, isFinal, isPending, isRefundable, Order, OrderStatus, statusCode } from "../src/index.ts"

/** Every documented status: its code, its name, and what the sources say of it (`undefined`: nothing certain). */
const documented = [
  { code: 0, name: "Draft", pending: true, cancellable: true, refundable: false, final: false },
  { code: 1, name: "Onhold", pending: true, cancellable: undefined, refundable: false, final: false },
  { code: 2, name: "Cancelled", pending: false, cancellable: false, refundable: false, final: true },
  { code: 3, name: "Problem", pending: undefined, cancellable: undefined, refundable: undefined, final: undefined },
  { code: 4, name: "Processing", pending: true, cancellable: true, refundable: false, final: false },
  { code: 5, name: "Capturerequired", pending: true, cancellable: true, refundable: false, final: false },
  { code: 6, name: "Returned", pending: false, cancellable: false, refundable: undefined, final: true },
  { code: 7, name: "Completed", pending: false, cancellable: false, refundable: true, final: true }
] as const

const inAnyCase = (name: string): ReadonlyArray<string> => [
  name,
  name.toUpperCase(),
  name.toLowerCase(),
  [...name].map((letter, index) => index % 2 === 0 ? letter.toLowerCase() : letter.toUpperCase()).join("")
]

const unknown = ["Chargeback", "EXPIRED", "11", "-1", "7.0", "", " Completed", "constructor", "__proto__", "toString"]

const read = (wire: object) => Schema.decodeSync(Order)({ id: "1001", ...wire })

describe("a documented status", () => {
  for (const { cancellable, code, final, name, pending, refundable } of documented) {
    it(`${name} is known in any case`, () => {
      for (const spelling of inAnyCase(name)) {
        assert.strictEqual(statusCode(spelling), code)
        assert.strictEqual(isPending(spelling), pending)
        assert.strictEqual(isCancellable(spelling), cancellable)
        assert.strictEqual(isRefundable(spelling), refundable)
        assert.strictEqual(isFinal(spelling), final)
      }
    })

    it(`${name} is read from its code, from its code as text, and from its name in any case`, () => {
      for (const wire of [{ status: code }, { status: String(code) }, { status: null, statusName: name }]) {
        assert.strictEqual(read(wire).status, name)
      }
      for (const spelling of inAnyCase(name)) {
        assert.strictEqual(read({ status: spelling }).status, name)
        assert.strictEqual(read({ statusName: spelling }).status, name)
      }
    })
  }
})

describe("an unknown status", () => {
  for (const name of unknown) {
    it(`${JSON.stringify(name)} answers undefined to every question`, () => {
      assert.isUndefined(isPending(name))
      assert.isUndefined(isCancellable(name))
      assert.isUndefined(isRefundable(name))
      assert.isUndefined(isFinal(name))
    })
  }

  it("has no code, unless it is one", () => {
    assert.isUndefined(statusCode("Chargeback"))
    assert.isUndefined(statusCode("constructor"))
    assert.isUndefined(statusCode("-1"))
    assert.isUndefined(statusCode("1e3"))
    assert.strictEqual(statusCode("11"), 11)
  })

  it("is kept as FlexFactor spells it", () => {
    assert.strictEqual(read({ status: "ChargeBack" }).status, "ChargeBack")
    assert.strictEqual(read({ status: 11, statusName: "ChargeBack" }).status, "ChargeBack")
  })

  for (const code of [8, 11, 4096, -1]) {
    it(`with the code ${code} and no name is kept as its digits`, () => {
      const order = read({ status: code })
      assert.strictEqual(order.status, String(code))
      assert.strictEqual(order.statusCode, code)
    })
  }
})

describe("a code and a name that contradict each other", () => {
  it("leave the word to the code", () => {
    const order = read({ status: 7, statusName: "CANCELLED" })
    assert.strictEqual(order.status, "Completed")
    assert.strictEqual(order.statusName, "CANCELLED")
  })

  it("leave the word to the name where the code is not documented", () => {
    assert.strictEqual(read({ status: 11, statusName: "CAPTUREREQUIRED" }).status, "Capturerequired")
  })
})

describe("the schema of a status", () => {
  it("takes any text but an empty one", () => {
    assert.isTrue(Schema.is(OrderStatus)("Chargeback"))
    assert.isFalse(Schema.is(OrderStatus)(""))
    assert.isFalse(Schema.is(OrderStatus)(7))
  })
})
