/**
 * The names of an event on the wire, and its fields by their names here.
 *
 * What a program decides by (`event`, `at`, `orderId` and the two marks) must be as documented. The rest is kept under
 * `extra` where it is not, because an event should not be lost for it.
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { ExternalOrderId } from "../../OrderId.ts"
import type { WebhookEventEncoded } from "../../WebhookEvent.ts"
import { isJsonObject, type JsonObject } from "../jsonObject.ts"
import { fieldIf, splitFields } from "../splitFields.ts"

/** The names that are not the same here and on the wire, where they begin with a capital. */
const wireNames = {
  event: "Event",
  at: "TimeStamp",
  orderId: "OrderId",
  externalOrderId: "ExternalOrderId",
  confirmationId: "ConfirmationId",
  isTestMode: "IsTestMode",
  isResent: "IsResent",
  data: "EventData"
} as const

/** The name of a field on the wire (observed). */
export const wireName = (field: PropertyKey | undefined): string =>
  Object.entries(wireNames).find(([name]) => name === field)?.[1] ?? "body"

/** The schema that follows has the last word on those that may be anything here. */
const anything = (value: unknown): unknown => value ?? undefined

const split = splitFields<
  Record<
    | "event"
    | "timeStamp"
    | "orderId"
    | "externalOrderId"
    | "confirmationId"
    | "isTestMode"
    | "isResent"
    | "eventData",
    unknown
  >
>({
  event: anything,
  timeStamp: anything,
  orderId: anything,
  externalOrderId: fieldIf(Schema.is(ExternalOrderId)),
  confirmationId: fieldIf(Predicate.isString),
  isTestMode: anything,
  isResent: anything,
  eventData: fieldIf(isJsonObject)
})

/** Assumed: an event that is about no order says so with an empty id, if not with `null` or without one. */
const isEmptyId = (value: unknown): boolean => value === ""

export const eventFromWire = (wire: JsonObject): WebhookEventEncoded => {
  const { extra, known } = split(wire)
  const { eventData: data, orderId, timeStamp: at, ...rest } = known
  const fields: JsonObject = {
    ...rest,
    ...(at === undefined ? {} : { at }),
    ...(orderId === undefined || isEmptyId(orderId) ? {} : { orderId }),
    ...(data === undefined ? {} : { data })
  }
  // oxlint-disable-next-line no-unsafe-type-assertion -- the schema that follows finds what is not so and names it
  return Object.assign(Object.create(null), fields, { extra }) as WebhookEventEncoded
}

const isKnown = (field: string): field is keyof typeof wireNames => Object.hasOwn(wireNames, field)

const uncapitalized = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

/**
 * A field that came in both spellings has its other value in `extra`, under the name with a capital. So that this one is
 * not read in its place, the field is written under the name without one, also where it is absent.
 */
export const eventToWire = ({ extra, ...fields }: WebhookEventEncoded): JsonObject => {
  const isExtra = (name: string): boolean => Object.hasOwn(extra, name)
  const absent = Object.entries(wireNames).filter(([field, name]) =>
    isExtra(name) && !isExtra(uncapitalized(name)) && !Object.hasOwn(fields, field)
  )
  return {
    ...extra,
    ...Object.fromEntries(absent.map(([, name]) => [uncapitalized(name), null])),
    ...Object.fromEntries(
      Object.entries(fields).map(([field, value]) => {
        const name = isKnown(field) ? wireNames[field] : field
        return [isExtra(name) ? uncapitalized(name) : name, value]
      })
    )
  }
}
