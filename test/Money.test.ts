import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { inspect } from "node:util"
import { Cents, CentsFromDollars, CentsFromDollarString } from "../src/index.ts"

const anyCents = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100_000_000 })))

const encode = Schema.encodeSync(CentsFromDollars)
const decode = Schema.decodeUnknownSync(CentsFromDollars)

const throughTheWire = (cents: Cents): Cents => decode(JSON.parse(JSON.stringify({ amount: encode(cents) })).amount)

const messageOf = (run: () => unknown): string => {
  try {
    return `accepted: ${String(run())}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Amounts of dollars that are not one exact amount of cents, each with the rule that it breaks. */
const refusedDollars: ReadonlyArray<readonly [dollars: string | number, rule: RegExp]> = [
  [0.1 + 0.2, /two decimals/],
  [19.990000000000002, /two decimals/],
  [1.005, /two decimals/],
  [12.345, /two decimals/],
  ["12.345", /two decimals/],
  ["12.000", /two decimals/],
  [1e21, /exponent/],
  [1e-7, /exponent/],
  ["1e3", /exponent/],
  ["1.5E2", /exponent/],
  [-5, /negative/],
  [-0.01, /negative/],
  [-0, /negative/],
  ["-0", /negative/],
  ["-19.99", /negative/],
  [NaN, /decimal amount/],
  [Infinity, /decimal amount/],
  ["", /decimal amount/],
  [" 1", /decimal amount/],
  ["1 ", /decimal amount/],
  ["1\n", /decimal amount/],
  ["1,000.00", /decimal amount/],
  ["1.000,00", /decimal amount/],
  ["$1", /decimal amount/],
  ["+1", /decimal amount/],
  [".5", /decimal amount/],
  ["1.", /decimal amount/],
  ["0x10", /decimal amount/],
  ["1_000", /decimal amount/],
  ["\u0661", /decimal amount/],
  [2 ** 53, /larger/],
  ["90071992547409.92", /larger/],
  ["100000000000000", /larger/]
]

describe("Cents on the wire", () => {
  it.prop("survive a round trip through JSON, whatever the amount", { cents: anyCents }, ({ cents }) => {
    assert.strictEqual(throughTheWire(Cents.make(cents)), cents)
  }, { arbitrary: { runs: 2000 } })

  it("survive a round trip through JSON at every amount of a dense stride", () => {
    const lost: Array<number> = []
    const check = (cents: number) => {
      if (throughTheWire(Cents.make(cents)) !== cents) lost.push(cents)
    }
    for (let cents = 0; cents <= 20_000; cents += 1) check(cents)
    for (let cents = 20_001; cents <= 100_000_000; cents += 4_999) check(cents)
    assert.deepStrictEqual(lost, [])
  })

  it.prop("have at most two decimals in the text that is sent", { cents: anyCents }, ({ cents }) => {
    assert.match(JSON.stringify(encode(Cents.make(cents))), /^\d+(\.\d{1,2})?$/)
  })

  it("are refused where a JSON number cannot hold them exactly", () => {
    for (const cents of [Number.MAX_SAFE_INTEGER, 10 ** 15]) {
      assert.match(messageOf(() => encode(Cents.make(cents))), /JSON number holds exactly/)
    }
  })

  it("survive a round trip through JSON up to fifteen digits", () => {
    for (let cents = 10 ** 15 - 1; cents > 10 ** 15 - 20_000; cents -= 1) {
      assert.strictEqual(throughTheWire(Cents.make(cents)), cents)
    }
  })

  for (const [dollars, cents] of [[0, 0], [0.01, 1], [0.1, 10], [1, 100], [12.3, 1230], [19.99, 1999]] as const) {
    it(`are ${cents} where FlexFactor sends ${dollars}`, () => {
      assert.isTrue(Object.is(decode(dollars), cents))
    })
  }

  it("refuse 19.990000000000002 instead of rounding it", () => {
    assert.match(messageOf(() => decode(JSON.parse("19.990000000000002"))), /two decimals/)
  })

  for (const [dollars, rule] of refusedDollars) {
    if (typeof dollars === "number" && Number.isFinite(dollars)) {
      it(`refuse ${Object.is(dollars, -0) ? "-0" : dollars} from FlexFactor and name the rule`, () => {
        assert.match(messageOf(() => decode(dollars)), rule)
      })
    }
  }

  for (const value of ["19.99", null, undefined, true, {}, [], 1n, NaN, Infinity]) {
    it(`refuse ${inspect(value)} from FlexFactor`, () => {
      assert.match(messageOf(() => decode(value)), /^Expected .*number/)
    })
  }
})

describe("Cents.fromDollars", () => {
  it.prop("is the inverse of toDollars", { cents: anyCents }, ({ cents }) => {
    const amount = Cents.make(cents)
    assert.strictEqual(Cents.fromDollars(Cents.toDollars(amount)), amount)
  }, { arbitrary: { runs: 1000 } })

  it.prop("reads a number of dollars as it prints", { cents: anyCents }, ({ cents }) => {
    assert.isTrue(Object.is(Cents.fromDollars(encode(Cents.make(cents))), cents))
  }, { arbitrary: { runs: 1000 } })

  for (
    const [dollars, cents] of [
      ["0", 0],
      ["0.00", 0],
      ["0.5", 50],
      ["1", 100],
      ["007", 700],
      ["19.99", 1999],
      [19.99, 1999],
      [0.29, 29],
      [1.1, 110],
      ["90071992547409.91", Number.MAX_SAFE_INTEGER]
    ] as const
  ) {
    it(`reads ${JSON.stringify(dollars)} as ${cents} cents`, () => {
      assert.strictEqual(Cents.fromDollars(dollars), cents)
    })
  }

  for (const [dollars, rule] of refusedDollars) {
    const shown = typeof dollars === "string"
      ? JSON.stringify(dollars)
      : Object.is(dollars, -0)
      ? "-0"
      : String(dollars)
    it(`refuses ${shown} and names the rule`, () => {
      const message = messageOf(() => Cents.fromDollars(dollars))
      assert.match(message, /^Cents\.fromDollars: the amount must /)
      assert.match(message, rule)
    })
  }
})

describe("CentsFromDollarString", () => {
  const read = Schema.decodeUnknownSync(CentsFromDollarString)
  const write = Schema.encodeSync(CentsFromDollarString)

  it.prop("reads what it writes, whatever the amount", { cents: anyCents }, ({ cents }) => {
    const amount = Cents.make(cents)
    assert.strictEqual(write(amount), Cents.toDollars(amount))
    assert.strictEqual(read(write(amount)), amount)
  }, { arbitrary: { runs: 1000 } })

  for (const [dollars, rule] of refusedDollars) {
    if (typeof dollars === "string") {
      it(`refuses ${JSON.stringify(dollars)} by the rule alone, without quoting it`, () => {
        const message = messageOf(() => read(dollars))
        assert.match(message, /^must /)
        assert.match(message, rule)
        if (dollars.length > 6) assert.notInclude(message, dollars)
      })
    }
  }

  it("refuses a number of dollars", () => {
    assert.match(messageOf(() => read(19.99)), /^Expected string/)
  })
})

describe("Cents.toDollars", () => {
  for (
    const [cents, dollars] of [[0, "0.00"], [1, "0.01"], [10, "0.10"], [100, "1.00"], [1999, "19.99"], [
      Number.MAX_SAFE_INTEGER,
      "90071992547409.91"
    ]] as const
  ) {
    it(`prints ${cents} cents as ${dollars}`, () => {
      assert.strictEqual(Cents.toDollars(Cents.make(cents)), dollars)
    })
  }
})

describe("Cents.make", () => {
  for (
    const [cents, rule] of [
      [NaN, /NaN/],
      [Infinity, /whole number/],
      [-Infinity, /whole number/],
      [12.345, /whole number/],
      [0.1 + 0.2, /whole number/],
      [-5, /negative/],
      [-0, /negative/],
      [2 ** 53, /MAX_SAFE_INTEGER/],
      [1e21, /MAX_SAFE_INTEGER/]
    ] as const
  ) {
    it(`refuses ${Object.is(cents, -0) ? "-0" : cents} and names the rule`, () => {
      const message = messageOf(() => Cents.make(cents))
      assert.match(message, /^Cents must /)
      assert.match(message, rule)
    })
  }

  it.effect("refuses what is not a number when code without types passes it", () =>
    Effect.gen(function*() {
      for (const value of ["100", null, undefined, {}, 100n]) {
        const error = yield* Effect.flip(Schema.decodeUnknownEffect(Cents)(value))
        assert.match(error.message, /Expected Cents/)
      }
    }))
})
