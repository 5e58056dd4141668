/**
 * Reads what an answer says about a failure. FlexFactor's bodies come in at least five JSON shapes, as HTML, or empty
 * (docs/wire.md), so this takes what it finds and never fails.
 */
import * as Redacted from "effect/Redacted"
import type { WrittenTexts } from "../OrdersError/answer.ts"
import { type Answer, envelopeOf } from "./answer.ts"
import { requestIdOf } from "./answerHeaders.ts"
import { isJsonObject, type JsonObject, ownFields, ownValue } from "./jsonObject.ts"
import { firstToken, isCode, isId } from "./shownText.ts"
import { withDefined } from "./withDefined.ts"

const bodyKept = 2048
const searchedForTitle = 64 * 1024
const detailKept = 1024
const fieldsKept = 100
const complaintsKept = 20

const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== ""

const texts = (value: unknown): ReadonlyArray<string> =>
  isText(value) ? [value] : Array.isArray(value) ? value.filter(isText) : []

const isTraceId = (field: string): boolean => field.toLowerCase() === "traceid"

/** `errors` as a map of complaints, or the whole body where it is nothing but such a map. */
const complaintsOf = (body: JsonObject): JsonObject | undefined => {
  const errors = ownValue(body, "errors")
  if (isJsonObject(errors)) return errors
  const values = Object.values(body)
  return errors === undefined && values.length > 0 &&
      values.every((value) => Array.isArray(value) && value.every(isText))
    ? body
    : undefined
}

const fieldErrorsOf = (body: JsonObject): WrittenTexts["fieldErrors"] => {
  const fields = Object.entries(complaintsOf(body) ?? {})
    .filter(([field]) => !isTraceId(field))
    .map(([field, complaints]) => [field, texts(complaints).slice(0, complaintsKept)] as const)
    .filter(([, complaints]) => complaints.length > 0)
    .slice(0, fieldsKept)
  return fields.length === 0 ? undefined : Object.fromEntries(fields)
}

/** `errors` as a list: of texts (documented), or of tuples of a message and codes (observed). */
const listed = (body: JsonObject): ReadonlyArray<{ readonly message: unknown; readonly code: unknown }> => {
  const errors = ownValue(body, "errors")
  if (!Array.isArray(errors)) return []
  return errors.slice(0, fieldsKept).map((error: unknown) =>
    isJsonObject(error)
      ? {
        message: ownValue(error, "item1") ?? ownValue(error, "message"),
        code: ownValue(error, "item2") ?? ownValue(error, "code")
      }
      : { message: error, code: undefined }
  )
}

/** `status` and `statusCode` hold a code only where they have more than the three digits of an HTTP status. */
const longCode = (value: unknown): unknown =>
  (typeof value === "string" || typeof value === "number") && /^\d{4,}$/.test(String(value)) ? value : undefined

const codeOf = (body: JsonObject): string | undefined => {
  const code = firstToken(
    ownValue(body, "responseCode"),
    ownValue(body, "code"),
    ownValue(body, "errorCode"),
    longCode(ownValue(body, "statusCode")),
    longCode(ownValue(body, "status")),
    ...listed(body).map(({ code }) => code)
  )
  return isCode(code) ? code : undefined
}

const detailNames = ["responseMessage", "title", "detail", "message", "Message", "error_description", "error"]

const detailOf = (body: JsonObject): string | undefined =>
  [...detailNames.map((name) => ownValue(body, name)), ...listed(body).map(({ message }) => message)].find(isText)
    ?.slice(0, detailKept)

const traceIdOf = (body: JsonObject): string | undefined => {
  const errors = ownValue(body, "errors")
  const traceId = firstToken(
    ownValue(body, "traceId"),
    ownValue(body, "TraceId"),
    ...(isJsonObject(errors) ? [ownValue(errors, "TraceId"), ownValue(errors, "traceId")] : [])
  )
  return isId(traceId) ? traceId : undefined
}

const titleOf = (html: string): string | undefined => {
  const title = /<title[^<>]*>([^<]{1,200})/i.exec(html)?.[1]?.trim()
  return title === "" ? undefined : title
}

/** The ids by which FlexFactor can find a call. */
interface CallIds {
  readonly traceId?: string
  readonly requestId?: string
}

interface ErrorFacts extends CallIds {
  readonly code?: string
  readonly written: Redacted.Redacted<WrittenTexts>
}

/** What a body says, with what it says about an error one level down. */
const flatten = (whole: JsonObject | undefined): JsonObject => {
  const inner = whole === undefined ? undefined : ownValue(whole, "error")
  return isJsonObject(inner) ? { ...whole, ...inner } : whole ?? {}
}

const idsIn = (body: JsonObject, answer: Answer): CallIds => {
  return withDefined({ traceId: traceIdOf(body), requestId: requestIdOf(answer) })
}

/** The ids in an answer of any kind. */
export const readCallIds = (answer: Answer): CallIds => idsIn(flatten(envelopeOf(answer)), answer)

/** Everything that an error keeps of an answer. */
export const readErrorBody = (answer: Answer): ErrorFacts => {
  const whole = envelopeOf(answer)
  const body = flatten(whole)
  const detail = whole === undefined ? titleOf(answer.text.slice(0, searchedForTitle)) : detailOf(body)
  return ownFields({
    ...idsIn(body, answer),
    ...withDefined({ code: codeOf(body) }),
    written: Redacted.make(
      ownFields({
        body: answer.text.slice(0, bodyKept),
        ...withDefined({ detail, fieldErrors: fieldErrorsOf(body) })
      }),
      { label: "FlexFactor's text" }
    )
  })
}
