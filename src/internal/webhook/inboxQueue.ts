/**
 * The queue of the events that nobody has handled. It holds their keys: the events are kept apart from it, so one that
 * this version cannot read stays in the queue.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type PersistedQueueError, PersistedQueueStore } from "effect/persistence/PersistedQueue"
import * as Scope from "effect/Scope"
import { WebhookInboxError } from "../../WebhookError.ts"
import type { WebhookEvent } from "../../WebhookEvent.ts"
import { queueFailure } from "./queueLogs.ts"

const name = "flexfactor_webhook_events"

const longestGap = Duration.minutes(5)

/** After a second, then after twice as long each time, for as long as it takes: the largest count a table can hold. */
const patience = {
  name,
  maxAttempts: 2_147_483_647,
  retryDelay: (attempts: number) => Effect.succeed(Duration.min(Duration.seconds(2 ** (attempts - 1)), longestGap))
}

/** What the queue is told of a handler, and may write down: nothing of what it failed with. */
const outcomeOf = (exit: Exit.Exit<unknown, unknown>): Exit.Exit<void, string> => {
  if (Exit.isSuccess(exit)) return Exit.void
  return Cause.hasInterruptsOnly(exit.cause) ? Exit.interrupt() : Exit.fail("it was not handled")
}

type Operation = "handleNext" | "events"

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** An event that is nobody else's until it is settled. */
export interface Claimed {
  readonly event: WebhookEvent
  /** Says what became of it: it is done, or comes again after a while, or, for an interruption, at once. */
  readonly settle: (exit: Exit.Exit<unknown, unknown>) => Effect.Effect<void, WebhookInboxError>
}

export interface InboxQueue {
  readonly offer: (key: string) => Effect.Effect<void, PersistedQueueError>
  /** Waits for an event, within `restore`; for use where nothing else can be interrupted. */
  readonly claim: (operation: Operation, restore: Restore) => Effect.Effect<Claimed, WebhookInboxError>
}

/** An event, or why there is none: it is not kept any more, or this version cannot read it. */
export type FoundEvent = WebhookEvent | "removed" | "unreadable"

/** Where the events are. What fails does so with a reason. */
export interface KeptEvents {
  /** Fails where waiting for an event would not end well. */
  readonly mayWait: Effect.Effect<void, string>
  readonly find: (key: string) => Effect.Effect<FoundEvent, string>
}

/** Says so at most once in so many milliseconds, however many there are. */
const unreadableEvery = 60_000

/**
 * The queue over a store. An event that is not there any more is done. One that cannot be read comes again later, as if
 * its handler had failed, so that it keeps nobody from the others.
 */
export const makeInboxQueue = Effect.fnUntraced(function*(
  { find, mayWait }: KeptEvents
): Effect.fn.Return<InboxQueue, never, PersistedQueueStore> {
  const store = yield* PersistedQueueStore
  const context = yield* Effect.context<never>()
  // What the store starts goes on with the surroundings of whoever asks first, such as a transaction.
  const apart = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> => Effect.updateContext(effect, () => context)

  let warnedAt = Number.NEGATIVE_INFINITY
  const warn = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    if (now - warnedAt < unreadableEvery) return Effect.void
    warnedAt = now
    return Effect.logWarning("WebhookInbox: this version cannot read an event, which stays in the queue")
  })

  const claim: InboxQueue["claim"] = Effect.fnUntraced(function*(operation, restore) {
    const failed = (reason: string) => new WebhookInboxError({ operation, reason })
    yield* Effect.mapError(mayWait, failed)
    while (true) {
      const scope = yield* Scope.make()
      const settle: Claimed["settle"] = (exit) =>
        apart(Scope.close(scope, outcomeOf(exit))).pipe(
          Effect.catchCause((cause) => Effect.fail(failed(queueFailure(cause))))
        )
      const found = yield* apart(Scope.provide(store.take(patience), scope)).pipe(
        Effect.mapError(queueFailure),
        Effect.flatMap(({ element }) => find(String(element))),
        Effect.mapError(failed),
        restore,
        Effect.onError((cause) => Effect.ignore(settle(Exit.failCause(cause))))
      )
      if (typeof found === "object") return { event: found, settle }
      if (found === "unreadable") yield* warn
      yield* settle(found === "unreadable" ? Exit.fail(found) : Exit.void)
    }
  })

  return {
    offer: (key) => store.offer({ name, id: SecureRandom.uuidV4Unsafe(), element: key, isCustomId: false }),
    claim
  }
})
