/**
 * Hands events over, from the queue to handlers.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import type { WebhookEvent } from "../../WebhookEvent.ts"
import type { WebhookInbox } from "../../WebhookInbox.ts"
import type { Claimed, InboxQueue } from "./inboxQueue.ts"

/** Not the handler's own: one that interrupted itself would get its event back at once, over and over. */
const failed = Exit.fail("its handler failed")

type HandOver = Pick<WebhookInbox["Service"], "handleNext" | "events">

export const makeHandOver = ({ claim }: InboxQueue): HandOver => ({
  handleNext: <A, E, R>(handler: (event: WebhookEvent) => Effect.Effect<A, E, R>) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function*() {
        const { event, settle } = yield* claim("handleNext", restore)
        const handled = yield* Effect.suspend(() => handler(event)).pipe(
          // The wait before it can take hours, and is no part of the work.
          Effect.withSpan("WebhookInbox.handleNext", { attributes: { event: event.event } }),
          // Within `restore`, so that this is the handler's exit, and not that of whoever interrupts from outside.
          Effect.exit,
          restore,
          Effect.onInterrupt(() => Effect.ignore(settle(Exit.interrupt())))
        )
        if (Exit.isSuccess(handled)) yield* settle(Exit.void)
        else yield* Effect.ignore(settle(failed))
        return yield* handled
      })
    ),

  events: Stream.unwrap(Effect.gen(function*() {
    let open: Claimed | undefined
    const settleOpen = Effect.fnUntraced(function*(exit: Exit.Exit<unknown, unknown>) {
      const settled = open
      open = undefined
      if (settled !== undefined) yield* settled.settle(exit)
    })
    yield* Effect.addFinalizer((exit) =>
      Effect.catch(settleOpen(exit), (error) => Effect.logWarning(`${error.message}; an event comes again`))
    )
    return Stream.fromPull(Effect.succeed(
      Effect.uninterruptibleMask((restore) =>
        Effect.gen(function*() {
          yield* settleOpen(Exit.void)
          open = yield* claim("events", restore)
          return [open.event] as const
        })
      )
    ))
  }))
})
