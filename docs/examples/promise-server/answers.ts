/**
 * What a client is told: for everything that can become of a refund, an HTTP status and a body.
 *
 * `outcome` says what the client may conclude:
 *
 * - `"refunded"`: money went back;
 * - `"in doubt"`: it may have. It is looked into: look again later, under `Location`;
 * - `"refused"`: this request is not carried out. To ask for something else, take a new key;
 * - `"not now"`: nothing of this request was carried out. Ask again later, with the same key.
 */
import { absurd, Duration } from "effect"
import { Cents, type RefundReceipt, type RefundsError } from "effect-flexfactor"

export const json = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } })

/** A refund that was carried out. */
export const answerToReceipt = ({ amount, confirmedBy }: RefundReceipt): Response =>
  json(200, { outcome: "refunded", amount: Cents.toDollars(amount), confirmedBy })

const later = (wait: Duration.Duration | undefined = Duration.seconds(5)) => ({
  "retry-after": String(Math.ceil(Duration.toSeconds(wait)))
})

const notNow = (status: 409 | 502 | 503 | 504, { _tag }: RefundsError, wait?: Duration.Duration): Response =>
  json(status, { outcome: "not now", reason: _tag }, later(wait))

const refused = (status: 400 | 404 | 409 | 422, { _tag }: RefundsError, details: object = {}): Response =>
  json(status, { outcome: "refused", reason: _tag, ...details })

/** A refund that was not carried out, or of which that is not known. FlexFactor's own words are not passed on. */
export const answerToError = (error: RefundsError): Response => {
  switch (error._tag) {
    case "RefundOutcomeUnknown":
      return json(202, { outcome: "in doubt", doubt: error.doubt }, {
        ...later(),
        ...(error.key === undefined ? {} : { location: locationOf(error.key) })
      })

    // The request is wrong.
    case "FlexFactorInvalidRequest":
      return refused(400, error, { field: error.field, rule: error.rule })
    case "SandboxDataRefused":
      return refused(400, error, { field: error.field })
    case "FlexFactorNotFound":
      return refused(404, error)
    case "OrderNotRefundable":
      return refused(409, error, { status: error.status })
    case "RefundKeyReused":
      return refused(422, error, { field: error.field })
    case "RefundExceedsBalance":
      return refused(422, error, { balance: Cents.toDollars(error.balance) })
    case "FlexFactorBadRequest":
    case "FlexFactorUnprocessableEntity":
      return refused(422, error)

    // FlexFactor said no, or said yes and moved nothing. Both are final for the key.
    case "RefundRejected":
      return refused(422, error, error.code === undefined ? {} : { code: error.code })
    case "RefundNotApplied":
      return refused(422, error)

    // It may pass.
    case "RefundBlocked":
      return notNow(409, error)
    case "FlexFactorTooManyRequests":
    case "FlexFactorServiceUnavailable":
      return notNow(503, error, error.retryAfter)
    case "FlexFactorUnreachable":
    case "RefundJournalError":
      return notNow(503, error)
    case "FlexFactorTimeout":
    case "FlexFactorGatewayTimeout":
      return notNow(504, error)
    case "FlexFactorInternalServerError":
    case "FlexFactorBadGateway":
    case "FlexFactorConflict":
      return notNow(502, error)

    // Somebody has to look at this server: its credentials, its settings, or what FlexFactor sends.
    case "FlexFactorUnauthorized":
    case "FlexFactorForbidden":
    case "FlexFactorMethodNotAllowed":
    case "FlexFactorUnexpectedStatus":
    case "FlexFactorInvalidResponse":
      return notNow(502, error)

    default:
      return absurd(error)
  }
}

/** Where a client looks for what became of a refund. */
export const locationOf = (key: string): string => `/refunds?${new URLSearchParams({ key })}`
