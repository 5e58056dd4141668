/**
 * A thread that simulates the seeds it is given, and reports after each few of them.
 */
import { parentPort, workerData } from "node:worker_threads"
import { asShipped, broken } from "./rules.ts"
import { drawScenario, large, overFailingJournal, small, type Webhooks } from "./scenario.ts"
import { simulate } from "./simulate.ts"
import { count, noTally, type Tally } from "./tally.ts"

/** Every nth seed from the first one on, up to the end. */
export interface Share {
  readonly first: number
  readonly end: number
  readonly step: number
  readonly isLarge: boolean
  readonly journalFails: boolean
  readonly webhooks: Webhooks
  readonly broken: keyof typeof broken | undefined
}

const share: Share = workerData

const seedsPerReport = share.isLarge ? 5 : 250
const rules = share.broken === undefined ? asShipped : broken[share.broken]

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const report = (part: Tally): void => parentPort?.postMessage(part)

let tally = noTally()
for (let seed = share.first; seed < share.end; seed += share.step) {
  const scenario = drawScenario(String(seed), share.isLarge ? large : small, share.webhooks)
  count(tally, simulate(share.journalFails ? overFailingJournal(scenario) : scenario, rules))
  if (tally.seeds === seedsPerReport) {
    report(tally)
    tally = noTally()
  }
}
report(tally)
