/**
 * What an error keeps of FlexFactor's answer.
 *
 * Ids and codes are plain. Texts that FlexFactor wrote can quote a customer's data, so they are kept `Redacted`: code
 * reads them through `detail`, `fieldErrors` and `body`, and no log, span, JSON, codec or inspection shows them.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { ownFields } from "../internal/jsonObject.ts"
import { withheld } from "../internal/withheld.ts"
import { Operation } from "./operation.ts"

/** The texts of an answer, as FlexFactor wrote them. */
export const WrittenTexts = Schema.Struct({
  detail: Schema.optionalKey(Schema.String),
  fieldErrors: Schema.optionalKey(Schema.Record(Schema.String, Schema.Array(Schema.String))),
  body: Schema.String
})

/** The texts of an answer, as FlexFactor wrote them. */
export type WrittenTexts = typeof WrittenTexts.Type

const textOf = <Field extends keyof WrittenTexts>({ written }: WrittenError, field: Field) =>
  ownFields(Redacted.value(written))[field]

/** Where FlexFactor wrote nothing, or an error is made by hand. */
const nothingWritten = Redacted.make<WrittenTexts>(ownFields({ body: "" }), { label: "FlexFactor's text" })

/** The two parts of a six-digit code: the HTTP status and the number of the error (documented). */
export interface CodeParts {
  readonly http: number
  readonly detail: string
}

const splitCode = (code = ""): CodeParts | undefined =>
  /^[1-5]\d{5}$/.test(code) ? { http: Number(code.slice(0, 3)), detail: code.slice(3) } : undefined

/** Composes the message of an error from what can be shown. */
export const sentence = (
  error: {
    readonly operation: string
    readonly code?: string | undefined
    readonly traceId?: string | undefined
    readonly requestId?: string | undefined
  },
  what: string
): string => {
  const { code, operation, requestId, traceId } = ownFields(error)
  const ids = Object.entries({ code, trace: traceId, request: requestId }).flatMap(([name, id]) =>
    id === undefined ? [] : `${name} ${id}`
  )
  return `${operation}: ${what}${ids.length === 0 ? "" : ` (${ids.join(", ")})`}`
}

/**
 * The base of every error that may carry an answer of FlexFactor.
 *
 * - `operation`: the request that failed.
 * - `traceId`: FlexFactor's trace id, in either of its spellings; `requestId`: the id its gateway gave the request.
 *   Quote both when you write to FlexFactor.
 * - `code`: FlexFactor's own code, such as `2001`; `codeParts` splits a six-digit code.
 * - `detail`, `fieldErrors`, `body`: what FlexFactor wrote. Never part of a log line or a rendering.
 */
export abstract class WrittenError extends Schema.Error<WrittenError>("effect-flexfactor/WrittenError")({
  operation: Operation,
  traceId: Schema.optionalKey(Schema.String),
  requestId: Schema.optionalKey(Schema.String),
  code: Schema.optionalKey(Schema.String),
  written: withheld(WrittenTexts, () => nothingWritten).pipe(
    Schema.withConstructorDefault(Effect.succeed(nothingWritten))
  )
}) {
  /** FlexFactor's own words, where it wrote some. */
  get detail(): string | undefined {
    return textOf(this, "detail")
  }
  /** FlexFactor's complaints by field name, such as `fieldErrors?.amountToRefund`. */
  get fieldErrors(): { readonly [field: string]: ReadonlyArray<string> } | undefined {
    return textOf(this, "fieldErrors")
  }
  /** The beginning of the body as it came, at most 2048 characters. */
  get body(): string {
    return Redacted.value(this.written).body
  }
  /** The parts of a six-digit `code`: `401007` is `{ http: 401, detail: "007" }`. */
  get codeParts(): CodeParts | undefined {
    return splitCode(this.code)
  }
}

/** An answer with a status that is not a success: `status` is the HTTP status. */
export abstract class AnswerError extends WrittenError.extend<AnswerError>("effect-flexfactor/AnswerError")({
  status: Schema.Int
}) {
  override get message(): string {
    return sentence(this, `FlexFactor answered ${this.status}`)
  }
}
