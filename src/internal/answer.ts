/**
 * An answer of FlexFactor, read to its end or to the limit, and its body as JSON.
 */
import type * as Headers from "effect/http/Headers"
import * as Result from "effect/Result"
import { isJsonObject, type JsonObject } from "./jsonObject.ts"

export interface Answer {
  readonly status: number
  readonly headers: Headers.Headers
  readonly text: string
  /** Whether `text` ends where the body ends. */
  readonly isWhole: boolean
  /** Whether the answer came from another URL than the one asked, because the transport followed a redirect. */
  readonly isForeign: boolean
  /** The body as JSON, parsed once, or what is wrong with it. */
  readonly json: () => Result.Result<unknown, string>
}

const parse = ({ isWhole, text }: Pick<Answer, "text" | "isWhole">): Result.Result<unknown, string> => {
  if (!isWhole) return Result.fail("the body is longer than maxResponseBytes")
  if (text.trim() === "") return Result.fail("the body is empty")
  return Result.try({ try: () => JSON.parse(text) as unknown, catch: () => "the body is not JSON" })
}

export const makeAnswer = (answer: Omit<Answer, "json">): Answer => {
  let parsed: Result.Result<unknown, string> | undefined
  return { ...answer, json: () => parsed ??= parse(answer) }
}

export const isSuccess = ({ isForeign, status }: Answer): boolean => status >= 200 && status < 300 && !isForeign

/** No verdict and no description of an error is that long. */
const longestEnvelope = 256 * 1024

/** The body where it is a JSON object of the length of an envelope: a verdict, or the description of an error. */
export const envelopeOf = (answer: Answer): JsonObject | undefined => {
  if (answer.text.length > longestEnvelope) return undefined
  const json = answer.json()
  return Result.isSuccess(json) && isJsonObject(json.success) ? json.success : undefined
}
