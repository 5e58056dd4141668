/**
 * The nonces in memory.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { WebhookNonces } from "../../WebhookNonces.ts"

export const makeMemoryNonces = (): WebhookNonces["Service"] => {
  /** When each nonce may be forgotten, in the order in which they came. */
  const expiries = new Map<string, number>()

  /** Nonces that came first expire first, unless verifiers of different tolerance share them. */
  const forget = (now: number): void => {
    for (const [nonce, expiry] of expiries) {
      if (expiry >= now) return
      expiries.delete(nonce)
    }
  }

  return {
    isNew: (nonce, expiresAt) =>
      Effect.map(DateTime.now, (time) => {
        const now = DateTime.toEpochMillis(time)
        forget(now)
        if (expiries.has(nonce)) return false
        expiries.set(nonce, DateTime.toEpochMillis(expiresAt))
        return true
      })
  }
}
