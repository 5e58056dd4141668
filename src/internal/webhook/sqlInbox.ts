/**
 * The inbox in a database, PostgreSQL or SQLite, over Effect's `SqlClient`.
 *
 * The nonce, the event and its place in the queue are kept in one transaction, which is part of the caller's if there is
 * one.
 *
 * What a database says of its failures can hold an event's data, so of a failure only its kind is passed on.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { PersistedQueueError, PersistedQueueStore } from "effect/persistence/PersistedQueue"
import * as Result from "effect/Result"
import * as SqlClient from "effect/sql/SqlClient"
import { WebhookInboxError } from "../../WebhookError.ts"
import { deliveryKey } from "../../WebhookEvent.ts"
import type { Kept, ReceivedDelivery, WebhookInbox } from "../../WebhookInbox.ts"
import { failureCode } from "../sql/failureCode.ts"
import { isRaceLost, untilDecided } from "../sql/isRaceLost.ts"
import { outsideTransaction } from "../sql/transaction.ts"
import { makeHandOver } from "./handOver.ts"
import { makeInboxQueue } from "./inboxQueue.ts"
import { queueFailure } from "./queueLogs.ts"
import { sqlErrorIn } from "./sqlErrorIn.ts"
import { type EventsFailure, makeSqlEvents } from "./sqlEvents.ts"
import { makeNonceRows } from "./sqlNonces.ts"

type Failure = EventsFailure | PersistedQueueError

const reasonOf = (error: Failure): string => {
  if (typeof error === "string") return error
  return error._tag === "SqlError" ? failureCode(error) : queueFailure(error)
}

const failedTo = (operation: WebhookInboxError["operation"]) => (error: Failure) =>
  new WebhookInboxError({ operation, reason: reasonOf(error) })

/** Where a transaction cannot be rolled back, such as without its connection, it dies of what the database failed with. */
const failsToKeep = <A>(keeping: Effect.Effect<A, Failure>): Effect.Effect<A, WebhookInboxError> =>
  Effect.catchCause(keeping, (cause) => {
    const failed = Cause.findError(cause)
    if (Result.isSuccess(failed)) return Effect.fail(failedTo("keep")(failed.success))
    const died = sqlErrorIn(cause)
    return died === undefined ? Effect.failCause(failed.failure) : Effect.fail(failedTo("keep")(died))
  })

const lostRace = (error: Failure): boolean => {
  const failure = sqlErrorIn(error)
  return failure !== undefined && isRaceLost(failure)
}

/** The inbox over a client whose database has the tables of `sqlMigrations.ts` and of the queue's store. */
export const makeSqlInbox: Effect.Effect<
  WebhookInbox["Service"],
  never,
  SqlClient.SqlClient | PersistedQueueStore
> = Effect.gen(function*() {
  // Whatever names the rest of the program gives its columns.
  const sql = (yield* SqlClient.SqlClient).withoutTransforms()
  const nonces = makeNonceRows(sql)
  const events = makeSqlEvents(sql)
  const queue = yield* makeInboxQueue({
    // Where there is one connection, the queue would wait for it in vain; and an event must not be done before what a
    // handler did is committed.
    mayWait: outsideTransaction(sql),
    find: (key) => Effect.mapError(events.find(key), reasonOf)
  })

  const keep = Effect.fnUntraced(function*({ event, expiresAt, nonce }: ReceivedDelivery) {
    const isNewNonce = yield* nonces.insert(nonce, expiresAt)
    const key = deliveryKey(event)
    // A nonce that is there does not prove that its event is: `WebhookNonces` may have put it there.
    if (!(yield* events.insert(key, event))) return isNewNonce ? "redelivered" : "replayed"
    yield* queue.offer(key)
    return "new"
  })

  const raced = untilDecided(sql, lostRace)

  return {
    keep: Effect.fn("WebhookInbox.keep")((delivery): Effect.Effect<Kept, WebhookInboxError> =>
      failsToKeep(raced(sql.withTransaction(keep(delivery))))
    ),
    ofOrder: Effect.fn("WebhookInbox.ofOrder")((orderId) =>
      Effect.mapError(events.ofOrder(orderId), failedTo("ofOrder"))
    ),
    ...makeHandOver(queue)
  }
})
