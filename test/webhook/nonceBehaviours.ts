/**
 * What every store of nonces does.
 */
import { assert } from "@effect/vitest"
import { DateTime, Effect, type Layer, type Scope } from "effect"
import * as Webhook from "../../src/Webhook.ts"
import { WebhookNonces } from "../../src/WebhookNonces.ts"
import { assertMalformed, bytes, now, options, sign } from "./deliveries.ts"
import { type SetClock, withMovableClock } from "./movableClock.ts"

type Declare = (name: string, test: () => Effect.Effect<void, unknown, Scope.Scope>) => void

const verifier = Webhook.make(options)

/** Receives a signed delivery; yields its event's name, or the tag of the failure. */
const outcomeOf = (delivery: Webhook.Delivery) =>
  Effect.flatMap(verifier, ({ receive }) => receive(delivery)).pipe(
    Effect.match({ onFailure: ({ _tag }): string => _tag, onSuccess: ({ event }): string => event })
  )

const second = 1_000
const minute = 60 * second

export const declareNonceBehaviours = <E>(declare: Declare, layer: Layer.Layer<WebhookNonces, E>): void => {
  const check = (
    name: string,
    test: (itIsNow: SetClock) => Effect.Effect<void, unknown, WebhookNonces | Scope.Scope>
  ): void => declare(name, () => Effect.provide(withMovableClock(test), layer))

  check(
    "takes a delivery once",
    Effect.fnUntraced(function*(itIsNow) {
      yield* itIsNow()
      const signed = yield* sign()
      assert.strictEqual(yield* outcomeOf(signed), "order.refunded")
      assert.strictEqual(yield* outcomeOf(signed), "WebhookReplayed")
      assert.strictEqual(yield* outcomeOf(signed), "WebhookReplayed")
      const again = yield* sign({ nonce: "another" })
      assert.strictEqual(yield* outcomeOf(again), "order.refunded")
    })
  )

  check(
    "takes one of 50 that arrive at once, and each of 50 others",
    Effect.fnUntraced(function*(itIsNow) {
      yield* itIsNow()
      const same = yield* sign()
      const others = yield* Effect.forEach(Array.from({ length: 50 }), (_, n) => sign({ nonce: `n-${n}` }))
      const all = others.flatMap((other) => [same, other])
      const outcomes = yield* Effect.forEach(all, outcomeOf, { concurrency: "unbounded" })
      assert.lengthOf(outcomes.filter((outcome, index) => index % 2 === 0 && outcome === "order.refunded"), 1)
      assert.lengthOf(outcomes.filter((outcome, index) => index % 2 === 0 && outcome === "WebhookReplayed"), 49)
      assert.lengthOf(outcomes.filter((outcome, index) => index % 2 === 1 && outcome === "order.refunded"), 50)
    })
  )

  check(
    "takes a delivery from as far ahead as is tolerated once, for as long as its date is right",
    Effect.fnUntraced(function*(itIsNow) {
      yield* itIsNow(-5 * minute + second)
      const signed = yield* sign()
      assert.strictEqual(yield* outcomeOf(signed), "order.refunded")
      for (const later of [-4 * minute, 0, 4 * minute, 5 * minute - 30 * second]) {
        yield* itIsNow(later)
        assert.strictEqual(yield* outcomeOf(yield* sign({ nonce: `n${later}` })), "order.refunded")
        assert.strictEqual(yield* outcomeOf(signed), "WebhookReplayed", `${later}`)
      }
      yield* itIsNow(5 * minute + second)
      assert.strictEqual(yield* outcomeOf(signed), "WebhookExpired")
    })
  )

  check(
    "does not use up the nonce of a delivery that is refused, or cannot be read",
    Effect.fnUntraced(function*(itIsNow) {
      yield* itIsNow()
      const signed = yield* sign()
      assert.strictEqual(yield* outcomeOf({ ...signed, body: bytes("{}") }), "WebhookSignatureInvalid")
      yield* itIsNow(6 * minute)
      assert.strictEqual(yield* outcomeOf(signed), "WebhookExpired")
      yield* itIsNow()
      const unreadable = yield* sign({ event: bytes("{}") })
      const { receive } = yield* verifier
      assertMalformed(yield* Effect.flip(receive(unreadable)), "Event", "must be there")
      assert.strictEqual(yield* outcomeOf(signed), "order.refunded")
    })
  )

  check(
    "forgets a nonce some time after its time, and not before",
    Effect.fnUntraced(function*(itIsNow) {
      const { isNew } = yield* WebhookNonces
      yield* itIsNow()
      assert.isTrue(yield* isNew("n", DateTime.add(now, { minutes: 10 })))
      yield* itIsNow(10 * minute - 30 * second)
      assert.isFalse(yield* isNew("n", DateTime.add(now, { minutes: 20 })))
      yield* itIsNow(12 * minute)
      assert.isTrue(yield* isNew("n", DateTime.add(now, { minutes: 20 })))
      assert.isFalse(yield* isNew("n", DateTime.add(now, { minutes: 20 })))
    })
  )
}
