/**
 * One error per HTTP status. The prefix is deliberate: Effect's own HTTP errors have the bare names, and a backend
 * that serves an API must not take FlexFactor's failure for its own.
 */
import * as Schema from "effect/Schema"
import { AnswerError } from "./answer.ts"

const tag = Schema.tag

/** 400: FlexFactor found the request malformed; `fieldErrors` names the fields. Nothing was done. */
export class FlexFactorBadRequest extends AnswerError.extend<FlexFactorBadRequest>("FlexFactorBadRequest")(
  { _tag: tag("FlexFactorBadRequest") },
  { httpApiStatus: 400 }
) {}

/**
 * 401: FlexFactor refused the credentials, also after a fresh token. A wrong key pair ends here too, although
 * FlexFactor answers it with 400 (observed).
 */
export class FlexFactorUnauthorized extends AnswerError.extend<FlexFactorUnauthorized>("FlexFactorUnauthorized")(
  { _tag: tag("FlexFactorUnauthorized") },
  { httpApiStatus: 401 }
) {}

/** 403: the credentials do not allow this. Nothing was done. */
export class FlexFactorForbidden extends AnswerError.extend<FlexFactorForbidden>("FlexFactorForbidden")(
  { _tag: tag("FlexFactorForbidden") },
  { httpApiStatus: 403 }
) {}

/** 404: FlexFactor knows no such order. */
export class FlexFactorNotFound extends AnswerError.extend<FlexFactorNotFound>("FlexFactorNotFound")(
  { _tag: tag("FlexFactorNotFound") },
  { httpApiStatus: 404 }
) {}

/** 405: the endpoint does not take this method; usually a wrong base URL. */
export class FlexFactorMethodNotAllowed
  extends AnswerError.extend<FlexFactorMethodNotAllowed>("FlexFactorMethodNotAllowed")(
    { _tag: tag("FlexFactorMethodNotAllowed") },
    { httpApiStatus: 405 }
  )
{}

/**
 * 409: an equal request is still in progress, or its idempotency key was used for another one (both documented).
 * On a refund this is `RefundOutcomeUnknown` instead.
 */
export class FlexFactorConflict extends AnswerError.extend<FlexFactorConflict>("FlexFactorConflict")(
  { _tag: tag("FlexFactorConflict") },
  { httpApiStatus: 409 }
) {}

/** 422: FlexFactor understood the request and refused it; `fieldErrors` may say why. Nothing was done. */
export class FlexFactorUnprocessableEntity
  extends AnswerError.extend<FlexFactorUnprocessableEntity>("FlexFactorUnprocessableEntity")(
    { _tag: tag("FlexFactorUnprocessableEntity") },
    { httpApiStatus: 422 }
  )
{}

/** 429: too many requests. `retryAfter` is how long FlexFactor asks to wait, where it says. Nothing was done. */
export class FlexFactorTooManyRequests
  extends AnswerError.extend<FlexFactorTooManyRequests>("FlexFactorTooManyRequests")(
    { _tag: tag("FlexFactorTooManyRequests"), retryAfter: Schema.optionalKey(Schema.Duration) },
    { httpApiStatus: 429 }
  )
{}

/** 500: FlexFactor failed. On a refund this is `RefundOutcomeUnknown` instead. */
export class FlexFactorInternalServerError
  extends AnswerError.extend<FlexFactorInternalServerError>("FlexFactorInternalServerError")(
    { _tag: tag("FlexFactorInternalServerError") },
    { httpApiStatus: 500 }
  )
{}

/** 502: a gateway got no valid answer. On a refund this is `RefundOutcomeUnknown` instead. */
export class FlexFactorBadGateway extends AnswerError.extend<FlexFactorBadGateway>("FlexFactorBadGateway")(
  { _tag: tag("FlexFactorBadGateway") },
  { httpApiStatus: 502 }
) {}

/**
 * 503: FlexFactor is not available for now. `retryAfter` is how long it asks to wait, where it says. On a refund this
 * is `RefundOutcomeUnknown` instead.
 */
export class FlexFactorServiceUnavailable
  extends AnswerError.extend<FlexFactorServiceUnavailable>("FlexFactorServiceUnavailable")(
    { _tag: tag("FlexFactorServiceUnavailable"), retryAfter: Schema.optionalKey(Schema.Duration) },
    { httpApiStatus: 503 }
  )
{}

/** 504: a gateway waited too long for FlexFactor. On a refund this is `RefundOutcomeUnknown` instead. */
export class FlexFactorGatewayTimeout extends AnswerError.extend<FlexFactorGatewayTimeout>("FlexFactorGatewayTimeout")(
  { _tag: tag("FlexFactorGatewayTimeout") },
  { httpApiStatus: 504 }
) {}

/** Any other status that is not a success, redirects among them: they are not followed. `status` says which. */
export class FlexFactorUnexpectedStatus
  extends AnswerError.extend<FlexFactorUnexpectedStatus>("FlexFactorUnexpectedStatus")(
    { _tag: tag("FlexFactorUnexpectedStatus") }
  )
{}
