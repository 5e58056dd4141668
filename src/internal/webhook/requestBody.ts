/**
 * Reads the bytes of a request as they came, whatever its content type, and no more of them than a webhook has.
 */
import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import type { HttpServerError } from "effect/http/HttpServerError"
import { type HttpServerRequest, MaxBodySize } from "effect/http/HttpServerRequest"
import type { Refusal } from "./answerTo.ts"

/** The recorded delivery has 255 bytes. */
const longest = ByteSize.mebibytes(1)

const tooLong = (): Refusal => ({
  status: 413,
  error: "BodyTooLong",
  message: `Webhook: the body is longer than ${ByteSize.format(longest)}`
})

const unreadable: Refusal = {
  status: 400,
  error: "BodyUnreadable",
  message: "Webhook: the body broke off, or it was read before: the route needs the request untouched"
}

const isTooLong = ({ reason }: HttpServerError): boolean =>
  reason._tag === "RequestParseError" && reason.reason === "BodyTooLarge"

export const readBody = (request: HttpServerRequest): Effect.Effect<Uint8Array, Refusal> =>
  // Said before anything is read. Whoever says less than is sent is stopped while reading.
  Number(request.headers["content-length"]) > longest
    ? Effect.fail(tooLong())
    : request.arrayBuffer.pipe(
      Effect.provideService(MaxBodySize, longest),
      Effect.mapError((error) => isTooLong(error) ? tooLong() : unreadable),
      // A body that something before the route has read is as long as that allowed.
      Effect.filterOrFail((buffer) => buffer.byteLength <= longest, tooLong),
      Effect.map((buffer) => new Uint8Array(buffer))
    )
