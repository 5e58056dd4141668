/**
 * The simulation over the wire: the real client, its tokens, retries and deadlines, on the shipped simulator with faults
 * drawn from a seed. It is slower than the simulation without a wire, which it holds to what the client really does.
 */
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Random, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Cents, Orders, type RefundEntry, RefundEvidence, RefundKey } from "../../src/index.ts"
import { decide } from "../../src/internal/refunds/decision.ts"
import { makeMemoryJournal } from "../../src/internal/refunds/memoryJournal.ts"
import { makeRefunds } from "../../src/internal/refunds/service.ts"
import { makeTurns } from "../../src/internal/refunds/turns.ts"
import { isOpen } from "../../src/RefundEntry.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { faultKinds } from "../../src/testing/simulator/faultKinds.ts"
import { audit, type Told } from "./auditor.ts"
import { journalIn, makeProcess, type Process } from "./process.ts"
import { drawScenario, latest, makeDice, type Scenario } from "./scenario.ts"
import { type Answer, policyOf, toldOf } from "./simulate.ts"

const totals = { refunded: "amountRefunded", refundable: "amountRefundable" } as const

/** A slow answer sleeps for each of its bytes, and is to the client what a late one is. */
const kinds = faultKinds.filter((kind) => kind !== "answer slow")

const shownTotals = ({ shown }: Scenario) => ({
  ...(shown === "refunded" || shown === "both" ? { refunded: totals.refunded } : {}),
  ...(shown === "refundable" || shown === "both" ? { refundable: totals.refundable } : {})
})

/** Lets time pass until a program is done. One long step would not do: each wake asks for more time. */
const untilDone = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("10 seconds")
  return yield* Fiber.join(fiber)
})

const simulateOverWire = Effect.fnUntraced(function*(scenario: Scenario) {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const orders = yield* Orders
  const evidence = yield* RefundEvidence.RefundEvidence
  const journal = makeMemoryJournal()
  const dice = makeDice(`${scenario.seed} time`)
  const told: Array<Told> = []
  const added = yield* Effect.forEach(
    scenario.charged,
    (charged) => simulator.addOrder({ amount: Cents.make(charged) })
  )
  for (const { amount, at, order } of scenario.portal) {
    const id = added[order]?.id
    if (id !== undefined) yield* simulator.refundInPortal(id, Cents.make(amount), { after: at })
  }
  yield* simulator.failBySeed({
    seed: scenario.seed,
    rate: scenario.faultRate,
    kinds,
    maxLateCommit: latest.lateCommit,
    maxDelay: latest.delay,
    maxStaleness: latest.staleness
  })

  const live = (process: Process) =>
    Effect.flatMap(makeTurns, (takeTurns) =>
      makeRefunds({
        orders: {
          ...orders,
          get: (id) => process.step(orders.get(id)),
          refund: (id, request) => process.step(orders.refund(id, request))
        },
        journal: journalIn(process, journal),
        evidence: { read: (id) => process.step(evidence.read(id)) },
        policy: policyOf(scenario),
        decide,
        takeTurns
      })).pipe(Effect.provideService(Scope.Scope, Scope.makeUnsafe()))

  const tell = (key: string, answer: Answer) => {
    const one = toldOf(answer, scenario)
    if (one !== undefined) told.push({ key, ...one })
    return one
  }

  const work = (worker: number, life: number): Effect.Effect<void> =>
    Effect.gen(function*() {
      let die = (): void => undefined
      const death = Effect.callback<void>((resume) => {
        die = () => resume(Effect.void)
      })
      const process = makeProcess(scenario.crashes[worker]?.[life], () => die())
      const jobs = scenario.jobs.filter((job) => job.worker === worker)
      const run = Effect.flatMap(live(process), (refunds) =>
        Effect.forEach(jobs, (job) =>
          Effect.gen(function*() {
            const orderId = added[job.order]?.id
            if (orderId === undefined) return
            yield* Effect.sleep(job.startsAt)
            const key = RefundKey.make(job.key)
            const charged = scenario.saysCharged ? Cents.make(scenario.charged[job.order] ?? 0) : undefined
            const ask = job.amount === "remaining"
              ? refunds.refundRemaining({ key, orderId, message: job.key, charged })
              : refunds.refund({ key, orderId, amount: Cents.make(job.amount), message: job.key, charged })
            for (let asked = 0; asked < 3; asked++) {
              const one = tell(job.key, yield* Effect.exit(ask))
              if (one?.verdict === "refunded" || one?.verdict === "no money moved") return
              yield* Effect.sleep(dice.below(600_000))
            }
          }), { concurrency: "unbounded", discard: true }))
      // A dead process is left alone: its fibers wait for what never comes, and nobody interrupts them.
      const alive = yield* Effect.forkDetach(run)
      const died = yield* Effect.raceFirst(Effect.as(death, true), Effect.as(Fiber.await(alive), false))
      if (died) yield* Effect.andThen(Effect.sleep(5000), work(worker, life + 1))
    })

  yield* Effect.forEach(scenario.crashes, (_, worker) => work(worker, 0), { concurrency: "unbounded", discard: true })
  yield* simulator.failBySeed({ seed: scenario.seed, rate: 0 })
  yield* Effect.sleep("1 hour")
  const refunds = yield* live(makeProcess())
  for (const { key } of yield* Stream.runCollect(journal.open)) {
    tell(key, yield* Effect.exit(refunds.resolve(key)))
  }

  const entries = new Map<string, RefundEntry>()
  for (const { key } of scenario.jobs) {
    const found = yield* journal.find(RefundKey.make(key))
    if (Option.isSome(found)) entries.set(key, found.value)
  }
  const ledger = yield* simulator.ledger
  const isDuplicated = (yield* simulator.faultCounts)["request duplicated"] > 0
  return audit({
    scenario,
    told,
    entries,
    posts: [...new Set(scenario.jobs.map(({ key }) => key))].map((key) => ({
      key,
      isDuplicated,
      moved: ledger.filter(({ message }) => message === key).length
    })),
    orders: (yield* simulator.orders).map(({ amount, refunded }) => ({ charged: amount, refunded })),
    open: new Set([...entries.values()].filter(isOpen).map(({ key }) => key))
  })
})

it.effect("refunds over the wire settle exactly once or stay in doubt, in 200 seeds", () =>
  Effect.gen(function*() {
    const violations: Array<string> = []
    for (let seed = 0; seed < 200; seed++) {
      const scenario = drawScenario(`wire ${seed}`)
      const found = yield* untilDone(simulateOverWire(scenario)).pipe(
        Effect.provide(
          RefundEvidence.fromOrder(totals).pipe(
            Layer.provideMerge(FlexFactorSimulator.layer({
              totals: shownTotals(scenario),
              repeatedRefunds: scenario.repeatedRefunds
            }))
          )
        ),
        Random.withSeed(scenario.seed)
      )
      violations.push(...found.map((violation) => `wire ${seed}: ${violation}`))
    }
    assert.deepStrictEqual(violations, [])
  }), 120_000)
