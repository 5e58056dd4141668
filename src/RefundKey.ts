/**
 * The caller's name for one intention to refund, such as the id of a ticket.
 */
import * as Schema from "effect/Schema"
import { branded } from "./internal/branded.ts"
import { textRule } from "./internal/textRule.ts"

const maximumLength = 200

const isKey = Schema.makeFilter((key: string) =>
  textRule(key, maximumLength)
    ?? (/[\t\n\r]/.test(key)
      ? "must not contain a line break or a tab"
      : key.trim() !== key
      ? "must not begin or end with a space"
      : undefined)
)

/**
 * The caller's name for one intention to refund: text of 1 to 200 characters, such as the id of a ticket.
 *
 * The same key is the same refund, however often it is asked for and by however many workers. Two refunds that are both
 * meant have two keys, even if they are otherwise equal. Do not put customers' data into a key: errors, spans and logs
 * show it.
 *
 * @example
 * ```ts
 * import { RefundKey } from "effect-flexfactor"
 *
 * const key = RefundKey.make("ticket-4711")
 * ```
 */
export const RefundKey = branded(
  "RefundKey",
  Schema.String.check(isKey).pipe(Schema.brand("RefundKey")).annotate({ identifier: "RefundKey" })
)

/** The caller's name for one intention to refund. */
export type RefundKey = typeof RefundKey.Type
