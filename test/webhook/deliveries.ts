/**
 * Signed deliveries, and what they become when somebody changes them.
 */
import { assert } from "@effect/vitest"
import { DateTime, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { type SignedWebhook, signWebhook, type SignWebhookOptions } from "../../src/testing/signWebhook.ts"
import * as Webhook from "../../src/Webhook.ts"
import type { WebhookError } from "../../src/WebhookError.ts"

/** The 64 bytes 0 to 63. */
export const keyText = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="
export const key = Redacted.make(keyText)
export const host = "shop.example"
export const options: Webhook.Options = { key, host }

export const now = DateTime.makeUnsafe("2026-03-01T12:00:00Z")

/** Sets the clock to `now`, or to some milliseconds after it. */
export const itIsNow = (later = 0) => TestClock.setTime(DateTime.toEpochMillis(now) + later)

export const sign = (changes: Partial<SignWebhookOptions> = {}) =>
  signWebhook({
    key,
    host,
    date: now,
    nonce: "5f1c2de28a76457c9cb79d1740f2260a",
    event: { event: "order.refunded" },
    ...changes
  })

/** A delivery with some headers changed; `undefined` takes one away. */
export const withHeaders = (
  { body, headers }: SignedWebhook,
  changes: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
): Webhook.Delivery => ({ headers: { ...headers, ...changes }, body })

/** Verifies a delivery, and yields what it fails with. */
export const refused = (delivery: Webhook.Delivery, changes: Partial<Webhook.Options> = {}) =>
  Effect.flip(Webhook.verify(delivery, { ...options, ...changes }))

/** Checks that a failure is `WebhookMalformed` for a field and a rule. */
export const assertMalformed = (
  error: WebhookError | { readonly _tag: "ConfigError" },
  field: string,
  rule: string
): void => {
  if (error._tag !== "WebhookMalformed") return assert.strictEqual<string>(error._tag, "WebhookMalformed")
  assert.strictEqual(error.field, field)
  assert.include(error.rule, rule)
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
