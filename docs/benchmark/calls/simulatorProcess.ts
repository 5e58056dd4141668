/**
 * A process of the benchmark that calls the simulator, and says how many calls a second it answers.
 */
import { Effect } from "effect"
import { Cents, Orders } from "effect-flexfactor"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { answer } from "./answer.ts"

/** Calls a second. */
interface Rates {
  readonly get: number
  readonly refund: number
}

/** By how many calls there are at once. */
export type SimulatorRates = Readonly<Record<"alone" | "together", Rates>>

const ordersRefunded = 100

const rate = Effect.fnUntraced(function*<E>(calls: ReadonlyArray<Effect.Effect<unknown, E>>, concurrency: number) {
  const start = performance.now()
  yield* Effect.forEach(calls, (call) => call, { concurrency, discard: true })
  return (calls.length * 1000) / (performance.now() - start)
})

const measure = Effect.fnUntraced(function*(concurrency: number, count: number) {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const orders = yield* Orders
  const seeds = yield* Effect.replicateEffect(
    simulator.addOrder({ amount: Cents.make(1_000_000) }),
    ordersRefunded
  )
  const calls = Array.from({ length: count }, (_, index) => seeds[index % seeds.length]).filter((seed) =>
    seed !== undefined
  )
  const get = yield* rate(calls.map(({ id }) => orders.get(id)), concurrency)
  const refund = yield* rate(calls.map(({ id }) => orders.refund(id, { amount: Cents.make(1) })), concurrency)
  return { get, refund }
}, Effect.provide(FlexFactorSimulator.layer(), { local: true }))

await Effect.runPromise(Effect.gen(function*() {
  yield* measure(64, 500)
  const rates: SimulatorRates = { alone: yield* measure(1, 1000), together: yield* measure(64, 2000) }
  answer(rates)
}))
