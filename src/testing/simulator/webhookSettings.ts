/**
 * How the webhooks of one simulator are, completed.
 */
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import type * as Redacted from "effect/Redacted"
import { oneId } from "../../internal/oneId.ts"
import { makeHosts, makeKey } from "../../internal/webhook/settings.ts"
import type { Signing } from "../../internal/webhook/signing.ts"
import { Cents } from "../../Money.ts"
import type { OrderId } from "../../OrderId.ts"
import { timeOf } from "../rules.ts"
import type { Occurrence } from "./occurrences.ts"
import type { Letter } from "./sendings.ts"

/**
 * How the simulator sends webhooks.
 *
 * - `key`, `host`: what they are signed with, as a verifier takes them.
 * - `amount`: the name of the field in `EventData` under which an `order.refunded` shows what moved. No source shows
 *   one, so there is none by default, and `EventData` is `null` (observed once).
 * - `unit`: how that amount is written, `"dollars"` by default: `19.99`, or 1999 `"cents"`.
 * - `isTestMode`: what `IsTestMode` says, `true` by default (observed; that it means the sandbox is assumed).
 * - `redeliveries`: how long it takes each time until an event that was not taken is delivered again (assumed); by
 *   default after 1 minute, 5 minutes, 30 minutes, 2 hours and 12 hours, and then no more.
 */
export interface Webhooks {
  readonly key: Redacted.Redacted<string>
  readonly host: string
  readonly amount?: string | undefined
  readonly unit?: "dollars" | "cents" | undefined
  readonly isTestMode?: boolean | undefined
  readonly redeliveries?: ReadonlyArray<Duration.Input> | undefined
}

export interface WebhookSettings {
  readonly signing: Signing
  readonly host: string
  /** How long to wait before an event is delivered again, each time that it is not taken. */
  readonly gaps: ReadonlyArray<Duration.Duration>
  /** Milliseconds by which the server's clock is ahead of the program's. */
  readonly clockOffset: number
  /** All that is said of an occurrence. */
  readonly eventOf: (occurrence: Occurrence) => Letter["event"]
}

const usualGaps = ["1 minute", "5 minutes", "30 minutes", "2 hours", "12 hours"] as const

/** Eight hexadecimal digits (observed), the same for each event of an order (assumed). */
const confirmationIdOf = (id: OrderId): string =>
  (Hash.string(oneId(id)) >>> 0).toString(16).padStart(8, "0").toUpperCase()

const dataOf = ({ amount: name, unit }: Webhooks, { amount }: Occurrence) =>
  name === undefined || amount === undefined
    ? {}
    : { data: { [name]: unit === "cents" ? amount : Number(Cents.toDollars(amount)) } }

/** Checks and completes the options. Those that break a rule are a defect: the test is wrong. */
export const makeWebhookSettings = Effect.fnUntraced(function*(options: Webhooks, clockOffset: number) {
  const signing = yield* makeKey(options.key)
  const [host = ""] = yield* makeHosts(options.host)
  const settings: WebhookSettings = {
    signing,
    host,
    clockOffset,
    gaps: (options.redeliveries ?? usualGaps).map((gap) => timeOf("FlexFactorSimulator: webhooks.redeliveries", gap)),
    eventOf: (occurrence) => {
      const { orderId } = occurrence.event
      return {
        isTestMode: options.isTestMode ?? true,
        ...(orderId === undefined ? {} : { confirmationId: confirmationIdOf(orderId) }),
        ...dataOf(options, occurrence),
        ...occurrence.event,
        at: occurrence.event.at ?? DateTime.addDuration(occurrence.at, clockOffset)
      }
    }
  }
  return settings
}, Effect.orDie)
