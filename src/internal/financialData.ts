/**
 * Finds real financial data in a text, which FlexFactor forbids in its sandbox (documented). It looks for what carries
 * a proof of its own, a checksum or a fixed form, so that order ids, dates and phone numbers pass.
 */

export type FinancialData = "card number" | "IBAN" | "social security number"

/** Numbers that card schemes and payment providers publish for testing. */
const testCards = new Set(
  ("4111111111111111 4242424242424242 4012888888881881 4000056655665556 4000000000000002 "
    + "4000000000000077 4000000000003220 4000000000009995 4000002500003155 4000002760003184 "
    + "4005519200000004 4009348888881881 4012000033330026 4012000077777777 4217651111111119 "
    + "4500600000000061 4917610000000000 5555555555554444 5105105105105100 5200828282828210 "
    + "5454545454545454 5424000000000015 5431111111111111 5499740000000057 2223003122003222 "
    + "2223000048400011 2222400070000005 5555341244441115 378282246310005 371449635398431 378734493671000 "
    + "370000000000002 341111111111111 6011111111111117 6011000990139424 6011000000000012 6011981111111113 "
    + "6510000000000034 30569309025904 38520000023237 36227206271667 36006666333344 3530111333300000 "
    + "3566002020360505 3566111111111113 6200000000000005 6205500000000000004")
    .split(" ")
)

/**
 * Digits that are written as on a card, bare or grouped, and are neither part of a longer word nor a phone number. Each
 * is found by looking ahead, so that a number beside it does not hide it.
 */
const cardLike = [
  /(?<![A-Za-z0-9+])(?=(\d{14,19})(?![A-Za-z0-9]))/g,
  /(?<![A-Za-z0-9+])(?=(\d{4}([ ./_-])\d{4}\2\d{4}\2\d{4}(?:\2\d{3})?)(?![A-Za-z0-9]))/g,
  /(?<![A-Za-z0-9+])(?=(\d{4}([ ./_-])\d{4}\2\d{4}\2\d{4})(?![A-Za-z0-9]))/g,
  /(?<![A-Za-z0-9+])(?=(\d{4}([ ./_-])\d{6}\2\d{4,5})(?![A-Za-z0-9]))/g
]

const allOf = (text: string, patterns: ReadonlyArray<RegExp>): ReadonlyArray<string> =>
  patterns.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, found]) => found === undefined ? [] : [found]))

/** The first digits and lengths that card schemes use. */
const schemes = [
  /^4\d{15}(?:\d{3})?$/, // Visa
  /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^(?:6011|64[4-9]\d|65\d{2})\d{12}(?:\d{3})?$/, // Discover
  /^35(?:2[89]|[3-8]\d)\d{12}$/, // JCB
  /^3(?:0[0-5]|[689]\d)\d{11}$/, // Diners Club
  /^(?:62|81)\d{14}(?:\d{1,3})?$/, // UnionPay
  /^(?:50|5[6-9]|6[0-9])\d{14}(?:\d{1,3})?$/ // Maestro
]

const passesLuhn = (digits: string): boolean =>
  [...digits].reverse().reduce((sum, digit, index) => {
        const value = index % 2 === 0 ? Number(digit) : Number(digit) * 2
        return sum + (value > 9 ? value - 9 : value)
      }, 0) % 10 === 0

const isCard = (found: string): boolean => {
  const digits = found.replaceAll(/\D/g, "")
  return schemes.some((scheme) => scheme.test(digits)) && passesLuhn(digits) && !testCards.has(digits)
}

/** Lengths of the IBANs of each country, as registered. */
const ibanLengths: ReadonlyMap<string, number> = new Map(
  ("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 "
    + "FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 "
    + "LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 "
    + "RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30")
    .split(" ").map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const)
)

/** Bare or with spaces, or in groups of four with hyphens. */
const ibanLike = [
  /(?<!\w)(?=([A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}))/g,
  /(?<!\w)(?=([A-Za-z]{2}\d{2}(?:-[A-Za-z0-9]{4}){2,7}(?:-[A-Za-z0-9]{1,4})?)(?!\w|-\w))/g
]

const hasIbanChecksum = (iban: string): boolean => {
  const digits = `${iban.slice(4)}${iban.slice(0, 4)}`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return BigInt(digits) % 97n === 1n
}

/** The text after an IBAN may look like more of it, so the registered length decides where it ends. */
const isIban = (found: string): boolean => {
  const length = ibanLengths.get(found.slice(0, 2).toUpperCase())
  const iban = length === undefined
    ? undefined
    : new RegExp(`^(?:\\w ?){${length - 1}}\\w(?!\\w)`).exec(found.replaceAll("-", " "))?.[0]
  return iban !== undefined && hasIbanChecksum(iban.replaceAll(" ", "").toUpperCase())
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
