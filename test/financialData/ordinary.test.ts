import { assert, describe, it } from "@effect/vitest"
import { findFinancialData } from "../../src/internal/financialData.ts"
import { digits, hex, makeRandom } from "./samples.ts"

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
