/**
 * Reads the bytes of a request as they came, whatever its content type: no more of them than a webhook has, and not for
 * longer than one takes.
 */
import * as ByteSize from "effect/ByteSize"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { HttpServerError } from "effect/http/HttpServerError"
import { type HttpServerRequest, MaxBodySize } from "effect/http/HttpServerRequest"
import type * as Scope from "effect/Scope"
import type { Refusal } from "./answerTo.ts"

/** The recorded delivery has 255 bytes. */
const longest = ByteSize.mebibytes(1)

/** Far more than a body of that length takes, and no more than the inbox is given. */
const patience = Duration.seconds(10)

const late = (): Refusal => ({
  status: 408,
  error: "BodyLate",
  message: `Webhook: the body did not come within ${Duration.format(patience)}`
})

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

/** What it reads ends with the scope of the request: some servers can answer no more once reading is given up. */
export const readBody = (request: HttpServerRequest): Effect.Effect<Uint8Array, Refusal, Scope.Scope> =>
  // Said before anything is read. Whoever says less than is sent is stopped while reading.
  Number(request.headers["content-length"]) > longest
    ? Effect.fail(tooLong())
    : request.arrayBuffer.pipe(
      Effect.provideService(MaxBodySize, longest),
      Effect.mapError((error) => isTooLong(error) ? tooLong() : unreadable),
      Effect.forkScoped,
      Effect.flatMap(Fiber.join),
      Effect.timeoutOrElse({ duration: patience, orElse: () => Effect.fail(late()) }),
      // A body that something before the route has read is as long as that allowed.
      Effect.filterOrFail((buffer) => buffer.byteLength <= longest, tooLong),
      Effect.map((buffer) => new Uint8Array(buffer))
    )
