/**
 * Base64 as a sender writes it: standard letters, padded, and one text for the same bytes.
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"

/** The bytes of a base64 text; `undefined` for any other text, such as one that is only nearly the right one. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const bytes = Base64.decode(text)
  // The last letter can hold bits that decoding ignores.
  return Result.isSuccess(bytes) && Base64.encode(bytes.success) === text ? new Uint8Array(bytes.success) : undefined
}
