/**
 * What a test holds of the simulator's webhooks. Without the option `webhooks` there are none, and whoever asks for them
 * is told so.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { EventToSign, SignedWebhook } from "../signWebhook.ts"
import type { WebhookFault } from "../WebhookFault.ts"
import type { Receiver } from "../WebhookReceiver.ts"
import { makeDelivering } from "./delivering.ts"
import { orderById } from "./history.ts"
import { occur } from "./occurrences.ts"
import { makeOutbox } from "./outbox.ts"
import { makeLetterSigner } from "./signLetter.ts"
import type { State } from "./state.ts"
import { makeWebhookFaults, type SeededWebhookFaults, type WebhookFaultCounts } from "./webhookFaults.ts"
import type { WebhookSettings } from "./webhookSettings.ts"

/**
 * The controls of the webhooks. There are three ways to receive them: `takeWebhooks` hands them to the test,
 * `deliverWebhooks` to the program, and `pushWebhooks` to the program in the background. Each is handed out once, to
 * whoever asks first, and is signed then.
 *
 * @example
 * ```ts
 * import { Effect, Redacted } from "effect"
 * import { Cents, Webhook } from "effect-flexfactor"
 * import { FlexFactorSimulator, WebhookFault } from "effect-flexfactor/testing"
 *
 * const webhooks = { key: Redacted.make("a2V5IG9mIGEgdGVzdA=="), host: "shop.example" }
 *
 * const test = Effect.gen(function*() {
 *   const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
 *   const verifier = yield* Webhook.make(webhooks)
 *   const order = yield* simulator.addOrder({ amount: Cents.make(5000) })
 *   yield* simulator.failNextWebhook(WebhookFault.redelivered())
 *   yield* simulator.refundInPortal(order.id, Cents.make(1000))
 *   return yield* Effect.forEach(yield* simulator.takeWebhooks, verifier.verify) // order.refunded, twice
 * }).pipe(Effect.provide(FlexFactorSimulator.layer({ webhooks })))
 * ```
 */
export interface WebhookControls {
  /**
   * The deliveries that have come by now, in order of arrival. Nobody answers them, so none is delivered again unless a
   * fault says so.
   */
  readonly takeWebhooks: Effect.Effect<ReadonlyArray<SignedWebhook>>
  /**
   * Hands the deliveries that have come by now to a receiver, one after the other, in order of arrival. One that it fails
   * to take, or does not take within 30 seconds, is delivered again later: with `IsResent` set, another nonce and date,
   * and the same `TimeStamp` (all assumed). A defect of the receiver is one of the test.
   */
  readonly deliverWebhooks: <R>(receiver: Receiver<R>) => Effect.Effect<void, never, R>
  /**
   * As `deliverWebhooks`, each as soon as it comes, without end: to be forked, as `layerWebhooks` does. Signing takes a
   * moment of real time, during which a test clock may move on.
   */
  readonly pushWebhooks: <R>(receiver: Receiver<R>) => Effect.Effect<never, never, R>
  /** Reports what does not happen by itself here, such as a chargeback or a payout; it happens now. */
  readonly emit: (event: EventToSign) => Effect.Effect<void>
  /** Makes the webhooks of the next events go wrong, one fault each, in order. */
  readonly failNextWebhook: (...faults: ReadonlyArray<WebhookFault>) => Effect.Effect<void>
  /**
   * Makes webhooks go wrong from now on, by faults drawn from a seed. What `failNextWebhook` asks for comes first. Called
   * again, it begins anew; a `rate` of 0 ends it.
   */
  readonly failWebhooksBySeed: (faults: SeededWebhookFaults) => Effect.Effect<void>
  /** How many events met each kind of fault that was drawn from a seed. */
  readonly webhookFaultCounts: Effect.Effect<WebhookFaultCounts>
}

const off = Effect.die(
  new Error("FlexFactorSimulator: its webhooks are off. The option `webhooks`, with a key and a host, turns them on.")
)

/** The controls where there are no webhooks. */
const controlsWithout: WebhookControls = {
  takeWebhooks: off,
  deliverWebhooks: () => off,
  pushWebhooks: () => off,
  emit: () => off,
  failNextWebhook: () => off,
  failWebhooksBySeed: () => off,
  webhookFaultCounts: off
}

/** Makes the controls of the webhooks of one simulator. */
export const makeWebhookControls = (state: State, settings: WebhookSettings | undefined): WebhookControls => {
  if (settings === undefined) return controlsWithout
  const faults = makeWebhookFaults()
  const outbox = makeOutbox(state, settings, faults)
  const { deliver, push, take } = makeDelivering(state, outbox, makeLetterSigner(settings))
  /** What happened before has met its faults already. */
  const upToNow = <A>(look: (now: DateTime.Utc) => A): Effect.Effect<A> =>
    Effect.map(DateTime.now, (now) => {
      outbox.catchUp(now)
      return look(now)
    })

  return {
    takeWebhooks: take,
    deliverWebhooks: deliver,
    pushWebhooks: push,
    emit: (event) =>
      upToNow((at) => {
        const order = event.orderId === undefined ? undefined : orderById(state, event.orderId)
        const known = order === undefined ? {} : { externalOrderId: order.externalId }
        occur(state, { at, event: { ...known, ...event } })
      }),
    failNextWebhook: (...next) => upToNow(() => faults.script(next)),
    failWebhooksBySeed: (options) => upToNow(() => faults.seed(options)),
    webhookFaultCounts: upToNow(faults.counts)
  }
}
