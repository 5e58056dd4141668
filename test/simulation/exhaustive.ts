/**
 * One order and few faults, but all of them: every sequence of up to so many faults, and for each of them a death of the
 * process before and after every step. Nothing is drawn, so nothing is left out.
 */
import { Fault } from "../../src/testing/index.ts"
import type { NextFault } from "./flexFactor.ts"
import { asShipped, type Rules } from "./rules.ts"
import { type Job, latest, type Scenario } from "./scenario.ts"
import { type Outcome, simulate } from "./simulate.ts"

/** The faults that a caller can tell apart, or that leave FlexFactor in different states. */
const refundFaults = {
  "nothing": undefined,
  "refused": Fault.connectionRefused,
  "lost": Fault.connectionLost({ serverActs: false }),
  "answer lost": Fault.connectionLost({ serverActs: true }),
  "late": Fault.connectionLost({ serverActs: true, after: latest.lateCommit }),
  "too slow": Fault.delayed("1 minute"),
  "busy": Fault.answer(429),
  "twice": Fault.duplicated
} as const

const readFaults = {
  "nothing": undefined,
  "stale": Fault.stale(latest.staleness),
  "away": Fault.connectionLost({ serverActs: false })
} as const

const choicesOf = (operation: Parameters<NextFault>[0]): ReadonlyArray<string> =>
  Object.keys(operation === "Orders.refund" ? refundFaults : readFaults)

const faultOf = (operation: Parameters<NextFault>[0], choice: string): ReturnType<NextFault> => {
  const faults: Readonly<Record<string, ReturnType<NextFault>>> = operation === "Orders.refund"
    ? refundFaults
    : readFaults
  return faults[choice]
}

/** What was chosen at each request, and what could have been. */
interface Path {
  readonly chosen: ReadonlyArray<string>
  readonly choices: ReadonlyArray<ReadonlyArray<string>>
}

/** Follows a path as far as it goes, and has no faults from there on. */
const follow = (
  scenario: Scenario,
  rules: Rules,
  chosen: ReadonlyArray<string>
): { readonly outcome: Outcome; readonly path: Path } => {
  const path = { chosen: [] as Array<string>, choices: [] as Array<ReadonlyArray<string>> }
  const outcome = simulate(scenario, rules, (operation) => {
    const choice = chosen[path.chosen.length] ?? "nothing"
    path.chosen.push(choice)
    path.choices.push(choicesOf(operation))
    return faultOf(operation, choice)
  })
  return { outcome, path }
}

const faultsIn = (chosen: ReadonlyArray<string>): number => chosen.filter((choice) => choice !== "nothing").length

export interface Explored {
  readonly runs: number
  readonly sequences: number
  readonly violations: ReadonlyArray<string>
}

/** Explores a scenario. A death is tried with each sequence of at most so many faults. */
export const explore = (
  scenario: Scenario,
  { deathsUpTo, faults }: { readonly faults: number; readonly deathsUpTo: number },
  rules: Rules = asShipped
): Explored => {
  let runs = 0
  let sequences = 0
  const violations: Array<string> = []
  const note = (outcome: Outcome, chosen: ReadonlyArray<string>, death?: number) => {
    runs += 1
    for (const violation of outcome.violations) {
      violations.push(`${scenario.seed}, faults ${chosen.join(", ")}, death at ${death ?? "no"} moment: ${violation}`)
    }
  }
  const from = (prefix: ReadonlyArray<string>): void => {
    const { outcome, path } = follow(scenario, rules, prefix)
    sequences += 1
    note(outcome, prefix)
    if (faultsIn(prefix) <= deathsUpTo) {
      for (let moment = 0; moment < outcome.moments; moment++) {
        note(follow({ ...scenario, crashes: [[moment]] }, rules, prefix).outcome, prefix, moment)
      }
    }
    if (faultsIn(prefix) === faults) return
    for (let index = prefix.length; index < path.choices.length; index++) {
      for (const choice of path.choices[index] ?? []) {
        if (choice !== "nothing") from([...path.chosen.slice(0, index), choice])
      }
    }
  }
  from([])
  return { runs, sequences, violations }
}

const charged = 5000

/** One refund of one order by one worker. */
export const smallScenario = (
  amount: Job["amount"],
  repeatedRefunds: Scenario["repeatedRefunds"],
  settleWindow: number | undefined,
  shown: Scenario["shown"] = "both",
  webhooks: Scenario["webhooks"] = "none"
): Scenario => ({
  seed: `${amount} of ${charged} cents, ${repeatedRefunds}, window ${settleWindow ?? "none"}, shown ${shown}`,
  charged: [charged],
  jobs: [{ key: "refund", order: 0, amount, worker: 0, startsAt: 0, interruptedAfter: undefined }],
  portal: [],
  repeatedRefunds,
  shown,
  webhooks,
  saysCharged: false,
  faultRate: 0,
  settleWindow,
  patience: 0,
  readingGap: 10_000,
  crashes: [[]],
  journalFails: false
})
