/**
 * Works through an inbox, in the background.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { WebhookInboxError } from "../../WebhookError.ts"
import type { WebhookEvent } from "../../WebhookEvent.ts"
import type { HandlerOptions, WebhookInbox } from "../../WebhookInbox.ts"
import { invalid } from "../settings.ts"

type Handler<E, R> = (event: WebhookEvent) => Effect.Effect<unknown, E, R>

class NotHandled extends Data.TaggedError("NotHandled")<{}> {}

/** How long a worker waits for an inbox that fails. */
const gaps = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("1 minute")])

/** Handles one event after the other, and does not end, whatever fails. */
const handleAll = <E, R>(
  { handleNext }: WebhookInbox["Service"],
  handler: Handler<E, R>
): Effect.Effect<never, never, Exclude<R, Scope.Scope>> =>
  handleNext((event) =>
    Effect.scoped(Effect.suspend(() => handler(event))).pipe(
      Effect.catchCause((cause) =>
        Effect.logWarning("WebhookInbox: an event was not handled, and comes again", cause).pipe(
          Effect.annotateLogs({ event: event.event, orderId: event.orderId }),
          Effect.andThen(Effect.fail(new NotHandled()))
        )
      )
    )
  ).pipe(
    Effect.catchTag("NotHandled", () => Effect.void),
    Effect.catchDefect(() =>
      Effect.fail(new WebhookInboxError({ operation: "handleNext", reason: "the inbox failed with a defect" }))
    ),
    Effect.tapError((error) => Effect.logWarning(error.message)),
    Effect.retry(gaps),
    // The gaps do not end.
    Effect.ignore,
    Effect.forever
  )

/** Starts so many at once, until the scope ends. */
export const startWorkers = <E, R>(
  inbox: WebhookInbox["Service"],
  handler: Handler<E, R>,
  { concurrency = 4 }: HandlerOptions
): Effect.Effect<unknown, never, Exclude<R, Scope.Scope> | Scope.Scope> => {
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    return Effect.die(invalid("concurrency must be a whole number of at least 1"))
  }
  const workers = Array.from({ length: concurrency }, () => handleAll(inbox, handler))
  return Effect.forkScoped(Effect.all(workers, { concurrency: "unbounded", discard: true }))
}
