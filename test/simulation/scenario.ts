/**
 * What a seed stands for: the orders, the refunds that are asked for and by whom, how FlexFactor behaves, how patient the
 * program is, and when somebody else meddles or a process dies.
 */
import { Effect, Random } from "effect"
import type { Behaviour } from "../../src/testing/simulator/rules.ts"

/** How large a scenario is. */
export interface Size {
  readonly orders: number
  readonly refunds: number
  readonly workers: number
}

/** Four refunds of a few orders: small enough to run a million of them, large enough for everything to happen. */
export const small: Size = { orders: 3, refunds: 4, workers: 2 }

/** Hundreds of refunds of tens of orders. */
export const large: Size = { orders: 30, refunds: 300, workers: 5 }

/** Which totals an order shows. */
export type Shown = "refunded" | "refundable" | "both" | "none"

/** Whether FlexFactor reports refunds, and whether its reports show amounts. */
export const webhooks = ["none", "with amounts", "without amounts"] as const
export type Webhooks = typeof webhooks[number]

/** A refund that somebody wants. Two jobs with the same key are the same refund, asked for by two workers. */
export interface Job {
  readonly key: string
  readonly order: number
  readonly amount: number | "remaining"
  readonly worker: number
  readonly startsAt: number
  /** How long after its start the caller gives up the first time, if it does. */
  readonly interruptedAfter: number | undefined
}

/** A refund by hand. Its amount is odd, so that nobody takes it for one of the program's. */
export interface PortalRefund {
  readonly order: number
  readonly amount: number
  readonly at: number
}

export interface Scenario {
  readonly seed: string
  readonly charged: ReadonlyArray<number>
  readonly jobs: ReadonlyArray<Job>
  readonly portal: ReadonlyArray<PortalRefund>
  readonly repeatedRefunds: Behaviour["repeatedRefunds"]
  readonly shown: Shown
  readonly webhooks: Webhooks
  /** Whether callers say what the order was charged. */
  readonly saysCharged: boolean
  readonly faultRate: number
  readonly settleWindow: number | undefined
  readonly patience: number
  readonly readingGap: number
  /** For each worker, before or after which of its steps it dies: one step for each of its lives but the last. */
  readonly crashes: ReadonlyArray<ReadonlyArray<number>>
  /** Whether the journal fails, too. */
  readonly journalFails: boolean
}

const minute = 60_000

/** Later commits and staler reads than the caller vouches for would make its word false. */
export const latest = {
  lateCommit: 10 * minute,
  delay: minute,
  staleness: minute,
  webhook: 20 * minute,
  webhookDate: minute
}
export const vouchedWindow = 12 * minute

export interface Dice {
  readonly random: Random.Random
  readonly below: (limit: number) => number
  readonly chance: (probability: number) => boolean
  readonly oneOf: <A>(choices: readonly [A, ...ReadonlyArray<A>]) => A
}

export const makeDice = (seed: string): Dice => {
  const random = Effect.runSync(Random.Random.pipe(Random.withSeed(seed)))
  const below = (limit: number) => Math.floor(random.nextDoubleUnsafe() * limit)
  return {
    random,
    below,
    chance: (probability) => random.nextDoubleUnsafe() < probability,
    oneOf: (choices) => choices[below(choices.length)] ?? choices[0]
  }
}

const drawAmount = (dice: Dice, charged: number): Job["amount"] => {
  const part = dice.oneOf(["whole", "most", "half", "little", "little", "remaining"] as const)
  if (part === "remaining") return "remaining"
  if (part === "whole") return charged
  if (part === "most") return charged - 100
  return part === "half" ? Math.round(charged / 200) * 100 : 100 * (1 + dice.below(3))
}

/**
 * The scenario of a seed. With webhooks it is the same one, but that nobody uses the portal where reports show no amount:
 * a program that takes such a report for its own refund says that nobody does.
 */
export const drawScenario = (seed: string, size: Size = small, reports: Webhooks = "none"): Scenario => {
  const dice = makeDice(seed)
  const charged = Array.from({ length: size.orders }, () => 100 * (4 + dice.below(60)))
  const jobs: Array<Job> = []
  for (let refund = 0; refund < size.refunds; refund++) {
    const order = dice.below(size.orders)
    const job = {
      key: `refund-${refund}`,
      order,
      amount: drawAmount(dice, charged[order] ?? 0),
      worker: dice.below(size.workers),
      startsAt: dice.below(minute),
      interruptedAfter: dice.chance(0.1) ? dice.below(minute) : undefined
    }
    jobs.push(job)
    // The queue delivers some jobs twice, to another worker or to the same.
    if (dice.chance(0.2)) jobs.push({ ...job, worker: dice.below(size.workers), startsAt: dice.below(minute) })
  }
  const portal = Array.from({ length: dice.chance(0.3) ? 1 + dice.below(2) : 0 }, () => ({
    order: dice.below(size.orders),
    amount: 7,
    at: dice.below(20 * minute)
  }))
  return {
    seed,
    charged,
    jobs,
    portal: reports === "without amounts" ? [] : portal,
    webhooks: reports,
    repeatedRefunds: dice.oneOf(["additive", "additive", "once per order", "once per order and amount"]),
    shown: dice.oneOf(["refunded", "refundable", "both", "both", "both", "none"]),
    saysCharged: dice.chance(0.3),
    faultRate: dice.oneOf([0.1, 0.25, 0.5]),
    settleWindow: dice.chance(0.5) ? vouchedWindow : undefined,
    patience: dice.oneOf([0, minute, 15 * minute]),
    readingGap: dice.oneOf([10_000, minute, 3 * minute]),
    crashes: Array.from(
      { length: size.workers },
      () => Array.from({ length: dice.chance(0.4) ? 1 + dice.below(2) : 0 }, () => dice.below(40))
    ),
    journalFails: false
  }
}

const seconds = 3000

/** A scenario over a journal that fails, with every job delivered to all workers, within seconds. */
export const overFailingJournal = (scenario: Scenario): Scenario => {
  const dice = makeDice(`${scenario.seed} deliveries`)
  return {
    ...scenario,
    jobs: scenario.jobs.flatMap((job) =>
      scenario.crashes.map((_, worker) => ({ ...job, worker, startsAt: dice.below(seconds) }))
    ),
    journalFails: true
  }
}
