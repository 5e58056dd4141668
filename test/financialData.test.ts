import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Result } from "effect"
import { HttpClient } from "effect/http"
import { inspect } from "node:util"
import { Cents, ExternalOrderId, FlexFactor, OrderId } from "../src/index.ts"
import { findFinancialData } from "../src/internal/financialData.ts"
import { json, makeTransport, once, type Run, tagged } from "./support/respond.ts"

// ---------------------------------------------------------------------------------------------------------------------
// Made-up data, the same in every run
// ---------------------------------------------------------------------------------------------------------------------

/** A generator of whole numbers below a limit, from a seed (mulberry32). */
const makeRandom = (seed: number) => {
  let state = seed
  return (limit: number): number => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * limit)
  }
}

const digits = (random: (limit: number) => number, count: number): string =>
  Array.from({ length: count }, () => random(10)).join("")

const hex = (random: (limit: number) => number, count: number): string =>
  Array.from({ length: count }, () => "0123456789abcdef"[random(16)]).join("")

const withLuhnDigit = (start: string): string => {
  const sum = [...start].reverse().reduce((sum, digit, index) => {
    const value = index % 2 === 0 ? Number(digit) * 2 : Number(digit)
    return sum + (value > 9 ? value - 9 : value)
  }, 0)
  return `${start}${(10 - sum % 10) % 10}`
}

/** The first digits and the length of the numbers of each scheme. */
const schemes: ReadonlyArray<readonly [scheme: string, prefix: string, length: number]> = [
  ["Visa", "4", 16],
  ["Visa of 19 digits", "4", 19],
  ["Mastercard", "51", 16],
  ["Mastercard", "55", 16],
  ["Mastercard of series 2, first", "2221", 16],
  ["Mastercard of series 2, last", "2720", 16],
  ["American Express", "34", 15],
  ["American Express", "37", 15],
  ["Discover", "6011", 16],
  ["Discover", "65", 16],
  ["JCB", "3528", 16],
  ["JCB", "3589", 16],
  ["Diners Club", "300", 14],
  ["Diners Club", "36", 14],
  ["UnionPay", "62", 16],
  ["Maestro", "50", 16]
]

/** The number as it is printed on a card. */
const grouped = (number: string, separator: string): string =>
  (number.length === 15
    ? [number.slice(0, 4), number.slice(4, 10), number.slice(10)]
    : number.length === 14
    ? [number.slice(0, 4), number.slice(4, 10), number.slice(10)]
    : number.match(/\d{1,4}/g) ?? []).join(separator)

const cards: ReadonlyArray<readonly [scheme: string, number: string]> = schemes.flatMap(
  ([scheme, prefix, length], index) => {
    const random = makeRandom(1000 + index)
    return Array.from(
      { length: 3 },
      () => [scheme, withLuhnDigit(`${prefix}${digits(random, length - prefix.length - 1)}`)] as const
    )
  }
)

const card = cards[0]?.[1] ?? ""

// ---------------------------------------------------------------------------------------------------------------------
// Through the client
// ---------------------------------------------------------------------------------------------------------------------

const id = OrderId.make("1001")
const amount = Cents.make(100)

const answers = json({ id, status: "SUCCESS", success: true, items: [] })

/** Runs an operation; shows what came of it, and how many requests left the client. */
const run = Effect.fnUntraced(function*(operation: Run, environment: FlexFactor.Environment = "sandbox") {
  const { http, requests } = makeTransport(() => ({ body: answers }))
  const orders = yield* FlexFactor.make({ ...once, environment }).pipe(
    Effect.provideService(HttpClient.HttpClient, http)
  )
  return { result: yield* Effect.result(operation(orders)), requests: requests.length }
})

/** Every place where a caller's text goes out, by the name that the error gives it. */
const places: ReadonlyArray<readonly [field: string, at: (text: string) => Run]> = [
  ["message", (message) => (orders) => orders.refund(id, { amount, message })],
  ["query", (query) => (orders) => orders.list({ query })],
  ["mid", (mid) => (orders) => orders.list({ mid })],
  ["orderBy", (orderBy) => (orders) => orders.list({ orderBy })]
]

/** The places that take an id, whose characters are fewer. */
const idPlaces: ReadonlyArray<readonly [name: string, at: (text: string) => Run]> = [
  ["get", (text) => (orders) => orders.get(OrderId.make(text))],
  ["refund", (text) => (orders) => orders.refund(OrderId.make(text), { amount })],
  ["cancel", (text) => (orders) => orders.cancel(OrderId.make(text))],
  ["cancelByExternalId", (text) => (orders) => orders.cancelByExternalId(ExternalOrderId.make(text))]
]

const refusedWith = Effect.fnUntraced(function*(operation: Run) {
  const { requests, result } = yield* run(operation)
  assert.strictEqual(requests, 0)
  assert.isTrue(Result.isFailure(result))
  return tagged(Result.getOrThrow(Result.flip(result)), "SandboxDataRefused")
})

