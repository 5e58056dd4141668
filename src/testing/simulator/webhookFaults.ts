/**
 * Knows which fault awaits the webhook of an event: the next one of the test's script, or else one that a seed draws. The
 * faults of requests have sequences of their own.
 */
import * as Duration from "effect/Duration"
import { rateOf, timeOf } from "../rules.ts"
import type { WebhookFault } from "../WebhookFault.ts"
import { type Draws, drawsOf } from "./draws.ts"
import { countFromZero, drawWebhookFault, type WebhookFaultKind, webhookFaultKinds } from "./webhookFaultKinds.ts"

/**
 * Faults of webhooks without end, out of a seed. Each name of an event has a sequence of its own, so that its nth event
 * meets the same fault whatever else is reported in between.
 *
 * - `seed`: the same seed, the same faults.
 * - `rate`: how likely an event meets a fault, from 0, never, to 1, always.
 * - `kinds`: the kinds to draw from, all by default.
 * - `maxDelay`: the longest time that is drawn, 10 minutes.
 */
export interface SeededWebhookFaults {
  readonly seed: string | number
  readonly rate: number
  readonly kinds?: ReadonlyArray<WebhookFaultKind> | undefined
  readonly maxDelay?: Duration.Input | undefined
}

/** How many events met each kind of fault. */
export type WebhookFaultCounts = Readonly<Record<WebhookFaultKind, number>>

/** The options, completed. Those that break a rule throw. */
const complete = ({ kinds = webhookFaultKinds, maxDelay = "10 minutes", rate, seed }: SeededWebhookFaults) => ({
  seed,
  rate: rateOf("failWebhooksBySeed: rate", rate),
  kinds,
  maxDelay: Duration.toMillis(timeOf("failWebhooksBySeed: maxDelay", maxDelay))
})

type Seeded = ReturnType<typeof complete>

/** Makes what knows the faults of the webhooks of one simulator: none, until a test asks for some. */
export const makeWebhookFaults = () => {
  const scripted: Array<WebhookFault> = []
  const counts = countFromZero()
  let seeded: Seeded | undefined
  let sequences = new Map<string, Draws>()

  const draw = (event: string, { kinds, maxDelay, rate, seed }: Seeded): WebhookFault | undefined => {
    const random = sequences.get(event) ?? drawsOf(`${seed} ${event}`)
    sequences.set(event, random)
    if (random.nextDoubleUnsafe() >= rate) return undefined
    const kind = kinds[Math.floor(random.nextDoubleUnsafe() * kinds.length)]
    if (kind === undefined) return undefined
    counts[kind] += 1
    return drawWebhookFault(kind, random, maxDelay)
  }

  return {
    /** The fault that awaits the next event of a name. */
    next: (event: string): WebhookFault | undefined =>
      scripted.shift() ?? (seeded === undefined ? undefined : draw(event, seeded)),
    script: (faults: ReadonlyArray<WebhookFault>): void => {
      scripted.push(...faults)
    },
    seed: (options: SeededWebhookFaults): void => {
      seeded = complete(options)
      sequences = new Map()
    },
    counts: (): WebhookFaultCounts => ({ ...counts })
  }
}
