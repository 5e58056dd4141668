/**
 * Bytes: of a body, and of a base64 text.
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import { WebhookMalformed } from "../../WebhookError.ts"

/** Not `instanceof`: a test runner's `Uint8Array` may be of another realm. */
const isBytes = (value: unknown): boolean => Object.prototype.toString.call(value) === "[object Uint8Array]"

/** As a copy of our own: what was verified cannot be changed afterwards. */
export const bytesOf = (body: Uint8Array): Result.Result<Uint8Array<ArrayBuffer>, WebhookMalformed> =>
  isBytes(body)
    ? Result.succeed(new Uint8Array(body))
    : Result.fail(
      new WebhookMalformed({ field: "body", rule: "must be the raw bytes of the request, a Uint8Array" })
    )

/**
 * The bytes of a base64 text as a sender writes it: standard letters, padded, and one text for the same bytes. `undefined`
 * for any other text, such as one that is only nearly the right one.
 */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const bytes = Base64.decode(text)
  // The last letter can hold bits that decoding ignores.
  return Result.isSuccess(bytes) && Base64.encode(bytes.success) === text ? new Uint8Array(bytes.success) : undefined
}
