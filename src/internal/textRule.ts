/**
 * The rule for free text that goes to FlexFactor.
 */

// oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
const controlCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/

/** The rule that a text breaks, or `undefined`. Line breaks and tabs are fine: JSON and URLs escape them. */
export const textRule = (text: unknown, maximumLength: number): string | undefined => {
  if (typeof text !== "string") return "must be text"
  if (text.trim() === "") return "must not be empty"
  if (text.length > maximumLength) return `must not be longer than ${maximumLength} characters`
  if (controlCharacter.test(text)) return "must not contain control characters"
  if (!text.isWellFormed()) return "must not contain half of a surrogate pair"
  return undefined
}
