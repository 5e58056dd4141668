/**
 * Which status is which error, for each kind of request. An operation's error union is inferred from its table.
 */
import {
  FlexFactorBadGateway,
  FlexFactorBadRequest,
  FlexFactorConflict,
  FlexFactorForbidden,
  FlexFactorGatewayTimeout,
  FlexFactorInternalServerError,
  FlexFactorMethodNotAllowed,
  FlexFactorNotFound,
  FlexFactorServiceUnavailable,
  FlexFactorTooManyRequests,
  FlexFactorUnauthorized,
  type FlexFactorUnexpectedStatus,
  FlexFactorUnprocessableEntity
} from "./status.ts"

/**
 * The statuses that prove that a refund was not carried out, because they refuse the request itself (assumed:
 * FlexFactor documents their meaning, not what they prove). Every other status leaves a refund in doubt.
 */
export const refundRefusals = {
  400: FlexFactorBadRequest,
  401: FlexFactorUnauthorized,
  403: FlexFactorForbidden,
  404: FlexFactorNotFound,
  405: FlexFactorMethodNotAllowed,
  422: FlexFactorUnprocessableEntity,
  429: FlexFactorTooManyRequests
} as const

const outages = {
  500: FlexFactorInternalServerError,
  502: FlexFactorBadGateway,
  503: FlexFactorServiceUnavailable,
  504: FlexFactorGatewayTimeout
} as const

/** The error of each status, whatever was asked for. */
export const byStatus = {
  ...refundRefusals,
  409: FlexFactorConflict,
  ...outages
} as const

/** The type of the error of each status: `ByStatus[404]` is `FlexFactorNotFound`. */
export type ByStatus = { readonly [Status in keyof typeof byStatus]: InstanceType<(typeof byStatus)[Status]> }

/**
 * The statuses of the token endpoint. 400 is how it refuses a wrong key pair (observed); 404 there is a wrong base URL,
 * not an unknown order, and therefore left to `FlexFactorUnexpectedStatus`.
 */
export const tokenStatuses = {
  400: FlexFactorUnauthorized,
  401: FlexFactorUnauthorized,
  403: FlexFactorForbidden,
  429: FlexFactorTooManyRequests,
  ...outages
} as const

/** Which error a status is. */
export type StatusTable = { readonly [status: number]: (typeof byStatus)[keyof typeof byStatus] }

/** The errors of a table, and the one for every status that is not in it. */
export type StatusErrorOf<Table extends StatusTable> =
  | InstanceType<Table[keyof Table & number]>
  | FlexFactorUnexpectedStatus
