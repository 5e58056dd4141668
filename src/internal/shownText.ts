/**
 * Which texts of an answer are fit to be shown in a log: ids and codes, and nothing that could be a customer's data.
 */

/** A short token: nothing with a space or an `@`, so no sentence and no address. */
const token = (value: unknown): string | undefined => {
  // A larger number is not the one that was sent.
  const text = Number.isSafeInteger(value) ? String(value) : value
  return typeof text === "string" && /^[A-Za-z0-9][A-Za-z0-9_.:=-]{0,127}$/.test(text) ? text : undefined
}

/** The first of some values that is a token, or a list that begins with one. */
export const firstToken = (...values: ReadonlyArray<unknown>): string | undefined => {
  for (const value of values) {
    const found = token(Array.isArray(value) ? value[0] : value)
    if (found !== undefined) return found
  }
  return undefined
}

/** The form of a W3C trace id, or a text with a letter: what has none could be a card or a phone number. */
export const isId = (text: string | undefined): boolean =>
  text !== undefined && (/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(text) || /[A-Za-z]/.test(text))

/** FlexFactor's codes have up to six digits. What has more could be a card or a phone number. */
export const isCode = (text: string | undefined): boolean =>
  text !== undefined && text.length <= 32 && text.replaceAll(/\D/g, "").length <= 6
