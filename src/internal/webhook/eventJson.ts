/**
 * An event as JSON text, as it is on the wire, and back. What is wrong is said without quoting it.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { WebhookEvent } from "../../WebhookEvent.ts"

const encode = Schema.encodeUnknownResult(WebhookEvent)
const decode = Schema.decodeUnknownResult(WebhookEvent)

/** The event as text, or what is wrong with it. */
export const toJson = (event: WebhookEvent): Result.Result<string, string> =>
  encode(event).pipe(
    Result.flatMap((wire) => Result.try(() => JSON.stringify(wire))),
    Result.mapError(() => "the event cannot be written as JSON")
  )

/** The event in a text, or what is wrong with it. */
export const fromJson = (text: unknown): Result.Result<WebhookEvent, string> =>
  Result.try((): unknown => JSON.parse(String(text))).pipe(
    Result.flatMap(decode),
    Result.mapError(() => "column event is not as expected")
  )
