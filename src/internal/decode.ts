/**
 * Decodes the body of a success with a schema. Errors describe what is wrong without quoting the body.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { FlexFactorInvalidResponse, type Operation } from "../OrdersError.ts"
import type { Answer } from "./answer.ts"
import { mediaTypeOf, requestIdOf } from "./answerHeaders.ts"
import { readErrorBody } from "./errorBody.ts"
import { isJsonObject, ownFields, ownValue } from "./jsonObject.ts"
import { withDefined } from "./withDefined.ts"

/** A success of the token endpoint holds a token, so nothing of its body is kept. */
const kept = (operation: Operation, answer: Answer) =>
  operation === "FlexFactor.token" ? withDefined({ requestId: requestIdOf(answer) }) : readErrorBody(answer)

export const invalidResponse = (operation: Operation, answer: Answer, issue: string): FlexFactorInvalidResponse =>
  new FlexFactorInvalidResponse(ownFields({
    operation,
    status: answer.status,
    // The schema writes the place of each issue on a line of its own.
    issue: issue.replaceAll(/\s*\n\s*/g, " "),
    ...withDefined({ contentType: mediaTypeOf(answer) }),
    ...kept(operation, answer)
  }))

/** What is wrong with an answer that a transport got by following a redirect or by changing the URL. */
export const anotherUrl = "it came from another URL than the one that was asked"

/** A body whose envelope says no is not a success, whatever the HTTP status, and not an empty list either. */
const refuseFailed = (json: unknown): Result.Result<unknown, string> =>
  isJsonObject(json) && (ownValue(json, "success") === false || ownValue(json, "Success") === false)
    ? Result.fail("its envelope says that the call failed")
    : Result.succeed(json)

/**
 * Decodes by a schema. `read` is a faster way to the same result, where there is one: what it cannot read is left to
 * the schema, which says what is wrong.
 */
export const decodeBody = <A, I>(
  schema: Schema.Codec<A, I>,
  read: (json: unknown) => A | undefined = () => undefined
) => {
  const decode = Schema.decodeUnknownEffect(schema)
  return (operation: Operation, answer: Answer): Effect.Effect<A, FlexFactorInvalidResponse> => {
    const invalid = (issue: string) => invalidResponse(operation, answer, issue)
    const json = Result.flatMap(answer.json(), refuseFailed)
    if (Result.isFailure(json)) return Effect.fail(invalid(json.failure))
    const value = read(json.success)
    // A schema takes what an object inherits for what was sent.
    return value === undefined
      ? Effect.mapError(
        decode(isJsonObject(json.success) ? ownFields(json.success) : json.success),
        (error) => invalid(error.message)
      )
      : Effect.succeed(value)
  }
}
