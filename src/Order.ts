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
import { readDate } from "./internal/date.ts"
import { isJsonObject, isSafeInteger, JsonObject, ownFields, ownValue } from "./internal/jsonObject.ts"
import { readPlainOrder } from "./internal/plainOrder.ts"
import { fieldIf, splitFields } from "./internal/splitFields.ts"
import { withDefined } from "./internal/withDefined.ts"
import { OrderId } from "./OrderId.ts"
import { OrderStatus, readStatus } from "./OrderStatus.ts"

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

type OrderEncoded = typeof OrderFields.Encoded

const text = fieldIf(Predicate.isString)

interface Documented extends Omit<OrderEncoded, "status" | "statusCode" | "extra"> {
  readonly status: string | number
}

/** How each documented field is read. */
const split = splitFields<Documented>({
  id: text,
  status: (value) => typeof value === "string" || isSafeInteger(value) ? value : undefined,
  statusName: text,
  correlationId: text,
  referenceNumber: text,
  orderPlacedDate: readDate,
  expiryDate: readDate,
  billingAddress: fieldIf(isJsonObject),
  shippingAddress: fieldIf(isJsonObject),
  firstName: text,
  lastName: text,
  email: text,
  phone: text,
  secondaryEmail: text,
  currencyCode: text,
  currencySymbol: text
})

/** Assumed: where an order has no `id`, one of the names that other answers of FlexFactor give it (observed there). */
const otherIdNames = ["orderId", "orderSessionKey"]

const readId = (extra: JsonObject): string | undefined =>
  otherIdNames.map((name) => ownValue(extra, name)).find(Predicate.isString)

/** What an order on the wire becomes, before its id is checked; nothing, if it nests too deeply. */
const fromWire = (wire: JsonObject) => {
  const { extra, isShallow, known } = split(wire)
  if (!isShallow) return undefined
  const { code, status } = readStatus(known.status, known.statusName)
  return {
    ...known,
    ...(code === undefined ? undefined : { statusCode: code }),
    id: known.id ?? readId(extra),
    status,
    extra
  }
}

const toWire = (
  { expiryDate, extra, orderPlacedDate, status, statusCode, ...rest }: OrderEncoded
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
  SchemaTransformation.transformEffect<OrderEncoded, JsonObject>({
    decode: (wire, options) => {
      const order = fromWire(wire)
      return order === undefined
        ? Effect.fail(new SchemaIssue.InvalidValue({ expected: "an order that nests less deeply" }, wire, options))
        // oxlint-disable-next-line no-unsafe-type-assertion -- the schema that follows finds a missing field and names it
        : Effect.succeed(ownFields(order) as OrderEncoded)
    },
    encode: (order) => Effect.succeed(toWire(order))
  })
)).annotate({ identifier: "Order" })

const decode = Schema.decodeUnknownOption(Order)

/**
 * Reads an order by the rules of the schema, without saying what is wrong with it.
 *
 * @internal
 */
export const readOrder = (wire: unknown): Order | undefined =>
  isJsonObject(wire) ? readPlainOrder(wire) ?? Option.getOrUndefined(decode(ownFields(wire))) : undefined

/** An order of FlexFactor. */
export interface Order extends Schema.Schema.Type<typeof OrderFields> {}
