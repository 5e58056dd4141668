/**
 * Where another client does better than effect-flexfactor, so that the page says so whatever the figures come to.
 */
import { type Contender, contenders } from "./contenders.ts"
import type { CallResults } from "./rounds.ts"
import { nameOf, type Workload, workloads } from "./workloads.ts"

export const ours = contenders.filter(({ kind }) => kind === "ours")
const others = contenders.filter(({ kind }) => kind !== "ours")

/** The clients that use less CPU than one of ours, the best first, by their labels. */
const betterThan = (results: CallResults, contender: Contender, workload: Workload): ReadonlyArray<string> => {
  const ratioOf = (one: Contender) => results.of(one, workload, "cpu").ratio.median
  return others.filter((other) => ratioOf(other) < ratioOf(contender))
    .toSorted((a, b) => ratioOf(a) - ratioOf(b))
    .map(({ label }) => label.replace(", ", " and "))
}

/** A row for each workload, with those that do better than each of ours. */
export const lossesIn = (results: CallResults): ReadonlyArray<ReadonlyArray<string>> =>
  workloads.map((workload) => [
    nameOf(workload),
    ...ours.map((contender) => betterThan(results, contender, workload).join(", ") || "nobody")
  ])
