/**
 * Knows which fault awaits a request: the next one of the test's script, or else one that a seed draws.
 */
import * as Duration from "effect/Duration"
import type { Operation } from "../../OrdersError.ts"
import type { Fault } from "../Fault.ts"
import { rateOf, timeOf } from "../rules.ts"
import { type Draws, drawsOf } from "./draws.ts"
import { countFromZero, drawFault, type FaultKind, faultKinds, kindsFor } from "./faultKinds.ts"

/**
 * Faults without end, out of a seed. Each operation has a sequence of its own, so that its nth request meets the same
 * fault whatever other requests come in between.
 *
 * - `seed`: the same seed, the same faults.
 * - `rate`: how likely a request meets a fault, from 0, never, to 1, always.
 * - `kinds`: the kinds to draw from, all by default. What makes no sense for a request is not drawn for it.
 * - `maxLateCommit`, `maxDelay`, `maxStaleness`: the longest that a request waits to be carried out, 10 minutes; that
 *   an answer waits to come, 1 minute; and that a reader is behind, 1 minute.
 */
export interface SeededFaults {
  readonly seed: string | number
  readonly rate: number
  readonly kinds?: ReadonlyArray<FaultKind> | undefined
  readonly maxLateCommit?: Duration.Input | undefined
  readonly maxDelay?: Duration.Input | undefined
  readonly maxStaleness?: Duration.Input | undefined
}

/** How many requests met each kind of fault. */
export type FaultCounts = Readonly<Record<FaultKind, number>>

/** The options, completed. Those that break a rule throw. */
const complete = ({ kinds = faultKinds, maxDelay, maxLateCommit, maxStaleness, rate, seed }: SeededFaults) => {
  const longest = (name: keyof SeededFaults, duration: Duration.Input): number =>
    Duration.toMillis(timeOf(`failBySeed: ${name}`, duration))
  return {
    seed,
    rate: rateOf("failBySeed: rate", rate),
    kinds,
    longest: {
      lateCommit: longest("maxLateCommit", maxLateCommit ?? "10 minutes"),
      delay: longest("maxDelay", maxDelay ?? "1 minute"),
      staleness: longest("maxStaleness", maxStaleness ?? "1 minute")
    }
  }
}

type Seeded = ReturnType<typeof complete>

/** Makes what knows the faults of one simulator: none, until a test asks for some. */
export const makeFaults = () => {
  const scripts = new Map<Operation | "unknown", Array<Fault>>()
  const counts = countFromZero()
  let seeded: Seeded | undefined
  let sequences = new Map<Operation, Draws>()

  const draw = (operation: Operation, { kinds, longest, rate, seed }: Seeded): Fault | undefined => {
    const random = sequences.get(operation) ?? drawsOf(`${seed} ${operation}`)
    sequences.set(operation, random)
    if (random.nextDoubleUnsafe() >= rate) return undefined
    const candidates = kindsFor(operation, kinds)
    const kind = candidates[Math.floor(random.nextDoubleUnsafe() * candidates.length)]
    if (kind === undefined) return undefined
    counts[kind] += 1
    return drawFault(kind, random, longest)
  }

  return {
    /** The fault that awaits the request of an operation now. */
    next: (operation: Operation | "unknown"): Fault | undefined =>
      scripts.get(operation)?.shift()
        ?? (seeded === undefined || operation === "unknown" ? undefined : draw(operation, seeded)),
    script: (operation: Operation, faults: ReadonlyArray<Fault>): void => {
      scripts.set(operation, [...scripts.get(operation) ?? [], ...faults])
    },
    seed: (options: SeededFaults): void => {
      seeded = complete(options)
      sequences = new Map()
    },
    counts: (): FaultCounts => ({ ...counts })
  }
}
