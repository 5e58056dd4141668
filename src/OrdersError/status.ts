/**
 * One error per HTTP status. The prefix is deliberate: Effect's own HTTP errors have the bare names, and a backend
 * that serves an API must not take FlexFactor's failure for its own.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AnswerError, sentence } from "./answer.ts"

/** The base of the error of one status. An error made by hand need not repeat the status. */
const StatusError =
  <Self>() =>
  <const Tag extends string, Fields extends Schema.Struct.Fields>(tag: Tag, status: number, fields: Fields) =>
    AnswerError.extend<Self>(tag)(
      {
        _tag: Schema.tag(tag),
        status: Schema.Int.pipe(Schema.withConstructorDefault(Effect.succeed(status))),
        ...fields
      },
      { httpApiStatus: status }
    )

const retryAfter = Schema.optionalKey(Schema.Duration)

/** 400: FlexFactor found the request malformed; `fieldErrors` names the fields. Nothing was done. */
export class FlexFactorBadRequest extends StatusError<FlexFactorBadRequest>()("FlexFactorBadRequest", 400, {}) {}

/**
 * 401: FlexFactor refused the credentials, also after a fresh token. A wrong key pair ends here too, although
 * FlexFactor answers it with 400 (observed).
 */
export class FlexFactorUnauthorized extends StatusError<FlexFactorUnauthorized>()("FlexFactorUnauthorized", 401, {}) {
  override get message(): string {
    const refused = this.operation === "FlexFactor.token" ? "the key pair" : "the token"
    return sentence(this, `FlexFactor refused ${refused} with ${this.status}`)
  }
}

/** 403: the credentials do not allow this. Nothing was done. */
export class FlexFactorForbidden extends StatusError<FlexFactorForbidden>()("FlexFactorForbidden", 403, {}) {}

/** 404: FlexFactor knows no such order. */
export class FlexFactorNotFound extends StatusError<FlexFactorNotFound>()("FlexFactorNotFound", 404, {}) {}

/** 405: the endpoint does not take this method; usually a wrong base URL. */
export class FlexFactorMethodNotAllowed
  extends StatusError<FlexFactorMethodNotAllowed>()("FlexFactorMethodNotAllowed", 405, {})
{}

/**
 * 409: an equal request is still in progress, or its idempotency key was used for another one (both documented).
 * As the answer to a refund this is `RefundOutcomeUnknown` instead.
 */
export class FlexFactorConflict extends StatusError<FlexFactorConflict>()("FlexFactorConflict", 409, {}) {}

/** 422: FlexFactor understood the request and refused it; `fieldErrors` may say why. Nothing was done. */
export class FlexFactorUnprocessableEntity
  extends StatusError<FlexFactorUnprocessableEntity>()("FlexFactorUnprocessableEntity", 422, {})
{}

/** 429: too many requests. `retryAfter` is how long FlexFactor asks to wait, where it says. Nothing was done. */
export class FlexFactorTooManyRequests
  extends StatusError<FlexFactorTooManyRequests>()("FlexFactorTooManyRequests", 429, { retryAfter })
{}

/** 500: FlexFactor failed. As the answer to a refund this is `RefundOutcomeUnknown` instead. */
export class FlexFactorInternalServerError
  extends StatusError<FlexFactorInternalServerError>()("FlexFactorInternalServerError", 500, {})
{}

/** 502: a gateway got no valid answer. As the answer to a refund this is `RefundOutcomeUnknown` instead. */
export class FlexFactorBadGateway extends StatusError<FlexFactorBadGateway>()("FlexFactorBadGateway", 502, {}) {}

/**
 * 503: FlexFactor is not available for now. `retryAfter` is how long it asks to wait, where it says. As the answer to a
 * refund this is `RefundOutcomeUnknown` instead.
 */
export class FlexFactorServiceUnavailable
  extends StatusError<FlexFactorServiceUnavailable>()("FlexFactorServiceUnavailable", 503, { retryAfter })
{}

/** 504: a gateway waited too long for FlexFactor. As the answer to a refund this is `RefundOutcomeUnknown` instead. */
export class FlexFactorGatewayTimeout
  extends StatusError<FlexFactorGatewayTimeout>()("FlexFactorGatewayTimeout", 504, {})
{}

/**
 * Any other status that is not a success, redirects among them: they are not followed. `status` says which. As the answer
 * to a refund this is `RefundOutcomeUnknown` instead.
 */
export class FlexFactorUnexpectedStatus
  extends AnswerError.extend<FlexFactorUnexpectedStatus>("FlexFactorUnexpectedStatus")(
    { _tag: Schema.tag("FlexFactorUnexpectedStatus") }
  )
{
  override get message(): string {
    const isNoEndpoint = this.operation === "FlexFactor.token" && (this.status === 404 || this.status === 405)
    const hint = isNoEndpoint ? ", which hints at a wrong baseUrl or apiVersion" : ""
    return sentence(this, `FlexFactor answered ${this.status}${hint}`)
  }
}
