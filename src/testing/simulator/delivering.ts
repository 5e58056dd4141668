/**
 * Sends what is due: hands it to a test that takes it, or to a receiver whose answer counts.
 */
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type { SignedWebhook } from "../signWebhook.ts"
import type { Receiver } from "../WebhookReceiver.ts"
import type { Outbox } from "./outbox.ts"
import type { Letter, Sending } from "./sendings.ts"
import type { makeLetterSigner } from "./signLetter.ts"
import type { State } from "./state.ts"

/** How long a receiver may take to answer (assumed). */
const patience = Duration.seconds(30)

const warn = ({ event: { event, orderId } }: Letter, at: DateTime.Utc | undefined, cause: Cause.Cause<unknown>) => {
  const about = orderId === undefined ? event : `${event} of order ${orderId}`
  const then = at === undefined ? "is not delivered again" : `is delivered again at ${DateTime.formatIso(at)}`
  return Effect.logWarning(`FlexFactorSimulator: ${about} was not taken, and ${then}.`, cause)
}

/** Makes what sends the webhooks of one simulator. */
export const makeDelivering = (
  { watchers }: State,
  outbox: Outbox,
  sign: ReturnType<typeof makeLetterSigner>
) => {
  /** Signs all that is due by now. */
  const take: Effect.Effect<ReadonlyArray<SignedWebhook>> = Effect.gen(function*() {
    const now = yield* DateTime.now
    const taken: Array<SignedWebhook> = []
    for (let next = outbox.next(now); next !== undefined; next = outbox.next(now)) {
      taken.push(yield* sign(next.letter, now))
    }
    return taken
  })

  /** Also where the receiver is interrupted, or dies: whoever sent it has no answer. */
  const redeliver = Effect.fnUntraced(function*(sending: Sending, cause: Cause.Cause<unknown>) {
    if (sending.gaps === undefined) return
    const at = outbox.redeliver(sending, yield* DateTime.now)
    if (!Cause.hasInterruptsOnly(cause)) yield* warn(sending.letter, at, cause)
  })

  /** Delivers the next that is due by now; yields whether there was one. */
  const deliverNext = <R>(receiver: Receiver<R>): Effect.Effect<boolean, never, R> =>
    Effect.uninterruptibleMask(Effect.fnUntraced(function*(restore) {
      const now = yield* DateTime.now
      const sending = outbox.next(now)
      if (sending === undefined) return false
      yield* restore(Effect.timeout(Effect.flatMap(sign(sending.letter, now), receiver), patience)).pipe(
        Effect.onError((cause) => redeliver(sending, cause)),
        Effect.ignore
      )
      return true
    }))

  /** Delivers all that is due, one after the other. */
  const deliver = <R>(receiver: Receiver<R>): Effect.Effect<void, never, R> =>
    Effect.asVoid(Effect.repeat(deliverNext(receiver), { while: (isMore) => isMore }))

  /** Waits until something is due, or something happens. */
  const idle = Effect.fnUntraced(function*(changed: Latch.Latch) {
    const next = outbox.nextAt()
    if (next === undefined) return yield* changed.await
    const left = DateTime.distance(yield* DateTime.now, next)
    yield* Effect.timeoutOrElse(changed.await, { duration: left, orElse: () => Effect.void })
  })

  /** Delivers each when it is due, without end. */
  const push = <R>(receiver: Receiver<R>): Effect.Effect<never, never, R> =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const changed = Latch.makeUnsafe()
        const watcher = () => void changed.openUnsafe()
        watchers.add(watcher)
        return { changed, watcher }
      }),
      ({ changed }) =>
        // Closed before it looks, so that nothing that happens meanwhile is missed.
        Effect.forever(changed.close.pipe(
          Effect.andThen(deliver(receiver)),
          Effect.andThen(idle(changed))
        )),
      ({ watcher }) => Effect.sync(() => watchers.delete(watcher))
    )

  return { take, deliver, push }
}
