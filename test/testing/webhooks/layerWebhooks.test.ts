import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Layer, Logger, Queue } from "effect"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { emit, makeArrivals, next, receiverTo, untilItWaits } from "./arrivals.ts"
import { layer, refund, take, wire } from "./setup.ts"

describe("the layer of a background", () => {
  it.effect("delivers for as long as it is there", () =>
    Effect.gen(function*() {
      const arrivals = yield* makeArrivals
      yield* Effect.gen(function*() {
        yield* refund(1)
        assert.strictEqual(yield* next(arrivals), "0: order.refunded 0")
        yield* untilItWaits
      }).pipe(Effect.provide(FlexFactorSimulator.layerWebhooks(receiverTo(arrivals))))
      yield* refund(2)
      yield* untilItWaits
      assert.strictEqual((yield* take).length, 1)
      assert.strictEqual(yield* Queue.size(arrivals), 0)
    }).pipe(Effect.provide(layer())))

  it.effect("gives its receiver what that needs", () =>
    Effect.gen(function*() {
      const arrivals = yield* makeArrivals
      const receive = receiverTo(arrivals)
      const background = FlexFactorSimulator.layerWebhooks((webhook) =>
        Effect.andThen(wire(webhook)["Event"] === "payout.created" ? refund(1) : Effect.void, receive(webhook))
      )
      yield* Effect.gen(function*() {
        yield* emit("payout.created")
        assert.strictEqual(yield* next(arrivals), "0: payout.created 0")
        assert.strictEqual(yield* next(arrivals), "0: order.refunded 0")
      }).pipe(Effect.provide(Layer.provideMerge(background, layer())))
    }))

  it.effect("says that it delivers no more where its receiver dies", () =>
    Effect.gen(function*() {
      const messages = yield* Queue.unbounded<string>()
      const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
        Queue.offerUnsafe(messages, `${logLevel}: ${String(message)}`)
      })
      yield* Effect.gen(function*() {
        yield* emit("payout.created")
        const logged = [yield* Queue.take(messages), yield* Queue.take(messages)].join()
        assert.include(logged, "Warn: FlexFactorSimulator: payout.created was not taken")
        assert.include(logged, "Error: FlexFactorSimulator: no more webhooks are delivered.")
      }).pipe(
        Effect.provide(Layer.provideMerge(
          FlexFactorSimulator.layerWebhooks(() => Effect.die("broken")),
          Logger.layer([logger])
        ))
      )
    }).pipe(Effect.provide(layer())))

  it.effect("says nothing when it ends", () =>
    Effect.gen(function*() {
      const messages: Array<unknown> = []
      const logger = Logger.make<unknown, void>(({ message }) => void messages.push(message))
      const received = yield* Deferred.make<void>()
      const hanging = () => Effect.andThen(Deferred.succeed(received, undefined), Effect.never)
      yield* Effect.andThen(refund(1), Deferred.await(received)).pipe(
        Effect.provide(Layer.provideMerge(FlexFactorSimulator.layerWebhooks(hanging), Logger.layer([logger])))
      )
      assert.deepStrictEqual(messages, [])
    }).pipe(Effect.provide(layer())))
})
