/**
 * What FlexFactor signs, and how (observed: recomputed from a recorded delivery). Only WebCrypto is used, so that it
 * runs wherever that is.
 */
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"

/** The headers of a delivery. */
export const headerNames = {
  authorization: "x-fc-authorization",
  contentHash: "x-fc-content-sha512",
  date: "x-fc-date",
  nonce: "x-fc-nonce",
  signature: "x-fc-signature"
} as const

export const scheme = "HMAC-SHA512"

export const signedHeaders = "x-fc-nonce;x-fc-date;host;x-fc-content-sha512"

/** What is signed: the text, and the SHA-512 of the body in base64 that is part of it. */
export interface Signed {
  readonly nonce: string
  readonly date: string
  readonly host: string
  readonly contentHash: string
}

const textEncoder = new TextEncoder()

export const toSign = ({ contentHash, date, host, nonce }: Signed): Uint8Array<ArrayBuffer> =>
  textEncoder.encode(`POST\n${nonce};${date};${host};${contentHash}`)

/** SHA-512 and HMAC-SHA512 with one key. A platform without them is a defect. */
export interface Signing {
  /** The SHA-512 of some bytes, in base64. */
  readonly hash: (bytes: Uint8Array<ArrayBuffer>) => Effect.Effect<string>
  /** The HMAC-SHA512 of some bytes. */
  readonly sign: (bytes: Uint8Array<ArrayBuffer>) => Effect.Effect<Uint8Array>
}

export const makeSigning = Effect.fnUntraced(function*(key: Uint8Array<ArrayBuffer>): Effect.fn.Return<Signing> {
  const { subtle } = yield* WebCrypto.WebCrypto
  const imported = yield* Effect.promise(() =>
    subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-512" }, false, ["sign"])
  )
  return {
    hash: (bytes) =>
      Effect.map(
        Effect.promise(() => subtle.digest("SHA-512", bytes)),
        (digest) => Base64.encode(new Uint8Array(digest))
      ),
    sign: (bytes) =>
      Effect.map(Effect.promise(() => subtle.sign("HMAC", imported, bytes)), (tag) => new Uint8Array(tag))
  }
})
