/**
 * One error per HTTP status. The prefix is deliberate: Effect's own HTTP errors have the bare names, and a backend
 * that serves an API must not take FlexFactor's failure for its own.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AnswerError, sentence } from "./answer.ts"

const tag = Schema.tag

/** The status, which an error that is made by hand need not repeat. */
const status = (code: number) => Schema.Int.pipe(Schema.withConstructorDefault(Effect.succeed(code)))

/** 400: FlexFactor found the request malformed; `fieldErrors` names the fields. Nothing was done. */
export class FlexFactorBadRequest extends AnswerError.extend<FlexFactorBadRequest>("FlexFactorBadRequest")(
  { _tag: tag("FlexFactorBadRequest"), status: status(400) },
  { httpApiStatus: 400 }
) {}

/**
 * 401: FlexFactor refused the credentials, also after a fresh token. A wrong key pair ends here too, although
 * FlexFactor answers it with 400 (observed).
 */
export class FlexFactorUnauthorized extends AnswerError.extend<FlexFactorUnauthorized>("FlexFactorUnauthorized")(
  { _tag: tag("FlexFactorUnauthorized"), status: status(401) },
  { httpApiStatus: 401 }
) {
  override get message(): string {
    const refused = this.operation === "FlexFactor.token" ? "the key pair" : "the token"
    return sentence(`${this.operation}: FlexFactor refused ${refused} with ${this.status}`, this)
  }
}

/** 403: the credentials do not allow this. Nothing was done. */
export class FlexFactorForbidden extends AnswerError.extend<FlexFactorForbidden>("FlexFactorForbidden")(
  { _tag: tag("FlexFactorForbidden"), status: status(403) },
  { httpApiStatus: 403 }
) {}

/** 404: FlexFactor knows no such order. */
export class FlexFactorNotFound extends AnswerError.extend<FlexFactorNotFound>("FlexFactorNotFound")(
  { _tag: tag("FlexFactorNotFound"), status: status(404) },
  { httpApiStatus: 404 }
) {}

/** 405: the endpoint does not take this method; usually a wrong base URL. */
export class FlexFactorMethodNotAllowed
  extends AnswerError.extend<FlexFactorMethodNotAllowed>("FlexFactorMethodNotAllowed")(
    { _tag: tag("FlexFactorMethodNotAllowed"), status: status(405) },
    { httpApiStatus: 405 }
  )
{}

/**
 * 409: an equal request is still in progress, or its idempotency key was used for another one (both documented).
 * On a refund this is `RefundOutcomeUnknown` instead.
 */
export class FlexFactorConflict extends AnswerError.extend<FlexFactorConflict>("FlexFactorConflict")(
  { _tag: tag("FlexFactorConflict"), status: status(409) },
  { httpApiStatus: 409 }
) {}

/** 422: FlexFactor understood the request and refused it; `fieldErrors` may say why. Nothing was done. */
export class FlexFactorUnprocessableEntity
  extends AnswerError.extend<FlexFactorUnprocessableEntity>("FlexFactorUnprocessableEntity")(
    { _tag: tag("FlexFactorUnprocessableEntity"), status: status(422) },
    { httpApiStatus: 422 }
  )
{}

/** 429: too many requests. `retryAfter` is how long FlexFactor asks to wait, where it says. Nothing was done. */
export class FlexFactorTooManyRequests
  extends AnswerError.extend<FlexFactorTooManyRequests>("FlexFactorTooManyRequests")(
    { _tag: tag("FlexFactorTooManyRequests"), status: status(429), retryAfter: Schema.optionalKey(Schema.Duration) },
    { httpApiStatus: 429 }
  )
{}

/** 500: FlexFactor failed. On a refund this is `RefundOutcomeUnknown` instead. */
export class FlexFactorInternalServerError
  extends AnswerError.extend<FlexFactorInternalServerError>("FlexFactorInternalServerError")(
    { _tag: tag("FlexFactorInternalServerError"), status: status(500) },
    { httpApiStatus: 500 }
  )
{}

/** 502: a gateway got no valid answer. On a refund this is `RefundOutcomeUnknown` instead. */
export class FlexFactorBadGateway extends AnswerError.extend<FlexFactorBadGateway>("FlexFactorBadGateway")(
  { _tag: tag("FlexFactorBadGateway"), status: status(502) },
  { httpApiStatus: 502 }
) {}

/**
 * 503: FlexFactor is not available for now. `retryAfter` is how long it asks to wait, where it says. On a refund this
 * is `RefundOutcomeUnknown` instead.
 */
export class FlexFactorServiceUnavailable
  extends AnswerError.extend<FlexFactorServiceUnavailable>("FlexFactorServiceUnavailable")(
    { _tag: tag("FlexFactorServiceUnavailable"), status: status(503), retryAfter: Schema.optionalKey(Schema.Duration) },
    { httpApiStatus: 503 }
  )
{}

/** 504: a gateway waited too long for FlexFactor. On a refund this is `RefundOutcomeUnknown` instead. */
export class FlexFactorGatewayTimeout extends AnswerError.extend<FlexFactorGatewayTimeout>("FlexFactorGatewayTimeout")(
  { _tag: tag("FlexFactorGatewayTimeout"), status: status(504) },
  { httpApiStatus: 504 }
) {}

/** Any other status that is not a success, redirects among them: they are not followed. `status` says which. */
export class FlexFactorUnexpectedStatus
  extends AnswerError.extend<FlexFactorUnexpectedStatus>("FlexFactorUnexpectedStatus")(
    { _tag: tag("FlexFactorUnexpectedStatus") }
  )
{
  override get message(): string {
    const isNoEndpoint = this.operation === "FlexFactor.token" && (this.status === 404 || this.status === 405)
    const hint = isNoEndpoint ? ", which hints at a wrong baseUrl or apiVersion" : ""
    return sentence(`${this.operation}: FlexFactor answered ${this.status}${hint}`, this)
  }
}
