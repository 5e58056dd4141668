/**
 * FlexFactor's bodies as zod schemas: the documented fields, dates read as dates, and what else is there kept.
 */
import * as z from "zod"

const Text = z.string().nullish()
const Time = z.iso.datetime().transform((text) => new Date(text)).nullish()
const Address = z.looseObject({}).nullish()

export const Order = z.looseObject({
  id: z.string().min(1),
  status: z.int(),
  statusName: Text,
  correlationId: Text,
  referenceNumber: Text,
  orderPlacedDate: Time,
  expiryDate: Time,
  billingAddress: Address,
  shippingAddress: Address,
  firstName: Text,
  lastName: Text,
  email: Text,
  phone: Text,
  secondaryEmail: Text,
  currencyCode: Text,
  currencySymbol: Text
})

export const Page = z.looseObject({
  items: z.array(Order),
  hasNextPage: z.boolean(),
  hasPreviousPage: z.boolean(),
  isFirstPage: z.boolean(),
  isLastPage: z.boolean(),
  pageNumber: z.int(),
  pageSize: z.int(),
  pageCount: z.int(),
  totalItemCount: z.int(),
  firstItemOnPage: z.int(),
  lastItemOnPage: z.int()
})

export const Refund = z.looseObject({
  success: z.boolean(),
  status: z.enum(["SUCCESS", "FAILED"]),
  responseCode: Text,
  responseMessage: Text,
  transactionId: Text
})
