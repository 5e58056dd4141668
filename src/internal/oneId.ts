/**
 * One spelling of an order's id. FlexFactor's ids are GUIDs in small letters (observed); in capitals, as some databases
 * write them, a GUID is the same one (assumed). Two spellings would be two orders to whatever is kept under an id.
 */
import * as Schema from "effect/Schema"
import type { OrderId } from "../OrderId.ts"

const isGuid = Schema.is(Schema.String.check(Schema.isGUID()))

export const oneId = (id: OrderId): OrderId =>
  // oxlint-disable-next-line no-unsafe-type-assertion -- a GUID in small letters is as good an id; no text stays as it is
  isGuid(id) ? id.toLowerCase() as OrderId : id
