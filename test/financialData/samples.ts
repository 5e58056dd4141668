/**
 * Made-up data, the same in every run.
 */

/** A generator of whole numbers below a limit, from a seed (mulberry32). */
export const makeRandom = (seed: number) => {
  let state = seed
  return (limit: number): number => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * limit)
  }
}

export const digits = (random: (limit: number) => number, count: number): string =>
  Array.from({ length: count }, () => random(10)).join("")

export const hex = (random: (limit: number) => number, count: number): string =>
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
export const grouped = (number: string, separator: string): string =>
  (number.length === 15
    ? [number.slice(0, 4), number.slice(4, 10), number.slice(10)]
    : number.length === 14
    ? [number.slice(0, 4), number.slice(4, 10), number.slice(10)]
    : number.match(/\d{1,4}/g) ?? []).join(separator)

export const cards: ReadonlyArray<readonly [scheme: string, number: string]> = schemes.flatMap(
  ([scheme, prefix, length], index) => {
    const random = makeRandom(1000 + index)
    return Array.from(
      { length: 3 },
      () => [scheme, withLuhnDigit(`${prefix}${digits(random, length - prefix.length - 1)}`)] as const
    )
  }
)

export const card = cards[0]?.[1] ?? ""
