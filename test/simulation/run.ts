/**
 * Simulates many seeds on all cores, and says what came of them.
 *
 *   npm run simulate -- --seeds 100000          the seeds from 0 on, each without webhooks and with them
 *   npm run simulate -- --seeds 100 --large     hundreds of refunds of tens of orders each
 *   npm run simulate -- --seeds 9000 --journal-fails   over a journal that fails, with every job delivered to all workers
 *   npm run simulate -- --seed 3037             one seed, with all that happened in it
 *   npm run simulate -- --webhooks "with amounts"
 *   npm run simulate -- --seeds 100000 --write docs/refunds.md
 *   npm run simulate -- --seeds 1000 --broken "takes no turns"
 *
 * The exit status is 1 if anything was violated.
 */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { Worker } from "node:worker_threads"
import { writeReport } from "./report.ts"
import { asShipped, broken } from "./rules.ts"
import { drawScenario, large, overFailingJournal, small, type Webhooks, webhooks } from "./scenario.ts"
import { simulate } from "./simulate.ts"
import { add, count, faultsOf, noTally, summary, type Tally } from "./tally.ts"
import type { Share } from "./thread.ts"

const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "3000" },
    from: { type: "string", default: "0" },
    seed: { type: "string" },
    threads: { type: "string", default: String(availableParallelism()) },
    large: { type: "boolean", default: false },
    "journal-fails": { type: "boolean", default: false },
    webhooks: { type: "string" },
    write: { type: "string" },
    broken: { type: "string" }
  }
})

const wholeNumber = (name: string, text: string, minimum: number): number => {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= minimum) return number
  console.error(`--${name} must be a whole number of at least ${minimum}`)
  process.exit(2)
}

const isBroken = (name: string): name is keyof typeof broken => Object.hasOwn(broken, name)

const brokenRule = options.broken
if (brokenRule !== undefined && !isBroken(brokenRule)) {
  console.error(`--broken must be one of ${Object.keys(broken).map((name) => `"${name}"`).join(", ")}`)
  process.exit(2)
}

const isWebhooks = (name: string): name is Webhooks => webhooks.some((known) => known === name)

const chosen = options.webhooks
if (chosen !== undefined && !isWebhooks(chosen)) {
  console.error(`--webhooks must be one of ${webhooks.map((name) => `"${name}"`).join(", ")}`)
  process.exit(2)
}

/** How to run one seed again. */
const replay = (seed: string, reports: Webhooks): string =>
  `npm run simulate -- --seed ${seed} --webhooks "${reports}"${options.large ? " --large" : ""}${
    options["journal-fails"] ? " --journal-fails" : ""
  }` + (brokenRule === undefined ? "" : ` --broken "${brokenRule}"`)

const showOne = (seed: string, reports: Webhooks): Tally => {
  const drawn = drawScenario(seed, options.large ? large : small, reports)
  const scenario = options["journal-fails"] ? overFailingJournal(drawn) : drawn
  const outcome = simulate(scenario, brokenRule === undefined ? asShipped : broken[brokenRule])
  console.dir(scenario, { depth: 5 })
  console.table(outcome.told)
  const tally = noTally()
  count(tally, outcome)
  return tally
}

const showProgress = ({ seeds }: Tally, of: number, startedAt: number): void => {
  if (!process.stderr.isTTY) return
  const elapsed = (performance.now() - startedAt) / 1000
  const perSecond = seeds / elapsed
  const left = Math.round((of - seeds) / perSecond)
  const filled = Math.round((30 * seeds) / of)
  process.stderr.write(
    `\r${"#".repeat(filled)}${"-".repeat(30 - filled)} ${seeds} of ${of} seeds, ${Math.round(perSecond)} a second, `
      + `${left} s left\u001B[K${seeds === of ? "\n" : ""}`
  )
}

const seeds = wholeNumber("seeds", options.seeds, 1)
const from = wholeNumber("from", options.from, 0)
const threads = wholeNumber("threads", options.threads, 1)

const runMany = async (reports: Webhooks): Promise<Tally> => {
  const startedAt = performance.now()
  const tally = noTally()
  await Promise.all(Array.from({ length: threads }, (_, index) =>
    new Promise<void>((resolve, reject) => {
      const share: Share = {
        first: from + index,
        end: from + seeds,
        step: threads,
        isLarge: options.large,
        journalFails: options["journal-fails"],
        webhooks: reports,
        broken: brokenRule
      }
      const thread = new Worker(new URL("./thread.ts", import.meta.url), { workerData: share })
      thread.on("message", (part: Tally) => {
        add(tally, part)
        showProgress(tally, seeds, startedAt)
      })
      thread.on("error", reject)
      thread.on("exit", () => resolve())
    })))
  return tally
}

const show = (tally: Tally, reports: Webhooks): void => {
  console.log(`\nwebhooks: ${reports}`)
  console.table(
    Object.fromEntries(
      Object.entries(tally.faults).toSorted(([a], [b]) => a.localeCompare(b)).map(([kind, times]) => [kind, { times }])
    )
  )
  console.log(`${faultsOf(tally)} faults, ${tally.crashes} crashes`)
  console.log(
    `${tally.doubts} doubts, of which ${tally.doubts - tally.doubtsLeft} were settled and ${tally.doubtsLeft} left, `
      + `${tally.movedLeft} of them with money that moved`
  )
  for (const { seed, violations } of tally.failures) {
    console.log(`\nseed ${seed}: ${violations.join("; ")}\n  ${replay(seed, reports)}`)
  }
  console.log(summary(tally))
}

const startedAt = performance.now()
const tallies = new Map<Webhooks, Tally>()
for (const reports of chosen === undefined ? webhooks : [chosen]) {
  const tally = options.seed === undefined ? await runMany(reports) : showOne(options.seed, reports)
  tallies.set(reports, tally)
  show(tally, reports)
}
if (options.seed === undefined) {
  const seconds = (performance.now() - startedAt) / 1000
  const perSecond = Math.round((seeds * tallies.size) / seconds / threads)
  console.log(`\n${seconds.toFixed(1)} s on ${threads} threads: ${perSecond} seeds a second and thread`)
  if (options.write !== undefined) {
    const command = `npm run simulate -- --seeds ${seeds}${from === 0 ? "" : ` --from ${from}`}`
    writeReport(options.write, tallies, { command, seconds, perSecond, threads })
  }
}
process.exitCode = [...tallies.values()].every(({ failures }) => failures.length === 0) ? 0 : 1
