import { assert, describe, it } from "@effect/vitest"
import { findFinancialData } from "../../src/internal/financialData.ts"
import { cards, grouped } from "./samples.ts"

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
