/**
 * The rules for text that goes to FlexFactor.
 */

// oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
const controlCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/

/** The rule that the length or a character of a text breaks, or `undefined`. */
export const characterRule = (text: string, maximumLength: number, control: RegExp): string | undefined => {
  if (text.length > maximumLength) return `must not be longer than ${maximumLength} characters`
  if (control.test(text)) return "must not contain control characters"
  return text.isWellFormed() ? undefined : "must not contain half of a surrogate pair"
}

/** The rule that a free text breaks, or `undefined`. Line breaks and tabs are fine: JSON and URLs escape them. */
export const textRule = (text: unknown, maximumLength: number): string | undefined => {
  if (typeof text !== "string") return "must be text"
  return text.trim() === "" ? "must not be empty" : characterRule(text, maximumLength, controlCharacter)
}
