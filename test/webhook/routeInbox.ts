/**
 * Inboxes for routes: one in memory that tells what it keeps, and those that do not keep.
 */
import { Effect, Layer, Stream } from "effect"
import { WebhookInboxError } from "../../src/WebhookError.ts"
import type { WebhookEvent } from "../../src/WebhookEvent.ts"
import { type Kept, layerMemory, WebhookInbox } from "../../src/WebhookInbox.ts"

type Keeping = Effect.Effect<Kept, WebhookInboxError>

/**
 * An inbox in memory, the events that it keeps in the order in which they came, and what it answered to each delivery.
 * `change` changes how it keeps.
 */
export const makeInbox = (change: (keeping: Keeping) => Keeping = (keeping) => keeping) => {
  const events: Array<WebhookEvent> = []
  const answers: Array<Kept> = []
  const layer = Layer.effect(
    WebhookInbox,
    Effect.map(WebhookInbox, (inbox) => ({
      ...inbox,
      keep: (delivery) =>
        change(Effect.tap(inbox.keep(delivery), (kept) =>
          Effect.sync(() => {
            answers.push(kept)
            if (kept === "new") events.push(delivery.event)
          })))
    }))
  ).pipe(Layer.provide(Layer.fresh(layerMemory)))
  return { layer, answers, events }
}

/** An inbox that only keeps. */
export const keeping = (keep: WebhookInbox["Service"]["keep"]): Layer.Layer<WebhookInbox> =>
  Layer.succeed(WebhookInbox, {
    keep,
    ofOrder: () => Effect.die("not asked for"),
    handleNext: () => Effect.never,
    events: Stream.never
  })

export const failing = keeping(() => Effect.fail(new WebhookInboxError({ operation: "keep", reason: "it is full" })))
