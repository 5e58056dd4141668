/**
 * Reads an order that is as documented in every way, as nearly all are, in a fraction of the time that the schema takes.
 * One that is unusual in any way is left to the schema, which has the rules.
 *
 * It is written out field by field: V8 is fastest where it knows the names.
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Order } from "../Order.ts"
import { OrderId } from "../OrderId.ts"
import { readStatus } from "../OrderStatus.ts"
import { readDate } from "./date.ts"
import { isJsonObject, isSafeInteger, isShallowField, type JsonObject } from "./jsonObject.ts"
import { otherFields } from "./otherFields.ts"
import { isCapitalized } from "./splitFields.ts"

type Mutable<A> = { -readonly [Name in keyof A]: A[Name] }

const isOrderId = Schema.is(OrderId)

const isTextOrNothing = (value: unknown): boolean => Predicate.isString(value) || Predicate.isNullish(value)

const isDateOrNothing = (value: unknown, date: Order["expiryDate"]): boolean =>
  date !== undefined || Predicate.isNullish(value)

const isAddressOrNothing = (value: unknown): boolean =>
  Predicate.isNullish(value) || (isJsonObject(value) && isShallowField(value))

/** The fields that are read here. A field of `Order` that is missing here is a compile error. */
const fields: Readonly<Record<Exclude<keyof Order, "statusCode" | "extra">, true>> = {
  id: true,
  status: true,
  statusName: true,
  correlationId: true,
  referenceNumber: true,
  orderPlacedDate: true,
  expiryDate: true,
  billingAddress: true,
  shippingAddress: true,
  firstName: true,
  lastName: true,
  email: true,
  phone: true,
  secondaryEmail: true,
  currencyCode: true,
  currencySymbol: true
}

const names = Object.keys(fields)

const plain = {}

/** Whether all objects inherit a field that an order may leave out. */
const isPolluted = (): boolean => names.some((name) => name in plain)

/** A name with a capital may be a documented one (observed); one that objects inherit cannot simply be copied. */
const extraOf = otherFields(new Set(names), (name) => isCapitalized(name) || name in plain)

export const readPlainOrder = (wire: JsonObject): Order | undefined => {
  if (isPolluted()) return undefined
  const {
    id,
    status: raw,
    statusName,
    correlationId,
    referenceNumber,
    orderPlacedDate,
    expiryDate,
    billingAddress,
    shippingAddress,
    firstName,
    lastName,
    email,
    phone,
    secondaryEmail,
    currencyCode,
    currencySymbol
  } = wire

  if (!Predicate.isString(raw) && !isSafeInteger(raw)) return undefined
  const { code, status } = readStatus(raw, Predicate.isString(statusName) ? statusName : undefined)
  const placed = readDate(orderPlacedDate)
  const expires = readDate(expiryDate)
  if (
    status === undefined
    || !isOrderId(id)
    || !isDateOrNothing(orderPlacedDate, placed)
    || !isDateOrNothing(expiryDate, expires)
    || !isAddressOrNothing(billingAddress)
    || !isAddressOrNothing(shippingAddress)
    || !isTextOrNothing(statusName)
    || !isTextOrNothing(correlationId)
    || !isTextOrNothing(referenceNumber)
    || !isTextOrNothing(firstName)
    || !isTextOrNothing(lastName)
    || !isTextOrNothing(email)
    || !isTextOrNothing(phone)
    || !isTextOrNothing(secondaryEmail)
    || !isTextOrNothing(currencyCode)
    || !isTextOrNothing(currencySymbol)
  ) return undefined
  const extra = extraOf(wire)
  if (extra === undefined) return undefined

  // Not a literal with fields: where the orders of long pages live for a while, V8 soon allocates such literals among
  // its old objects. There they stay, with all that they refer to, until a full collection.
  const order: Mutable<Omit<Order, "extra">> = Object.assign({}, { id, status })
  if (code !== undefined) order.statusCode = code
  if (Predicate.isString(statusName)) order.statusName = statusName
  if (Predicate.isString(correlationId)) order.correlationId = correlationId
  if (Predicate.isString(referenceNumber)) order.referenceNumber = referenceNumber
  if (placed !== undefined) order.orderPlacedDate = placed
  if (expires !== undefined) order.expiryDate = expires
  if (isJsonObject(billingAddress)) order.billingAddress = billingAddress
  if (isJsonObject(shippingAddress)) order.shippingAddress = shippingAddress
  if (Predicate.isString(firstName)) order.firstName = firstName
  if (Predicate.isString(lastName)) order.lastName = lastName
  if (Predicate.isString(email)) order.email = email
  if (Predicate.isString(phone)) order.phone = phone
  if (Predicate.isString(secondaryEmail)) order.secondaryEmail = secondaryEmail
  if (Predicate.isString(currencyCode)) order.currencyCode = currencyCode
  if (Predicate.isString(currencySymbol)) order.currencySymbol = currencySymbol
  return Object.assign(order, { extra })
}
