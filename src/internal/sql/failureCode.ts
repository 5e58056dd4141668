/**
 * What kind of failure a database had. What it says of it can hold data, so nothing of that is passed on.
 */
import type { SqlError } from "effect/sql/SqlError"

/** A code such as `53100` or `ECONNREFUSED`: SQLite's own where Node's sqlite gives it. */
const codeOf = (cause: unknown): string => {
  if (typeof cause !== "object" || cause === null) return ""
  const code: unknown = Reflect.get(cause, "errcode") ?? Reflect.get(cause, "code")
  return /^[A-Z0-9_]{1,40}$/.test(String(code)) ? ` (${String(code)})` : ""
}

/** Such as `ConnectionError (ECONNREFUSED)`. */
export const failureCode = ({ reason }: SqlError): string => `${reason._tag}${codeOf(reason.cause)}`
