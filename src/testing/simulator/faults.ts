/**
 * Knows which fault awaits a request: the next one of the test's script, or else one that a seed draws.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Operation } from "../../OrdersError.ts"
import type { Fault } from "../Fault.ts"
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

interface Drawn {
  readonly kind: FaultKind
  readonly fault: Fault
}

type Draw = Effect.Effect<Drawn | undefined>

const millis = (duration: Duration.Input | undefined, otherwise: Duration.Input): number =>
  Duration.toMillis(Duration.fromInputUnsafe(duration ?? otherwise))

/** The faults of one operation. */
const sequenceOf = (operation: Operation, options: SeededFaults): Effect.Effect<Draw> => {
  const { kinds = faultKinds, maxDelay, maxLateCommit, maxStaleness, rate, seed } = options
  const longest = {
    lateCommit: millis(maxLateCommit, "10 minutes"),
    delay: millis(maxDelay, "1 minute"),
    staleness: millis(maxStaleness, "1 minute")
  }
  const candidates = kindsFor(operation, kinds)
  return Effect.map(
    Random.Random.pipe(Random.withSeed(`${seed} ${operation}`)),
    (random) =>
      Effect.sync(() => {
        if (random.nextDoubleUnsafe() >= rate) return undefined
        const kind = candidates[Math.floor(random.nextDoubleUnsafe() * candidates.length)]
        return kind === undefined ? undefined : { kind, fault: drawFault(kind, random, longest) }
      })
  )
}

/** Makes what knows the faults of one simulator: none, until a test asks for some. */
export const makeFaults = () => {
  const scripts = new Map<Operation | "unknown", Array<Fault>>()
  const counts = countFromZero()
  let seeded: SeededFaults | undefined
  let sequences = new Map<Operation, Draw>()

  const draw = Effect.fnUntraced(function*(operation: Operation, options: SeededFaults) {
    const sequence = sequences.get(operation) ?? (yield* sequenceOf(operation, options))
    sequences.set(operation, sequence)
    const drawn = yield* sequence
    if (drawn !== undefined) counts[drawn.kind] += 1
    return drawn?.fault
  })

  return {
    /** The fault that awaits the request of an operation now. */
    next: (operation: Operation | "unknown"): Effect.Effect<Fault | undefined> =>
      Effect.suspend(() => {
        const scripted = scripts.get(operation)?.shift()
        return scripted !== undefined || seeded === undefined || operation === "unknown"
          ? Effect.succeed(scripted)
          : draw(operation, seeded)
      }),
    script: (operation: Operation, faults: ReadonlyArray<Fault>): void => {
      scripts.set(operation, [...scripts.get(operation) ?? [], ...faults])
    },
    seed: (options: SeededFaults): void => {
      seeded = options
      sequences = new Map()
    },
    counts: (): FaultCounts => ({ ...counts })
  }
}
