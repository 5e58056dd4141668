/**
 * Events that are kept in an inbox, and handled, by tests that do not wait for their time.
 */
import { Context, DateTime, Effect, Exit, Layer, Logger, Scope } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { TestClock } from "effect/testing"
import { randomUUID } from "node:crypto"
import { OrderId } from "../../src/OrderId.ts"
import type { WebhookInboxError } from "../../src/WebhookError.ts"
import type { WebhookEvent } from "../../src/WebhookEvent.ts"
import { type Kept, layerMemory, layerSql, WebhookInbox } from "../../src/WebhookInbox.ts"
import { now } from "./deliveries.ts"

/** Lets all events whose handler failed come again now. */
export class Due extends Context.Service<Due, Effect.Effect<void, SqlError.SqlError>>()("test/Due") {}

export type Client = Layer.Layer<SqlClient.SqlClient, SqlError.SqlError>

/** An inbox in memory. Its time is the test clock's. */
export const inboxInMemory: Layer.Layer<WebhookInbox | Due> = Layer.mergeAll(
  Layer.fresh(layerMemory),
  Layer.succeed(Due, TestClock.adjust("5 minutes"))
)

const layerDue = Layer.effect(
  Due,
  Effect.map(SqlClient.SqlClient, (sql) => {
    const earlier = sql.onDialectOrElse({
      pg: () => sql.literal("NOW() - INTERVAL '5 minutes'"),
      orElse: () => sql.literal("datetime('now', '-5 minutes')")
    })
    return Effect.asVoid(sql`UPDATE flexfactor_webhook_queue SET visible_at = ${earlier}`)
  })
)

/** An inbox of a program of its own, on a database. */
export const inboxOver = (client: Client) =>
  Layer.provideMerge(Layer.provideMerge(layerDue, Layer.suspend(() => layerSql())), Layer.fresh(client))

export const orderId = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")

export const eventOf = (event: string, changes: Partial<WebhookEvent> = {}): WebhookEvent => ({
  event,
  at: now,
  orderId,
  extra: {},
  ...changes
})

/**
 * Keeps a delivery of an event, with a nonce of its own if none is given. Where SQLite is written to by another
 * connection, it tries again.
 */
export const keep = (
  event: WebhookEvent,
  nonce: string = randomUUID()
): Effect.Effect<Kept, WebhookInboxError, WebhookInbox> =>
  Effect.gen(function*() {
    const inbox = yield* WebhookInbox
    const expiresAt = DateTime.add(yield* DateTime.now, { minutes: 10 })
    return yield* Effect.retry(inbox.keep({ event, nonce, expiresAt }), {
      while: ({ reason }) => reason.startsWith("LockTimeoutError"),
      times: 100
    })
  })

/** Handles the next event, and yields its name. */
export const handleNext: Effect.Effect<string, WebhookInboxError, WebhookInbox> = WebhookInbox.use((inbox) =>
  inbox.handleNext(({ event }) => Effect.succeed(event))
)

/** Handles all that is not handled yet, at once or later, and yields the names. */
export const handleRest: Effect.Effect<
  ReadonlyArray<string>,
  WebhookInboxError | SqlError.SqlError,
  WebhookInbox | Due
> = Effect.gen(function*() {
  const last = `last.${randomUUID()}`
  yield* keep(eventOf(last))
  yield* yield* Due
  const names: Array<string> = []
  while (true) {
    const name = yield* handleNext
    if (name === last) return names
    names.push(name)
  }
})

/** Loggers that keep what they are told, as one line each. */
export const makeLog = () => {
  const lines: Array<string> = []
  return { lines, layer: Logger.layer([Logger.map(Logger.formatJson, (line) => void lines.push(line))]) }
}

/** Runs a statement. */
export const run = (statement: string) => SqlClient.SqlClient.use((sql) => sql.unsafe(statement))

/** Does something while a table is away. */
export const without = <A, E, R>(table: "nonces" | "events" | "queue", effect: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    run(`ALTER TABLE flexfactor_webhook_${table} RENAME TO away`),
    () => effect,
    () => Effect.orDie(run(`ALTER TABLE away RENAME TO flexfactor_webhook_${table}`))
  )

/** A program of its own on a database: what runs in it, and its end. */
export const start = Effect.fnUntraced(function*(client: Client) {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const services = yield* Layer.buildWithScope(Layer.fresh(inboxOver(client)), scope)
  return {
    run: <A, E>(effect: Effect.Effect<A, E, WebhookInbox | Due | SqlClient.SqlClient>) =>
      Effect.provideContext(effect, services),
    end: Scope.close(scope, Exit.void)
  }
})
