/**
 * Decodes the body of a success with a schema. What cannot be read is said without quoting it.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { FlexFactorInvalidResponse, type Operation } from "../OrdersError.ts"
import { requestIdOf } from "./errorBody.ts"
import { isJsonObject, ownFields } from "./jsonObject.ts"
import type { Answer } from "./send.ts"

export const invalidResponse = (operation: Operation, answer: Answer, issue: string): FlexFactorInvalidResponse => {
  const contentType = /^[\w.+/-]{1,80}/.exec(answer.headers["content-type"] ?? "")?.[0]
  const requestId = requestIdOf(answer)
  return new FlexFactorInvalidResponse(ownFields({
    operation,
    status: answer.status,
    issue,
    ...(contentType === undefined ? {} : { contentType }),
    ...(requestId === undefined ? {} : { requestId })
  }))
}

const parse = (answer: Answer): Result.Result<unknown, string> => {
  if (!answer.isWhole) return Result.fail("the body is longer than maxResponseBytes")
  if (answer.text.trim() === "") return Result.fail("the body is empty")
  const parsed = Result.try({ try: () => JSON.parse(answer.text) as unknown, catch: () => "the body is not JSON" })
  return Result.map(parsed, (json) => isJsonObject(json) ? ownFields(json) : json)
}

export const decodeBody = <A, I>(schema: Schema.Codec<A, I>) => {
  const decode = Schema.decodeUnknownEffect(schema)
  return (operation: Operation, answer: Answer): Effect.Effect<A, FlexFactorInvalidResponse> =>
    Effect.fromResult(parse(answer)).pipe(
      Effect.flatMap((json) => Effect.mapError(decode(json), (error) => error.message)),
      Effect.mapError((issue) => invalidResponse(operation, answer, issue))
    )
}
