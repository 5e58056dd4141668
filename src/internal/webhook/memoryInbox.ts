/**
 * The inbox in memory.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Order from "effect/Order"
import type { PersistedQueueStore } from "effect/persistence/PersistedQueue"
import type { OrderId } from "../../OrderId.ts"
import { WebhookInboxError } from "../../WebhookError.ts"
import { deliveryKey, type WebhookEvent } from "../../WebhookEvent.ts"
import type { WebhookInbox } from "../../WebhookInbox.ts"
import { ownFields } from "../jsonObject.ts"
import { oneId } from "../oneId.ts"
import { makeHandOver } from "./handOver.ts"
import { makeInboxQueue } from "./inboxQueue.ts"
import { makeMemoryNonces } from "./memoryNonces.ts"
import { queueFailure } from "./queueLogs.ts"

const isAbout = (orderId: OrderId) => (event: WebhookEvent): boolean => {
  const { orderId: about } = ownFields(event)
  return about !== undefined && oneId(about) === oneId(orderId)
}

const oldestFirst = Order.mapInput(DateTime.Order, ({ at }: WebhookEvent) => at)

export const makeMemoryInbox: Effect.Effect<WebhookInbox["Service"], never, PersistedQueueStore> = Effect.gen(
  function*() {
    const nonces = makeMemoryNonces()
    const events = new Map<string, WebhookEvent>()
    const queue = yield* makeInboxQueue({
      mayWait: Effect.void,
      find: (key) => Effect.sync(() => events.get(key) ?? "removed")
    })

    const isNewEvent = (key: string, event: WebhookEvent): boolean => {
      if (events.has(key)) return false
      events.set(key, event)
      return true
    }

    return {
      keep: Effect.fn("WebhookInbox.keep")(
        function*({ event, expiresAt, nonce }) {
          const isNewNonce = yield* nonces.isNew(nonce, expiresAt)
          const key = deliveryKey(event)
          if (!isNewEvent(key, event)) return isNewNonce ? "redelivered" : "replayed"
          yield* queue.offer(key)
          return "new"
        },
        Effect.mapError((error) =>
          new WebhookInboxError({
            operation: "keep",
            reason: error._tag === "PersistedQueueError" ? queueFailure(error) : error.reason
          })
        ),
        Effect.uninterruptible
      ),
      ofOrder: Effect.fn("WebhookInbox.ofOrder")((orderId) =>
        Effect.sync(() => [...events.values()].filter(isAbout(orderId)).toSorted(oldestFirst))
      ),
      ...makeHandOver(queue)
    }
  }
)
