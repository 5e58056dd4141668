/**
 * Decodes the body of a delivery, whatever its content type. What cannot be read is said without quoting it.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { WebhookMalformed } from "../../WebhookError.ts"
import { WebhookEvent } from "../../WebhookEvent.ts"
import { isJsonObject, isShallow, type JsonObject } from "../jsonObject.ts"
import { bytesOf } from "./bytes.ts"
import { wireName } from "./eventWire.ts"

const malformed = (rule: string): WebhookMalformed => new WebhookMalformed({ field: "body", rule })

/** What the schema says, in words that follow the name of a field. */
const rules: ReadonlyMap<string, string> = new Map([
  ["Missing key", "must be there"],
  ["Expected string", "must be text"],
  ["Expected OrderId", "must be text"],
  ["Expected boolean", "must be true or false"],
  ["Expected a valid UTC DateTime string", "must be a date and time in ISO 8601"]
])

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

const fromSchema = ({ issue }: Schema.SchemaError): WebhookMalformed => {
  const first = issuesOf(issue).issues[0]
  const step = first?.path?.[0]
  return new WebhookMalformed({
    field: wireName(typeof step === "object" ? step.key : step),
    rule: rules.get(first?.message ?? "") ?? first?.message ?? "must be an event"
  })
}

const parse = (body: Uint8Array): Result.Result<JsonObject, WebhookMalformed> =>
  bytesOf(body).pipe(
    Result.flatMap((bytes) =>
      Result.try({
        try: () => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
        catch: () => malformed("must be UTF-8")
      })
    ),
    Result.flatMap((text) =>
      Result.try({ try: (): unknown => JSON.parse(text), catch: () => malformed("must be JSON") })
    ),
    Result.filterOrFail(isJsonObject, () => malformed("must be a JSON object")),
    Result.filterOrFail(isShallow, () => malformed("must nest less deeply"))
  )

const decode = Schema.decodeUnknownResult(WebhookEvent)

export const decodeEvent = (body: Uint8Array): Result.Result<WebhookEvent, WebhookMalformed> =>
  Result.flatMap(parse(body), (json) => Result.mapError(decode(json), fromSchema))
