/**
 * Adds up what came of many seeds.
 */
import type { Outcome } from "./simulate.ts"

/** A seed that violated something, and what. */
export interface Failure {
  readonly seed: string
  readonly violations: ReadonlyArray<string>
}

/** Plain data, so that it passes between threads. */
export interface Tally {
  seeds: number
  refunds: number
  crashes: number
  faults: { [kind: string]: number }
  doubts: number
  doubtsLeft: number
  /** Of those that are left, how many whose money moved. */
  movedLeft: number
  failures: Array<Failure>
}

export const noTally = (): Tally => ({
  seeds: 0,
  refunds: 0,
  crashes: 0,
  faults: {},
  doubts: 0,
  doubtsLeft: 0,
  movedLeft: 0,
  failures: []
})

/** Failures beyond these are counted by nobody: the first ones are enough to mend something. */
const maximumFailures = 20

export const count = (tally: Tally, outcome: Outcome): void => {
  tally.seeds += 1
  tally.refunds += outcome.refunds
  tally.crashes += outcome.crashes
  tally.doubts += outcome.doubts
  tally.doubtsLeft += outcome.doubtsLeft
  tally.movedLeft += outcome.movedLeft
  for (const [kind, times] of outcome.faults) tally.faults[kind] = (tally.faults[kind] ?? 0) + times
  const { seed, violations } = outcome
  if (violations.length > 0 && tally.failures.length < maximumFailures) tally.failures.push({ seed, violations })
}

export const add = (tally: Tally, other: Tally): void => {
  tally.seeds += other.seeds
  tally.refunds += other.refunds
  tally.crashes += other.crashes
  tally.doubts += other.doubts
  tally.doubtsLeft += other.doubtsLeft
  tally.movedLeft += other.movedLeft
  for (const [kind, times] of Object.entries(other.faults)) tally.faults[kind] = (tally.faults[kind] ?? 0) + times
  tally.failures.push(...other.failures)
}

export const violationsOf = ({ failures }: Tally): number =>
  failures.reduce((sum, { violations }) => sum + violations.length, 0)

export const faultsOf = ({ faults }: Tally): number => Object.values(faults).reduce((sum, times) => sum + times, 0)

/** The last line of a run. */
export const summary = (tally: Tally): string =>
  `${tally.seeds} seeds, ${tally.refunds} refunds, ${violationsOf(tally)} violations`