describe("the sandbox", () => {
  for (const [field, at] of places) {
    it.effect(`refuses a card number of every scheme in ${field}, before anything is sent`, () =>
      Effect.gen(function*() {
        for (const [scheme, number] of cards) {
          for (const text of [number, grouped(number, " "), grouped(number, "-"), `card ${number}, please`]) {
            const error = yield* refusedWith(at(text))
            assert.strictEqual(error.field, field, scheme)
            assert.strictEqual(error.kind, "card number", scheme)
          }
        }
      }))

    for (
      const [kind, text] of [
        ["IBAN", "DE89370400440532013000"],
        ["IBAN", "DE89 3704 0044 0532 0130 00"],
        ["IBAN", "GB82WEST12345698765432"],
        ["IBAN", "GB82 WEST 1234 5698 7654 32"],
        ["IBAN", "gb82 west 1234 5698 7654 32"],
        ["IBAN", "to GB82 WEST 1234 5698 7654 32 please"],
        ["social security number", "123-45-6789"],
        ["social security number", "SSN 123-45-6789."]
      ] as const
    ) {
      it.effect(`refuses the ${kind} in ${field}: ${text}`, () =>
        Effect.gen(function*() {
          const error = yield* refusedWith(at(text))
          assert.strictEqual(error.field, field)
          assert.strictEqual(error.kind, kind)
        }))
    }
  }

  for (const [name, at] of idPlaces) {
    it.effect(`refuses financial data as the id of ${name}, before anything is sent`, () =>
      Effect.gen(function*() {
        const texts = [card, grouped(card, "-"), "DE89370400440532013000", "GB82WEST12345698765432", "123-45-6789"]
        for (const text of texts) {
          const error = yield* refusedWith(at(text))
          assert.strictEqual(error.field, name === "cancelByExternalId" ? "externalId" : "id")
        }
      }))
  }

  it.effect("says what it refused and where, in one sentence", () =>
    Effect.gen(function*() {
      const error = yield* refusedWith((orders) => orders.refund(id, { amount, message: card }))
      assert.strictEqual(
        error.message,
        "Orders.refund: message looks like a real card number, which must not be sent to the sandbox. Nothing was sent"
      )
    }))

  it.effect("shows the refused value in no rendering of the error", () =>
    Effect.gen(function*() {
      for (const text of [card, grouped(card, " "), "DE89370400440532013000", "123-45-6789"]) {
        const error = yield* refusedWith((orders) => orders.refund(id, { amount, message: text }))
        const renderings = [
          String(error),
          error.stack ?? "",
          inspect(error, { depth: 10, showHidden: true }),
          JSON.stringify(error),
          Cause.pretty(Cause.fail(error)),
          JSON.stringify(Exit.fail(error))
        ]
        for (const rendering of renderings) assert.notInclude(rendering, text)
      }
    }))

  for (
    const number of [
      "4111111111111111",
      "4242424242424242",
      "4242 4242 4242 4242",
      "4242-4242-4242-4242",
      "5555555555554444",
      "378282246310005",
      "3782 822463 10005",
      "6011111111111117",
      "30569309025904",
      "3530111333300000"
    ]
  ) {
    it.effect(`lets the test card ${number} pass`, () =>
      Effect.gen(function*() {
        for (const [field, at] of places) {
          assert.strictEqual((yield* run(at(number))).requests, 1, field)
        }
      }))
  }

  it.effect("refuses a real card number beside a test card", () =>
    Effect.gen(function*() {
      const error = yield* refusedWith((orders) => orders.list({ query: `4242424242424242 and ${card}` }))
      assert.strictEqual(error.kind, "card number")
    }))
})

describe("production", () => {
  it.effect("lets everything pass: it is where real data belongs", () =>
    Effect.gen(function*() {
      for (const text of [card, grouped(card, "-"), "DE89370400440532013000", "123-45-6789"]) {
        for (const [name, at] of [...places, ...idPlaces]) {
          assert.strictEqual((yield* run(at(text), "production")).requests, 1, name)
        }
      }
    }))
})

// ---------------------------------------------------------------------------------------------------------------------
// What is found, and what is not
// ---------------------------------------------------------------------------------------------------------------------

