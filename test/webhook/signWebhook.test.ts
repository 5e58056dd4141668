import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { ExternalOrderId, OrderId } from "../../src/OrderId.ts"
import * as Webhook from "../../src/Webhook.ts"
import type { WebhookEvent } from "../../src/WebhookEvent.ts"
import { sign } from "./deliveries.ts"

describe("signWebhook", () => {
  it.effect("delivers all that an event says", () =>
    Effect.gen(function*() {
      const event: WebhookEvent = {
        event: "payout.updated",
        at: DateTime.makeUnsafe("2026-02-01T00:00:00.005Z"),
        orderId: OrderId.make("order-1"),
        externalOrderId: ExternalOrderId.make("#1001"),
        confirmationId: "22ACD1D9",
        isTestMode: false,
        isResent: true,
        data: { amount: "1.00" },
        extra: { More: true }
      }
      assert.deepStrictEqual(yield* Webhook.decode((yield* sign({ event })).body), event)
    }))

  it.effect("delivers a test event that happens now, where nothing else is said", () =>
    Effect.gen(function*() {
      const { body } = yield* sign()
      assert.deepStrictEqual(JSON.parse(new TextDecoder().decode(body)), {
        Event: "order.refunded",
        TimeStamp: "2026-03-01T12:00:00.000Z",
        EventData: null,
        IsTestMode: true,
        IsResent: false
      })
    }))
})
