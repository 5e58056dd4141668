/**
 * Measures the calls. Each contender has a process of its own, and one of them works at a time. In every round each
 * makes the calls of every workload, in an order that shifts from round to round, so that whatever else slows the
 * machine down meets all of them alike.
 */
import { Effect } from "effect"
import type { ChildProcess } from "node:child_process"
import type { Batch, Cost } from "./contenderProcess.ts"
import { baseline, type Contender } from "./contenders.ts"
import { hear, start } from "./processes.ts"
import { type Spread, spread } from "./statistics.ts"
import { isDue, nameOf, type Workload, workloads } from "./workloads.ts"

/** What a call of a contender cost in a workload: in microseconds, and compared with the baseline in the same round. */
interface Figure {
  readonly microseconds: Spread
  readonly ratio: Spread
}

export type Resource = "cpu" | "time"

export interface CallResults {
  readonly of: (contender: Contender, workload: Workload, resource: Resource) => Figure
}

const program = new URL("contenderProcess.ts", import.meta.url)

const rotate = <A>(values: ReadonlyArray<A>, by: number): ReadonlyArray<A> => {
  const start = by % values.length
  return [...values.slice(start), ...values.slice(0, start)]
}

const key = (contender: Contender, workload: Workload): string => `${contender.name}: ${nameOf(workload)}`

const resultsOf = (costs: ReadonlyMap<string, ReadonlyArray<Cost>>): CallResults => ({
  of: (contender, workload, resource) => {
    const own = (costs.get(key(contender, workload)) ?? []).map((cost) => cost[resource])
    const others = (costs.get(key(baseline, workload)) ?? []).map((cost) => cost[resource])
    return {
      microseconds: spread(own),
      ratio: spread(own.map((value, round) => value / (others[round] ?? Number.NaN)))
    }
  }
})

/**
 * The first round does not count, and is as long as so many of the others: for seconds V8 compiles what runs often again
 * and again, and better each time.
 */
const warmUp = 8

export const measureCalls = Effect.fnUntraced(function*(
  contenders: ReadonlyArray<Contender>,
  baseUrl: string,
  seconds: number,
  rounds: number
) {
  const processes = new Map<Contender, ChildProcess>()
  for (const contender of contenders) {
    const child = yield* start(program, contender.module.href, baseUrl)
    yield* hear(child)
    processes.set(contender, child)
  }
  const milliseconds = (seconds * 1000) / (contenders.length * workloads.length * (warmUp + rounds))
  const costs = new Map<string, Array<Cost>>()
  for (let round = 0; round <= rounds; round++) {
    for (const workload of workloads.filter((workload) => isDue(workload, round))) {
      for (const [contender, child] of rotate([...processes], round)) {
        const batch: Batch = { ...workload, milliseconds: round === 0 ? warmUp * milliseconds : milliseconds }
        const cost = yield* hear<Cost>(child, batch)
        if (round === 0) continue
        const known = costs.get(key(contender, workload)) ?? []
        costs.set(key(contender, workload), [...known, cost])
      }
    }
    yield* Effect.sync(() => process.stderr.write(round === rounds ? "\n" : "."))
  }
  return resultsOf(costs)
}, Effect.scoped)