describe("a card number", () => {
  const cardsOf16 = cards.map(([, number]) => number).filter(({ length }) => length === 16)
  const beside: ReadonlyArray<readonly [name: string, text: (number: string) => string]> = [
    ["at the start of a sentence", (number) => `${number} was charged`],
    ["before punctuation", (number) => `Charged ${number}.`],
    ["in brackets", (number) => `(${number})`],
    ["in quotation marks", (number) => `"${number}"`],
    ["after a colon", (number) => `card:${number}`],
    ["after an equals sign", (number) => `pan=${number}&x=1`],
    ["on its own line", (number) => `card\n${number}\nthanks`],
    ["after another number", (number) => `order 20240404130000 ${number}`],
    ["after a number of four digits", (number) => `order 1001 ${number}`],
    ["before its expiry", (number) => `${number} 12/27`],
    ["before its expiry and its security code", (number) => `${number} 1227 123`],
    ["before its security code", (number) => `${number} 123`]
  ]
  for (const [name, text] of beside) {
    for (
      const [form, write] of [
        ["bare", (number: string) => number],
        ["with spaces", (number: string) => grouped(number, " ")],
        ["with hyphens", (number: string) => grouped(number, "-")]
      ] as const
    ) {
      it(`${form} is found ${name}`, () => {
        for (const number of cardsOf16) {
          assert.strictEqual(findFinancialData(text(write(number))), "card number", number)
        }
      })
    }
  }

  it("is not one where a digit is wrong", () => {
    for (const [, number] of cards) {
      const wrong = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`
      assert.isUndefined(findFinancialData(wrong), wrong)
    }
  })
})

describe("an IBAN", () => {
  for (
    const text of [
      "IBAN: DE89370400440532013000",
      "(GB82 WEST 1234 5698 7654 32)",
      "order AB12 goes to DE89370400440532013000",
      "AB12 DE89 3704 0044 0532 0130 00",
      "DE89370400440532013000 and then some"
    ]
  ) {
    it(`is found in ${JSON.stringify(text)}`, () => {
      assert.strictEqual(findFinancialData(text), "IBAN")
    })
  }

  for (const text of ["DE88370400440532013000", "GB82WEST1234569876543", "ZZ89370400440532013000"]) {
    it(`is not ${text}: its checksum, its length or its country is wrong`, () => {
      assert.isUndefined(findFinancialData(text))
    })
  }
})

describe("a social security number", () => {
  for (const text of ["000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "1123-45-67890"]) {
    it(`is not ${text}: none is given out like that`, () => {
      assert.isUndefined(findFinancialData(text))
    })
  }
})

describe("ordinary data", () => {
  const nothingFoundIn = (count: number, make: (random: (limit: number) => number) => string) => {
    const random = makeRandom(7)
    const found: Array<string> = []
    for (let index = 0; index < count; index += 1) {
      const text = make(random)
      if (findFinancialData(text) !== undefined) found.push(text)
    }
    assert.deepStrictEqual(found, [])
  }

  const guid = (random: (limit: number) => number): string =>
    [8, 4, 4, 4, 12].map((length) => hex(random, length)).join("-")

  it("passes: 200000 GUIDs", () => {
    nothingFoundIn(200_000, guid)
  })

  it("passes: 50000 GUIDs in capitals, in a sentence", () => {
    nothingFoundIn(50_000, (random) => `Refund of order ${guid(random).toUpperCase()}, requested.`)
  })

  it("passes: 50000 GUIDs whose last part is all digits", () => {
    nothingFoundIn(50_000, (random) => `${guid(random).slice(0, 24)}${digits(random, 12)}`)
  })

  it("passes: 200000 GUIDs without hyphens", () => {
    nothingFoundIn(200_000, (random) => hex(random, 32))
  })

  it("passes: 50000 phone numbers of several countries", () => {
    nothingFoundIn(50_000, (random) => {
      const area = `${2 + random(8)}${digits(random, 2)}`
      const exchange = `${2 + random(8)}${digits(random, 2)}`
      const forms = [
        `+1 ${area} ${exchange} ${digits(random, 4)}`,
        `+1-${area}-${exchange}-${digits(random, 4)}`,
        `(${area}) ${exchange}-${digits(random, 4)}`,
        `${area}-${exchange}-${digits(random, 4)}`,
        `${area}.${exchange}.${digits(random, 4)}`,
        `+49 ${digits(random, 3)} ${digits(random, 8)}`,
        `+44 20 ${digits(random, 4)} ${digits(random, 4)}`,
        `+86 1${digits(random, 2)} ${digits(random, 4)} ${digits(random, 4)}`,
        `0049${digits(random, 11)}`.slice(0, 13),
        `+${1 + random(9)}${digits(random, 14)}`
      ]
      return forms[random(forms.length)] ?? ""
    })
  })

  it("passes: 50000 dates and times", () => {
    nothingFoundIn(50_000, (random) => {
      const date = new Date(
        Date.UTC(2020 + random(10), random(12), 1 + random(28), random(24), random(60), random(60), random(1000))
      )
      const iso = date.toISOString()
      const forms = [
        iso,
        iso.slice(0, 10),
        `${iso.slice(0, 19)}+02:00`,
        `from ${iso} to ${iso}`,
        String(date.getTime())
      ]
      return forms[random(forms.length)] ?? ""
    })
  })

  for (
    const text of [
      "Refund of 1,234.56 for order 1001",
      "Customer request 2024-04-04",
      "Ticket 123456",
      "order #20240404-0001",
      "Invoice 2024 0001 0002",
      "IT24 is our office"
    ]
  ) {
    it(`passes: ${text}`, () => {
      assert.isUndefined(findFinancialData(text))
    })
  }
})

describe("the search", () => {
  // A text is at most 500 characters long, so a search that backtracks would show in far more than the test's limit.
  for (
    const [name, text] of [
      ["digits", "1".repeat(100_000)],
      ["groups of digits", "1234 ".repeat(20_000)],
      ["the start of an IBAN", "DE89 ".repeat(20_000)],
      ["letters", "DE89" + "a".repeat(100_000)]
    ] as const
  ) {
    it(`ends on 100 kB of ${name}`, () => {
      assert.isUndefined(findFinancialData(text))
    })
  }
})
