/**
 * Reads from a failure of the transport whether the request can have reached the server.
 */
import type * as HttpClientError from "effect/http/HttpClientError"
import { isJsonObject, ownValue } from "./jsonObject.ts"

/** Codes of failures that come before the first byte of a request: name lookup, connecting, certificate checks. */
const beforeSending = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ConnectionRefused",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID"
])

interface SystemFailure {
  readonly code: string | undefined
  readonly isBeforeSending: boolean
}

const maximumCauses = 16

/** The system failures at the roots of a cause. A host with several addresses fails with one for each. */
const systemFailures = (cause: unknown, depth = 0): ReadonlyArray<SystemFailure> => {
  if (!isJsonObject(cause) || depth > maximumCauses) return []
  const errors = ownValue(cause, "errors")
  if (Array.isArray(errors) && errors.length > 0) {
    return errors.slice(0, maximumCauses).flatMap((error) => systemFailures(error, depth + 1))
  }
  const inner = systemFailures(ownValue(cause, "cause"), depth + 1)
  if (inner.length > 0) return inner
  const code = ownValue(cause, "code")
  const step = ownValue(cause, "syscall")
  if (typeof code !== "string") return []
  return [{
    code: /^\w{1,64}$/.test(code) ? code : undefined,
    isBeforeSending: beforeSending.has(code) || step === "connect" || step === "getaddrinfo"
  }]
}

interface TransportFailure {
  /** `"no"` only with proof. */
  readonly sent: "no" | "maybe"
  readonly code: string | undefined
}

/** Reads the failure of a request to a URL. That of another request, made by following a redirect, proves nothing. */
export const readTransportFailure = (
  { reason, request }: HttpClientError.HttpClientError,
  asked: string
): TransportFailure => {
  if (request.url !== asked) return { sent: "maybe", code: undefined }
  if (reason._tag === "InvalidUrlError" || reason._tag === "EncodeError") return { sent: "no", code: reason._tag }
  const failures = systemFailures(reason.cause)
  const code = failures.find((failure) => failure.code !== undefined)?.code
  const isProven = reason._tag === "TransportError" && failures.length > 0
    && failures.every((failure) => failure.isBeforeSending)
  return { sent: isProven ? "no" : "maybe", code }
}
