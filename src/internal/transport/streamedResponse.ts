/**
 * An answer whose body comes as it is read, and whose connection is closed where the reading is interrupted.
 */
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"

const readings = ["arrayBuffer", "text", "json", "formData", "urlParamsBody"] as const

/** Its stream closes by itself what it has opened. */
export const streamedResponse = (
  request: HttpClientRequest.HttpClientRequest,
  source: Response,
  leave: () => void
): HttpClientResponse.HttpClientResponse => {
  const response = HttpClientResponse.fromWeb(request, source)
  const leaving = (reading: Effect.Effect<unknown, unknown>) => Effect.onInterrupt(reading, () => Effect.sync(leave))
  return Object.create(
    response,
    Object.fromEntries(readings.map((name) => [name, { get: () => leaving(response[name]) }]))
  )
}
