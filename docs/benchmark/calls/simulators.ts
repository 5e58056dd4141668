/**
 * Measures how many calls a second the simulator answers.
 */
import { Effect } from "effect"
import { result } from "./processes.ts"
import type { SimulatorRates } from "./simulatorProcess.ts"
import { median } from "./statistics.ts"

const program = new URL("simulatorProcess.ts", import.meta.url)

export const measureSimulator = Effect.fnUntraced(function*(repeats: number) {
  const rounds = yield* Effect.replicateEffect(result<SimulatorRates>(program), Math.min(repeats, 3))
  const of = (load: keyof SimulatorRates, operation: "get" | "refund") =>
    median(rounds.map((rates) => rates[load][operation]))
  return {
    alone: { get: of("alone", "get"), refund: of("alone", "refund") },
    together: { get: of("together", "get"), refund: of("together", "refund") }
  }
})
