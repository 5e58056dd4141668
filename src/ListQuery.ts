/**
 * Which orders to list, and how.
 */
import type * as DateTime from "effect/DateTime"
import type { OrderStatus } from "./OrderStatus.ts"

/**
 * Which orders to list: all nine parameters that FlexFactor documents, all optional.
 *
 * - `query`: free text, searched for in names and elsewhere. Customer data: it is kept out of spans and logs.
 * - `status`: one or several, by name or by code. Several are sent by repeating the parameter (assumed).
 * - `from`, `to`: the range of time, in UTC. No source says which of an order's times it applies to, nor whether the
 *   ends belong to it.
 * - `mid`: the merchant's id, a GUID.
 * - `orderBy`: a field, such as `createdOn` or `amount` (documented examples); `sort`: its direction.
 * - `pageSize`: 10 if not given (documented); no maximum is documented.
 * - `pageNumber`: from 1 (assumed).
 */
export interface ListQuery {
  readonly query?: string | undefined
  readonly status?: OrderStatus | number | ReadonlyArray<OrderStatus | number> | undefined
  readonly from?: DateTime.DateTime.Input | undefined
  readonly to?: DateTime.DateTime.Input | undefined
  readonly mid?: string | undefined
  readonly orderBy?: string | undefined
  readonly sort?: "asc" | "desc" | undefined
  readonly pageSize?: number | undefined
  readonly pageNumber?: number | undefined
}
