/**
 * Reads the headers of an answer.
 */
import type * as Duration from "effect/Duration"
import * as Headers from "effect/http/Headers"
import * as Result from "effect/Result"
import type { Answer } from "./answer.ts"
import { firstToken, isId } from "./shownText.ts"

type WithHeaders = Pick<Answer, "headers">

/** The id that FlexFactor's gateway gave the request (observed: `apigw-requestid`). */
export const requestIdOf = ({ headers }: WithHeaders): string | undefined => {
  const requestId = firstToken(headers["apigw-requestid"], headers["x-amzn-requestid"], headers["x-request-id"])
  return isId(requestId) ? requestId : undefined
}

/** The media type of the body, without its parameters. */
export const mediaTypeOf = ({ headers }: WithHeaders): string | undefined =>
  /^[\w.+/-]{1,80}/.exec(headers["content-type"] ?? "")?.[0]

/** The server's clock at the time of an answer, in milliseconds since the epoch. */
export const serverTimeOf = ({ headers }: WithHeaders): number | undefined => {
  const time = Date.parse(headers["date"] ?? "")
  return Number.isNaN(time) ? undefined : time
}

/** How long an answer asks to wait. A date counts from the server's own clock where the answer shows it. */
export const retryAfterOf = (answer: WithHeaders, now: number): Duration.Duration | undefined => {
  const value = answer.headers["retry-after"]
  const retryAfter = value && Result.getOrUndefined(Headers.parseRetryAfter(value))
  return retryAfter ? Headers.retryAfterDelay(retryAfter, serverTimeOf(answer) ?? now) : undefined
}
