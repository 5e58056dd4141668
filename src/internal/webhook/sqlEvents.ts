/**
 * The events in a database. The primary key decides which delivery of an event came first.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { OrderId } from "../../OrderId.ts"
import { WebhookEvent } from "../../WebhookEvent.ts"
import { ownFields } from "../jsonObject.ts"
import { oneId } from "../oneId.ts"
import { cellText } from "../sql/cellText.ts"
import type { FoundEvent } from "./inboxQueue.ts"

/** How the events fail: a failure of the database, or a text that says what is wrong. */
export type EventsFailure = SqlError | string

/** The events of a database that has the table of `sqlMigrations.ts`. */
export interface SqlEvents {
  /** Whether an event comes for the first time; it is kept then. */
  readonly insert: (key: string, event: WebhookEvent) => Effect.Effect<boolean, EventsFailure>
  readonly find: (key: string) => Effect.Effect<FoundEvent, SqlError>
  /** Fails if one of them cannot be read: whoever decides by them must not take the rest for all. */
  readonly ofOrder: (orderId: OrderId) => Effect.Effect<ReadonlyArray<WebhookEvent>, EventsFailure>
}

/** Writes an event as JSON text, as it is on the wire, and reads it back. What is wrong is said without quoting it. */
const makeEventJson = () => {
  const encode = Schema.encodeUnknownResult(WebhookEvent)
  const decode = Schema.decodeUnknownResult(WebhookEvent)
  return {
    toJson: (event: WebhookEvent): Result.Result<string, string> =>
      encode(event).pipe(
        Result.flatMap((wire) => Result.try(() => JSON.stringify(wire))),
        Result.mapError(() => "the event cannot be written as JSON")
      ),
    fromJson: (text: unknown): Result.Result<WebhookEvent, string> =>
      Result.try((): unknown => JSON.parse(String(text))).pipe(
        Result.flatMap(decode),
        Result.mapError(() => "column event is not as expected")
      )
  }
}

export const makeSqlEvents = (sql: SqlClient.SqlClient): SqlEvents => {
  const events = sql("flexfactor_webhook_events")
  const { fromJson, toJson } = makeEventJson()
  const fromRow = (row: object) => fromJson(Reflect.get(row, "event"))
  return {
    insert: Effect.fnUntraced(function*(key, given) {
      const event = ownFields(given)
      const row = {
        delivery_key: cellText(key),
        order_id: event.orderId === undefined ? null : oneId(event.orderId),
        event_name: cellText(event.event),
        happened_at: DateTime.formatIso(event.at),
        received_at: DateTime.formatIso(yield* DateTime.now),
        event: yield* Effect.fromResult(toJson(event))
      }
      const inserted = yield* sql`
        INSERT INTO ${events} ${sql.insert(row)} ON CONFLICT DO NOTHING RETURNING delivery_key
      `
      return inserted.length > 0
    }),
    find: (key) =>
      Effect.map(
        sql`SELECT event FROM ${events} WHERE delivery_key = ${cellText(key)}`,
        ([row]) => row === undefined ? "removed" : Result.getOrElse(fromRow(row), () => "unreadable" as const)
      ),
    ofOrder: (orderId) =>
      Effect.flatMap(
        sql`
          SELECT event FROM ${events} WHERE order_id = ${oneId(orderId)} ORDER BY happened_at, received_at, delivery_key
        `,
        (rows) => Effect.fromResult(Result.all(rows.map(fromRow)))
      )
  }
}
