/**
 * Webhooks that are off, and options that break a rule.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Redacted } from "effect"
import { FlexFactorSimulator, WebhookReceiver } from "../../../src/testing/index.ts"
import { simulated } from "../simulator/setup.ts"
import { cents, id, refund, reporting, simulator } from "./setup.ts"

describe("a simulator whose webhooks are off", () => {
  const controls: ReadonlyArray<
    readonly [name: string, use: (controls: FlexFactorSimulator.WebhookControls) => Effect.Effect<unknown>]
  > = [
    ["takeWebhooks", ({ takeWebhooks }) => takeWebhooks],
    ["deliverWebhooks", ({ deliverWebhooks }) => deliverWebhooks(() => Effect.void)],
    ["pushWebhooks", ({ pushWebhooks }) => pushWebhooks(() => Effect.void)],
    ["emit", ({ emit }) => emit({ event: "payout.created" })],
    ["failNextWebhook", ({ failNextWebhook }) => failNextWebhook()],
    ["failWebhooksBySeed", ({ failWebhooksBySeed }) => failWebhooksBySeed({ seed: 1, rate: 1 })],
    ["webhookFaultCounts", ({ webhookFaultCounts }) => webhookFaultCounts]
  ]
  it.effect.each(controls)("says so to who asks for %s", ([, use]) =>
    Effect.gen(function*() {
      yield* (yield* simulator).addOrder({ id, amount: cents(5000) })
      yield* refund(1000)
      const exit = yield* Effect.exit(simulator.use(use))
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "nothing", "its webhooks are off")
    }).pipe(simulated()))

  it.effect("says so to a layer that would deliver them", () =>
    Effect.gen(function*() {
      const layer = FlexFactorSimulator.layerWebhooks(WebhookReceiver.toHandler(() => new Response()))
      const exit = yield* Effect.exit(Effect.provide(Effect.void, layer))
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "built", "its webhooks are off")
    }).pipe(simulated()))
})

describe("a key or a host that breaks a rule", () => {
  it.effect.each([{ key: Redacted.make("?") }, { host: "https://shop.example" }])(
    "is a defect: %o",
    (changes) =>
      Effect.gen(function*() {
        const exit = yield* Effect.exit(reporting(changes)(Effect.void))
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      })
  )
})
