/**
 * A queue of what a receiver in the background got.
 */
import { DateTime, Effect, Queue } from "effect"
import type { SignedWebhook } from "../../../src/testing/index.ts"
import { eventsOf, simulator } from "./setup.ts"

export interface Arrival {
  readonly webhook: SignedWebhook
  /** The second of the clock at which it came. */
  readonly at: number
}

export const makeArrivals = Queue.unbounded<Arrival>()

/** A receiver that puts what comes into a queue. */
export const receiverTo = (arrivals: Queue.Enqueue<Arrival>, isTaken: () => boolean = () => true) =>
  Effect.fnUntraced(function*(webhook: SignedWebhook) {
    const at = DateTime.toEpochMillis(yield* DateTime.now) / 1000
    yield* Queue.offer(arrivals, { webhook, at })
    if (!isTaken()) return yield* Effect.fail("not taken")
  })

/** Waits for the next, and says when it came, and what it reports. */
export const next = Effect.fnUntraced(function*(arrivals: Queue.Dequeue<Arrival>) {
  const { at, webhook } = yield* Queue.take(arrivals)
  const [event] = yield* eventsOf([webhook])
  return `${at}: ${event}`
})

/** Lets the background go on until it waits. What it does after a delivery takes no real time. */
export const untilItWaits = Effect.replicateEffect(Effect.yieldNow, 100)

export const emit = (event: string) => simulator.use((controls) => controls.emit({ event }))
