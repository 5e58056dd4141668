/**
 * Finds real financial data in a text, which FlexFactor forbids in its sandbox (documented). It looks for what carries
 * a proof of its own, a checksum or a fixed form, so that order ids, dates and phone numbers pass.
 */

type FinancialData = "card number" | "IBAN" | "social security number"

const oneOf = (patterns: ReadonlyArray<string>): RegExp => new RegExp(`^(?:${patterns.join("|")})$`)

/** Numbers that card schemes and payment providers publish for testing: `0{9}` is nine zeros. */
const testCards = oneOf(
  ("41{15} (42){8} 40128{8}1881 4000056655665556 40{14}2 40{13}77 40{11}3220 40{11}9995 4000002500003155 "
    + "4000002760003184 4005519200000004 4009348888881881 4012000033330026 40120{4}7{8} 4217651{9}9 450060{9}61 "
    + "4917610{10} 5{12}4{4} (510){5}0 5200(82){5}10 (54){8} 54240{10}15 5431{13} 5499740{8}57 2223003122003222 "
    + "2223000048400011 2222400070000005 5555341244441115 378282246310005 371449635398431 378734493671000 370{12}2 "
    + "341{13} 601{13}7 6011000990139424 60110{10}12 6011981{9}3 6510{11}34 30569309025904 38520000023237 "
    + "36227206271667 36006666333344 3530111333300000 3566002020360505 35661{11}3 620{13}5 620550{13}4")
    .split(" ")
)

/** The first digits and lengths that card schemes use. */
const schemes = oneOf([
  "4\\d{15}(?:\\d{3})?", // Visa
  "(?:5[1-5]\\d\\d|222[1-9]|22[3-9]\\d|2[3-6]\\d\\d|27[01]\\d|2720)\\d{12}", // Mastercard
  "3[47]\\d{13}", // American Express
  "35(?:2[89]|[3-8]\\d)\\d{12}", // JCB
  "3(?:0[0-5]|[689]\\d)\\d{11}", // Diners Club
  "(?:50|5[6-9]|6\\d|81)\\d{14,17}" // Maestro, Discover, UnionPay
])

/**
 * Digits that are written as on a card, bare or grouped, and are neither part of a longer word nor a phone number. Each
 * is found by looking ahead, so that a number beside it does not hide it.
 */
const cardLike = [
  "\\d{14,19}",
  "\\d{4}([ ./_-])\\d{4}\\2\\d{4}\\2\\d{4}(?:\\2\\d{3})?",
  "\\d{4}([ ./_-])\\d{4}\\2\\d{4}\\2\\d{4}",
  "\\d{4}([ ./_-])\\d{6}\\2\\d{4,5}"
].map((pattern) => new RegExp(`(?<![a-z\\d+])(?=(${pattern})(?![a-z\\d]))`, "gi"))

const allOf = (text: string, patterns: ReadonlyArray<RegExp>): ReadonlyArray<string> =>
  patterns.flatMap((pattern) => Array.from(text.matchAll(pattern), ([, found = ""]) => found))

const passesLuhn = (digits: string): boolean =>
  [...digits].reverse().reduce((sum, digit, index) => {
        const value = index % 2 === 0 ? Number(digit) : Number(digit) * 2
        return sum + (value > 9 ? value - 9 : value)
      }, 0) % 10 === 0

const isCard = (found: string): boolean => {
  const digits = found.replaceAll(/\D/g, "")
  return schemes.test(digits) && passesLuhn(digits) && !testCards.test(digits)
}

/** The countries by the length of their IBANs, as registered. */
const ibanCountries = {
  15: "NO",
  16: "BE",
  18: "DK FI FK FO GL NL SD",
  19: "MK SI",
  20: "AT BA EE KZ LT LU MN XK",
  21: "CH HR LI LV",
  22: "BG BH CR DE GB GE IE ME RS VA",
  23: "AE GI IL IQ OM SO TL",
  24: "AD CZ ES MD PK RO SA SE SK TN VG",
  25: "LY PT ST",
  26: "IS TR",
  27: "BI DJ FR GR IT MC MR SM",
  28: "AL AZ BY CY DO GT HU LB NI PL SV",
  29: "BR EG PS QA UA",
  30: "JO KW MU YE",
  31: "MT SC",
  32: "LC",
  33: "RU"
}

/** Bare or with spaces, or in groups of four with hyphens. */
const ibanLike = [
  /(?<!\w)(?=([a-z]{2}\d{2}(?: ?[a-z\d]){11,30}))/gi,
  /(?<!\w)(?=([a-z]{2}\d{2}(?:-[a-z\d]{4}){2,7}(?:-[a-z\d]{1,4})?)(?!\w|-\w))/gi
]

const hasIbanChecksum = (iban: string): boolean => {
  const digits = `${iban.slice(4)}${iban.slice(0, 4)}`.replaceAll(/[A-Z]/g, (letter) => String(parseInt(letter, 36)))
  return BigInt(digits) % 97n === 1n
}

/** The text after an IBAN may look like more of it, so the registered length decides where it ends. */
const isIban = (found: string): boolean => {
  const text = found.replaceAll("-", " ").toUpperCase()
  const length = Object.entries(ibanCountries).find(([, countries]) => countries.includes(text.slice(0, 2)))?.[0]
  const iban = length && new RegExp(`^(?:\\w ?){${Number(length) - 1}}\\w(?!\\w)`).exec(text)?.[0]
  return iban !== undefined && hasIbanChecksum(iban.replaceAll(" ", ""))
}

const socialSecurityNumber = /(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/

/** The kind of financial data in a text, or `undefined` where it holds none. */
export const findFinancialData = (given: string): FinancialData | undefined => {
  // Full-width digits, thin spaces, line breaks and long dashes become plain digits, spaces and hyphens.
  const text = given.normalize("NFKC").replaceAll(/\s+/g, " ").replaceAll(/\p{Pd}/gu, "-")
  if (allOf(text, cardLike).some(isCard)) return "card number"
  if (allOf(text, ibanLike).some(isIban)) return "IBAN"
  return socialSecurityNumber.test(text) ? "social security number" : undefined
}
