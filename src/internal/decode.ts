/**
 * Decodes the body of a success with a schema. What cannot be read is said without quoting it.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { FlexFactorInvalidResponse, type Operation } from "../OrdersError.ts"
import type { Answer } from "./answer.ts"
import { mediaTypeOf, requestIdOf } from "./answerHeaders.ts"
import { ownFields } from "./jsonObject.ts"

export const invalidResponse = (operation: Operation, answer: Answer, issue: string): FlexFactorInvalidResponse => {
  const contentType = mediaTypeOf(answer)
  const requestId = requestIdOf(answer)
  return new FlexFactorInvalidResponse(ownFields({
    operation,
    status: answer.status,
    issue,
    ...(contentType === undefined ? {} : { contentType }),
    ...(requestId === undefined ? {} : { requestId })
  }))
}

export const decodeBody = <A, I>(schema: Schema.Codec<A, I>) => {
  const decode = Schema.decodeUnknownEffect(schema)
  return (operation: Operation, answer: Answer): Effect.Effect<A, FlexFactorInvalidResponse> =>
    Effect.fromResult(answer.json()).pipe(
      Effect.flatMap((json) => Effect.mapError(decode(json), (error) => error.message)),
      Effect.mapError((issue) => invalidResponse(operation, answer, issue))
    )
}
