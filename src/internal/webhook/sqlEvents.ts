/**
 * The events in a database. The primary key decides which delivery of an event came first.
 */
import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { OrderId } from "../../OrderId.ts"
import { WebhookEvent } from "../../WebhookEvent.ts"
import { oneId } from "../oneId.ts"
import { cellText } from "../sql/cellText.ts"

/** How the events fail: a failure of the database, or a text that says what is wrong. */
export type EventsFailure = SqlError | string

/** The events of a database that has the table of `sqlMigrations.ts`. */
export interface SqlEvents {
  /** Whether an event comes for the first time; it is kept then. */
  readonly insert: (key: string, event: WebhookEvent) => Effect.Effect<boolean, EventsFailure>
  readonly find: (key: string) => Effect.Effect<Option.Option<WebhookEvent>, EventsFailure>
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
  const decoded = (rows: ReadonlyArray<object>) =>
    Effect.fromResult(Result.all(rows.map((row) => fromJson(Reflect.get(row, "event")))))
  return {
    insert: Effect.fnUntraced(function*(key, event) {
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
      sql`SELECT event FROM ${events} WHERE delivery_key = ${cellText(key)}`.pipe(
        Effect.flatMap(decoded),
        Effect.map(Arr.head)
      ),
    ofOrder: (orderId) =>
      Effect.flatMap(
        sql`
          SELECT event FROM ${events} WHERE order_id = ${oneId(orderId)} ORDER BY happened_at, received_at, delivery_key
        `,
        decoded
      )
  }
}
