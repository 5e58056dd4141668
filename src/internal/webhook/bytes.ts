/**
 * The bytes of a body, as a copy of our own: what was verified cannot be changed afterwards.
 */
import * as Result from "effect/Result"
import { WebhookMalformed } from "../../WebhookError.ts"

/** Not `instanceof`: a test runner's `Uint8Array` may be of another realm. */
const isBytes = (value: unknown): boolean => Object.prototype.toString.call(value) === "[object Uint8Array]"

export const bytesOf = (body: Uint8Array): Result.Result<Uint8Array<ArrayBuffer>, WebhookMalformed> =>
  isBytes(body)
    ? Result.succeed(new Uint8Array(body))
    : Result.fail(
      new WebhookMalformed({ field: "body", rule: "must be the raw bytes of the request, a Uint8Array" })
    )
