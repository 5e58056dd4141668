/**
 * Reads the signed headers of a delivery, strictly: what is not exactly as FlexFactor writes it (observed) is refused.
 */
import * as Result from "effect/Result"
import type { Headers } from "../../Webhook.ts"
import { WebhookMalformed } from "../../WebhookError.ts"
import { fromBase64 } from "./bytes.ts"
import { headerNames, scheme, signedHeaders } from "./signing.ts"

export interface SignedHeaders {
  readonly nonce: string
  readonly date: string
  readonly contentHash: string | undefined
  readonly signature: Uint8Array
}

const malformed = (field: string, rule: string) => Result.fail(new WebhookMalformed({ field, rule }))

const isIterable = (headers: Headers): headers is Iterable<readonly [string, string]> =>
  typeof Reflect.get(headers, Symbol.iterator) === "function"

/** The values of each header by its name in small letters: own ones only. */
const valuesByName = (headers: Headers): ReadonlyMap<string, ReadonlySet<unknown>> => {
  const found = new Map<string, Set<unknown>>()
  for (const [name, value] of isIterable(headers) ? headers : Object.entries(headers)) {
    const values = found.get(name.toLowerCase()) ?? new Set()
    found.set(name.toLowerCase(), values)
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) values.add(one)
  }
  return found
}

const readOne = (
  values: ReadonlyMap<string, ReadonlySet<unknown>>,
  name: string
): Result.Result<string | undefined, WebhookMalformed> => {
  const [value, ...others] = values.get(name) ?? []
  if (others.length > 0) return malformed(name, "must not come with several values")
  if (value !== undefined && typeof value !== "string") return malformed(name, "must be text")
  return Result.succeed(value)
}

const readRequired = (
  values: ReadonlyMap<string, ReadonlySet<unknown>>,
  name: string
): Result.Result<string, WebhookMalformed> =>
  Result.flatMap(
    readOne(values, name),
    (value) => value === undefined ? malformed(name, "must be there") : Result.succeed(value)
  )

/** No character that separates what is signed, and none that separates two headers of one name. */
const readNonce = (value: string): Result.Result<string, WebhookMalformed> =>
  /^[!-+\--:<-~]{1,128}$/.test(value)
    ? Result.succeed(value)
    : malformed(headerNames.nonce, "must be 1 to 128 visible characters, without a comma or a semicolon")

const signatureLength = 64

const readSignature = (value: string): Result.Result<Uint8Array, WebhookMalformed> => {
  const [before, after] = [`${scheme} `, `SignedHeaders=${signedHeaders}&Signature=`]
  if (!value.startsWith(before)) return malformed(headerNames.authorization, `must begin with ${scheme}`)
  if (!value.startsWith(before + after)) {
    return malformed(headerNames.authorization, `must have SignedHeaders=${signedHeaders}, then &Signature=`)
  }
  const signature = fromBase64(value.slice(before.length + after.length))
  return signature?.length === signatureLength
    ? Result.succeed(signature)
    : malformed(headerNames.authorization, `must have a Signature of ${signatureLength} bytes in base64`)
}

export const readHeaders = (headers: Headers): Result.Result<SignedHeaders, WebhookMalformed> => {
  const values = valuesByName(headers)
  return Result.all({
    signature: Result.flatMap(readRequired(values, headerNames.authorization), readSignature),
    nonce: Result.flatMap(readRequired(values, headerNames.nonce), readNonce),
    date: readRequired(values, headerNames.date),
    contentHash: readOne(values, headerNames.contentHash)
  })
}
