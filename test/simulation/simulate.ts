/**
 * Runs one seed: several workers refund what they are asked to, over one journal and one FlexFactor, while everything
 * that can go wrong does. Processes die and start again with nothing but the journal. Then the books are audited.
 */
import { Cause, Effect, Exit, Option, Scope, Stream } from "effect"
import {
  Cents,
  type OrderId,
  type RefundEntry,
  type RefundJournal,
  RefundKey,
  type RefundReceipt,
  type RefundRemainingError,
  type Refunds,
  type ResolveError
} from "../../src/index.ts"
import type { Policy } from "../../src/internal/refunds/policy.ts"
import { makeRefunds } from "../../src/internal/refunds/service.ts"
import { isOpen } from "../../src/RefundEntry.ts"
import type { FaultKind } from "../../src/testing/simulator/faultKinds.ts"
import { audit, type Told } from "./auditor.ts"
import { failingJournal } from "./failingJournal.ts"
import { type FlexFactor, makeFlexFactor, type NextFault } from "./flexFactor.ts"
import { journalIn, makeProcess, type Process } from "./process.ts"
import { asShipped, type Rules } from "./rules.ts"
import { type Job, makeDice, type Scenario } from "./scenario.ts"
import { makeVirtualTime, type VirtualTime } from "./virtualTime.ts"

/** What came of a seed. */
export interface Outcome {
  readonly seed: string
  readonly refunds: number
  readonly faults: ReadonlyMap<FaultKind, number>
  readonly crashes: number
  /** How many moments the first process lived through: before and after each step into the world. */
  readonly moments: number
  /** Refunds that were in doubt at some time, those that still are, and those of them whose money moved. */
  readonly doubts: number
  readonly doubtsLeft: number
  readonly movedLeft: number
  readonly violations: ReadonlyArray<string>
  /** All that was told to callers, in order: the same for the same seed. */
  readonly told: ReadonlyArray<Told>
}

/** How what a caller asks for can end. */
export type Answer = Exit.Exit<RefundReceipt, RefundRemainingError | ResolveError>
type Verdict = Omit<Told, "key">

export const policyOf = ({ patience, readingGap, settleWindow }: Scenario): Policy => ({
  settleWindow,
  readingGap,
  longestWait: readingGap,
  patience,
  sendTimeout: 40_000,
  maximumSends: 3
})

/** What an answer says, and whether it is FlexFactor's word alone: nothing that the order shows could check it. */
export const toldOf = (exit: Answer, { saysCharged, shown }: Scenario): Verdict | undefined => {
  if (Exit.isSuccess(exit)) {
    const { amount, confirmedBy } = exit.value
    return {
      verdict: "refunded",
      amount,
      isOnWord: shown === "none" && confirmedBy === "answer",
      isOnReport: shown === "none" && confirmedBy === "webhook"
    }
  }
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  switch (error?._tag) {
    case undefined:
      return undefined
    case "RefundRejected":
      return {
        verdict: "no money moved",
        isOnWord: shown === "none" || (shown === "refunded" && !saysCharged),
        isOnReport: false
      }
    case "RefundNotApplied":
      return { verdict: "no money moved", isOnWord: false, isOnReport: false }
    case "RefundOutcomeUnknown":
      return { verdict: "in doubt", isOnWord: false, isOnReport: false }
    default:
      return { verdict: "unsent", isOnWord: false, isOnReport: false }
  }
}

const minute = 60_000
const downtime = 5000
const maximumAsks = 3

/** Asks for a refund until there is a verdict, as a job of a queue does. */
const doJob = (
  job: Job,
  orderId: OrderId,
  charged: Cents | undefined,
  refunds: Refunds.Refunds["Service"],
  time: VirtualTime,
  pause: () => number,
  tell: (key: string, exit: Answer) => Verdict | undefined
): Effect.Effect<void> =>
  Effect.gen(function*() {
    const key = RefundKey.make(job.key)
    const ask = job.amount === "remaining"
      ? refunds.refundRemaining({ key, orderId, message: job.key, charged })
      : refunds.refund({ key, orderId, amount: Cents.make(job.amount), message: job.key, charged })
    if (time.now() < job.startsAt) yield* Effect.sleep(job.startsAt - time.now())
    if (job.interruptedAfter !== undefined) {
      const exit = yield* Effect.exit(Effect.timeoutOption(ask, job.interruptedAfter))
      if (Exit.isFailure(exit)) tell(job.key, Exit.failCause(exit.cause))
      else if (Option.isSome(exit.value)) tell(job.key, Exit.succeed(exit.value.value))
    }
    for (let asked = 0; asked < maximumAsks; asked++) {
      const told = tell(job.key, yield* Effect.exit(ask))
      if (told?.verdict === "refunded" || told?.verdict === "no money moved") return
      yield* Effect.sleep(pause())
    }
  })

