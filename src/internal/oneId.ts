/**
 * One spelling of an order's id. FlexFactor's ids are GUIDs in small letters (observed); in capitals, as some databases
 * write them, a GUID is the same one (assumed). Two spellings would be two orders to whatever is kept under an id.
 */
import type { OrderId } from "../OrderId.ts"

const guid = /^[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}$/i

export const oneId = (id: OrderId): OrderId =>
  // oxlint-disable-next-line no-unsafe-type-assertion -- a GUID in small letters is as good an id; no text stays as it is
  typeof id === "string" && guid.test(id) ? id.toLowerCase() as OrderId : id
