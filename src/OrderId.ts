/**
 * The two names an order goes by. They are different brands because FlexFactor calls both of them `orderId`
 * in different places, and mixing them up refunds or cancels somebody else's order.
 */
import * as Schema from "effect/Schema"
import { branded } from "./internal/branded.ts"
import { characterRule } from "./internal/textRule.ts"

const maximumLength = 128

// oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
const controlCharacter = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/

/** Percent-encoding leaves `.` and `..` as they are, and some proxies decode `%2F`: these ids are refused instead. */
const staysInItsPathSegment = Schema.makeFilter((id: string) => {
  if (id.length === 0) return "must not be empty"
  if (id === "." || id === "..") return "must not be a path step (\".\" or \"..\")"
  const rule = characterRule(id, maximumLength, controlCharacter)
  if (rule !== undefined) return rule
  if (/[/\\%]/.test(id)) return "must not contain a slash, a backslash or a percent sign"
  return id.trim() === id ? undefined : "must not begin or end with a space"
})

const isPlainToken = Schema.makeFilter((id: string) =>
  /^[A-Za-z0-9._~:@!$&'()*+,;=-]*$/.test(id) ||
  "must contain only letters, digits and . _ ~ : @ ! $ & ' ( ) * + , ; = -"
)

/**
 * FlexFactor's own id of an order: the `orderId` of `/evaluate`, `/orders` and webhooks. In practice a GUID (observed).
 *
 * `OrderId.make(text)` throws an error that names the broken rule. An id that could leave its place in the URL path
 * (`..`, a slash, a percent sign, control characters) is not an `OrderId`, so it never reaches the network.
 *
 * @example
 * ```ts
 * import { OrderId } from "effect-flexfactor"
 *
 * const id = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")
 * ```
 */
export const OrderId = branded(
  "OrderId",
  Schema.String.check(staysInItsPathSegment, isPlainToken).pipe(Schema.brand("OrderId")).annotate({
    identifier: "OrderId"
  })
)

/** FlexFactor's own id of an order. */
export type OrderId = typeof OrderId.Type

/**
 * The merchant's own id of an order, as sent to FlexFactor with `/evaluate`: what `Orders.cancelByExternalId` takes.
 *
 * Any text of 1 to 128 characters that stays within one path segment; it is percent-encoded on the wire.
 *
 * @example
 * ```ts
 * import { ExternalOrderId } from "effect-flexfactor"
 *
 * const id = ExternalOrderId.make("#1001")
 * ```
 */
export const ExternalOrderId = branded(
  "ExternalOrderId",
  Schema.String.check(staysInItsPathSegment).pipe(Schema.brand("ExternalOrderId")).annotate({
    identifier: "ExternalOrderId"
  })
)

/** The merchant's own id of an order. */
export type ExternalOrderId = typeof ExternalOrderId.Type