/** One life of a process: `Refunds` over the journal, by services that end when it dies. */
const live = (
  scenario: Scenario,
  rules: Rules,
  flexFactor: FlexFactor,
  journal: RefundJournal.RefundJournal["Service"],
  process: Process
): Effect.Effect<Refunds.Refunds["Service"]> =>
  Effect.flatMap(rules.makeTurns, (takeTurns) =>
    makeRefunds({
      orders: {
        get: (id) => process.step(flexFactor.orders.get(id)),
        refund: (id, request) => process.step(flexFactor.orders.refund(id, request)),
        list: () => Effect.die("not simulated"),
        cancel: () => Effect.die("not simulated"),
        cancelByExternalId: () => Effect.die("not simulated"),
        pages: () => Stream.die("not simulated"),
        stream: () => Stream.die("not simulated")
      },
      journal: journalIn(process, journal),
      evidence: { read: (id) => process.step(flexFactor.evidence.read(id)) },
      policy: policyOf(scenario),
      decide: rules.decide,
      takeTurns
    })).pipe(Effect.provideService(Scope.Scope, Scope.makeUnsafe()))

const entriesOf = (
  time: VirtualTime,
  scenario: Scenario,
  journal: RefundJournal.RefundJournal["Service"]
): ReadonlyMap<string, RefundEntry> => {
  const entries = new Map<string, RefundEntry>()
  for (const { key } of scenario.jobs) {
    time.start(Effect.map(journal.find(RefundKey.make(key)), (found) => {
      if (Option.isSome(found)) entries.set(key, found.value)
    }))
  }
  time.run()
  return entries
}

const run = (scenario: Scenario, rules: Rules, chooseFault: NextFault | undefined): Outcome => {
  const dice = makeDice(`${scenario.seed} time`)
  const time = makeVirtualTime(dice.random)
  const flexFactor = makeFlexFactor(scenario, time, chooseFault)
  const journal = rules.makeJournal()
  const told: Array<Told> = []
  let crashes = 0
  let moments = 0

  const tell = (key: string, exit: Answer) => {
    const one = toldOf(exit, scenario)
    if (one !== undefined) told.push({ key, ...one })
    return one
  }

  const chargedOf = ({ order }: Job): Cents | undefined =>
    scenario.saysCharged ? Cents.make(scenario.charged[order] ?? 0) : undefined

  const startWorker = (worker: number, life: number): void => {
    const process = makeProcess(scenario.crashes[worker]?.[life], () => {
      crashes += 1
      time.at(time.now() + downtime, () => startWorker(worker, life + 1))
    }, () => {
      moments += 1
    })
    const jobs = scenario.jobs.filter((job) => job.worker === worker)
    const reached = scenario.journalFails
      ? failingJournal(journal, makeDice(`${scenario.seed} journal ${worker} ${life}`), time)
      : journal
    time.start(
      Effect.flatMap(live(scenario, rules, flexFactor, reached, process), (refunds) =>
        Effect.forEach(jobs, (job) => {
          const orderId = flexFactor.orderIds[job.order]
          return orderId === undefined
            ? Effect.void
            : doJob(job, orderId, chargedOf(job), refunds, time, () => dice.below(10 * minute), tell)
        }, { concurrency: "unbounded", discard: true }))
    )
  }
  for (let worker = 0; worker < scenario.crashes.length; worker++) startWorker(worker, 0)
  time.run()

  flexFactor.calm()
  time.at(time.now() + 60 * minute, () => undefined)
  time.run()
  const inDoubt = [...entriesOf(time, scenario, journal).values()].filter(isOpen)
  const survivor = makeProcess()
  time.start(
    Effect.flatMap(
      live(scenario, rules, flexFactor, journal, survivor),
      (refunds) =>
        Effect.forEach(inDoubt, ({ key }) =>
          Effect.repeat(
            Effect.map(
              Effect.exit(refunds.resolve(key)),
              (exit) => tell(key, exit)
            ),
            {
              times: 1
            }
          ), { discard: true })
    )
  )
  time.run()

  const entries = entriesOf(time, scenario, journal)
  const open = new Set<string>()
  for (const entry of entries.values()) if (isOpen(entry)) open.add(entry.key)
  return {
    seed: scenario.seed,
    refunds: new Set(scenario.jobs.map(({ key }) => key)).size,
    faults: flexFactor.faultCounts,
    crashes,
    moments,
    doubts: new Set(told.filter(({ verdict }) => verdict === "in doubt").map(({ key }) => key)).size,
    doubtsLeft: open.size,
    movedLeft:
      new Set(flexFactor.posts.filter(({ key, moved }) => moved > 0 && open.has(key)).map(({ key }) => key)).size,
    violations: audit({
      scenario,
      told,
      entries,
      posts: flexFactor.posts,
      open,
      orders: scenario.charged.map((charged, index) => ({
        charged,
        refunded: flexFactor.state.orders.get(flexFactor.orderIds[index] ?? ("" as OrderId))?.refunded ?? 0
      }))
    }),
    told
  }
}

/** Runs a scenario, by the shipped rules and with faults of its seed if nothing else is said. */
export const simulate = (scenario: Scenario, rules: Rules = asShipped, chooseFault?: NextFault): Outcome => {
  const { stackTraceLimit } = Error
  // Errors are values here: where they were made is of no interest, and costs half of the time.
  Error.stackTraceLimit = 0
  try {
    return run(scenario, rules, chooseFault)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
