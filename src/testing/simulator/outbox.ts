/**
 * What is to be sent, in order of time: made of what happened, with the fault that awaits each event.
 */
import * as DateTime from "effect/DateTime"
import { catchUp, enqueue } from "./pending.ts"
import { redelivery, type Sending, sendingsOf } from "./sendings.ts"
import type { State } from "./state.ts"
import { notify } from "./watchers.ts"
import type { makeWebhookFaults } from "./webhookFaults.ts"
import type { WebhookSettings } from "./webhookSettings.ts"

/** What is to be sent by one simulator. */
export interface Outbox {
  /** Sees to what happened by now. */
  readonly catchUp: (now: DateTime.Utc) => void
  /** Takes out the next sending that is due by now. */
  readonly next: (now: DateTime.Utc) => Sending | undefined
  /** When there is something to do next, if nothing happens before. */
  readonly nextAt: () => DateTime.Utc | undefined
  /** Sends an event again that was not taken now; yields when, if it is not given up. */
  readonly redeliver: (sending: Sending, now: DateTime.Utc) => DateTime.Utc | undefined
}

/** Makes the outbox of one simulator. */
export const makeOutbox = (
  state: State,
  settings: WebhookSettings,
  faults: ReturnType<typeof makeWebhookFaults>
): Outbox => {
  const queue: Array<Sending> = []
  /** How many occurrences are in the queue, or were. */
  let seen = 0

  const seeToAll = (now: DateTime.Utc): void => {
    catchUp(state.pending, now)
    const occurrences = state.occurrences.slice(seen)
    seen += occurrences.length
    for (const occurrence of occurrences) {
      const event = settings.eventOf(occurrence)
      for (const sending of sendingsOf(event, occurrence.at, faults.next(event.event), settings.gaps)) {
        enqueue(queue, sending)
      }
    }
  }

  return {
    catchUp: seeToAll,
    next: (now) => {
      seeToAll(now)
      const [first] = queue
      return first !== undefined && DateTime.isLessThanOrEqualTo(first.at, now) ? queue.shift() : undefined
    },
    nextAt: () => [queue[0]?.at, state.pending[0]?.at].filter((at) => at !== undefined).sort(DateTime.Order)[0],
    redeliver: (sending, now) => {
      const again = redelivery(sending, now)
      if (again === undefined) return undefined
      enqueue(queue, again)
      notify(state)
      return again.at
    }
  }
}
