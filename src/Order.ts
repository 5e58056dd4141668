/**
 * An order as FlexFactor shows it: in lists, and when it is read by id.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { documentedFields, isJsonObject, JsonObject, ownValue, partition } from "./internal/jsonObject.ts"
import { withDefined } from "./internal/withDefined.ts"
import { OrderId } from "./OrderId.ts"
import { OrderStatus, statusFromCode, statusFromName } from "./OrderStatus.ts"

export { JsonObject }

/** The documented fields (documented: read order page, which could be read up to `currencySymbol`). */
const OrderFields = Schema.Struct({
  id: OrderId,
  status: OrderStatus,
  statusCode: Schema.optionalKey(Schema.Int),
  statusName: Schema.optionalKey(Schema.String),
  correlationId: Schema.optionalKey(Schema.String),
  referenceNumber: Schema.optionalKey(Schema.String),
  orderPlacedDate: Schema.optionalKey(Schema.DateTimeUtc),
  expiryDate: Schema.optionalKey(Schema.DateTimeUtc),
  billingAddress: Schema.optionalKey(JsonObject),
  shippingAddress: Schema.optionalKey(JsonObject),
  firstName: Schema.optionalKey(Schema.String),
  lastName: Schema.optionalKey(Schema.String),
  email: Schema.optionalKey(Schema.String),
  phone: Schema.optionalKey(Schema.String),
  secondaryEmail: Schema.optionalKey(Schema.String),
  currencyCode: Schema.optionalKey(Schema.String),
  currencySymbol: Schema.optionalKey(Schema.String),
  extra: JsonObject
})

/** ISO 8601 (documented). `DateTime` would take more, such as `1` for a year. */
const looksLikeDate = (value: unknown): boolean =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}(?:T|$)/.test(value) && Option.isSome(DateTime.make(value))

/** How each field must look to be taken for what the documentation says it is. */
const documented = documentedFields<Exclude<keyof typeof OrderFields.Encoded, "statusCode" | "extra">>({
  id: Predicate.isString,
  status: (value) => Predicate.isString(value) || Number.isSafeInteger(value),
  statusName: Predicate.isString,
  correlationId: Predicate.isString,
  referenceNumber: Predicate.isString,
  orderPlacedDate: looksLikeDate,
  expiryDate: looksLikeDate,
  billingAddress: isJsonObject,
  shippingAddress: isJsonObject,
  firstName: Predicate.isString,
  lastName: Predicate.isString,
  email: Predicate.isString,
  phone: Predicate.isString,
  secondaryEmail: Predicate.isString,
  currencyCode: Predicate.isString,
  currencySymbol: Predicate.isString
})

/** The integer code rules; the name decides where there is no code, or none that is documented. */
const readStatus = (
  known: JsonObject
): { readonly status: OrderStatus | undefined; readonly code: number | undefined } => {
  const { status: raw, statusName: name } = known
  const code = typeof raw === "number"
    ? raw
    : typeof raw === "string" && /^\d{1,9}$/.test(raw)
    ? Number(raw)
    : undefined
  const words = typeof name === "string" && name !== ""
    ? name
    : typeof raw === "string" && code === undefined
    ? raw
    : ""
  const status = (code === undefined ? undefined : statusFromCode(code))
    ?? (words === "" ? code?.toString() : statusFromName(words))
  return { status, code }
}

/** Assumed: where an order has no `id`, one of the names that other answers of FlexFactor give it (observed there). */
const otherIdNames = ["orderId", "orderSessionKey"]

const readId = (extra: JsonObject): string | undefined =>
  otherIdNames.map((name) => ownValue(extra, name)).find(Predicate.isString)

const readDate = (text: unknown): DateTime.Utc | undefined =>
  typeof text === "string" ? DateTime.toUtc(DateTime.makeUnsafe(text)) : undefined

/** Nothing, if the order nests too deeply. */
const fromWire = (wire: JsonObject): typeof OrderFields.Encoded | undefined => {
  const { extra, isShallow, known } = partition(wire, documented)
  if (!isShallow) return undefined
  known["id"] ??= readId(extra)
  const { expiryDate, orderPlacedDate } = known
  if (orderPlacedDate !== undefined) known["orderPlacedDate"] = readDate(orderPlacedDate)
  if (expiryDate !== undefined) known["expiryDate"] = readDate(expiryDate)
  const { code, status } = readStatus(known)
  known["status"] = status
  if (code !== undefined) known["statusCode"] = code
  known["extra"] = extra
  // oxlint-disable-next-line no-unsafe-type-assertion -- the schema that follows finds a missing field and names it
  return known as typeof OrderFields.Encoded
}

const toWire = (
  { expiryDate, extra, orderPlacedDate, status, statusCode, ...rest }: typeof OrderFields.Encoded
): JsonObject => ({
  ...extra,
  ...rest,
  ...withDefined({
    orderPlacedDate: orderPlacedDate && DateTime.formatIso(orderPlacedDate),
    expiryDate: expiryDate && DateTime.formatIso(expiryDate)
  }),
  status: statusCode ?? status
})

/**
 * An order of FlexFactor. Only `id` and `status` are always there; the rest is optional, as documented.
 *
 * - `status` is the documented name, or whatever else FlexFactor sent; `statusCode` and `statusName` are as sent.
 * - Dates are `DateTime.Utc`.
 * - `extra` holds every field that is not listed here, as sent: amounts, items, whatever FlexFactor adds. No source
 *   says whether amounts on an order are dollars or cents, so the library does not read them.
 *
 * Orders hold customers' names and addresses: do not log them whole.
 *
 * @example
 * ```ts
 * import type { Order } from "effect-flexfactor"
 *
 * const label = (order: Order) => `${order.id} ${order.status} ${order.currencyCode ?? ""}`
 * ```
 */
export const Order: Schema.Codec<Order, JsonObject> = JsonObject.pipe(Schema.decodeTo(
  OrderFields,
  SchemaTransformation.transformEffect<typeof OrderFields.Encoded, JsonObject>({
    decode: (wire, options) => {
      const order = fromWire(wire)
      return order === undefined
        ? Effect.fail(new SchemaIssue.InvalidValue({ expected: "an order that nests less deeply" }, wire, options))
        : Effect.succeed(order)
    },
    encode: (order) => Effect.succeed(toWire(order))
  })
)).annotate({ identifier: "Order" })

const isOrder = Schema.is(OrderFields)

/**
 * Reads an order without saying what is wrong with one: in a fraction of the time that the schema takes, by the same
 * rules.
 *
 * @internal
 */
export const readOrder = (wire: unknown): Order | undefined => {
  const order = isJsonObject(wire) ? fromWire(wire) : undefined
  return isOrder(order) ? { ...order } : undefined
}

/** An order of FlexFactor. */
export interface Order extends Schema.Schema.Type<typeof OrderFields> {}
