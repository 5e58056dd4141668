/**
 * What effect-flexfactor is held to, and whether it comes up to it.
 */
import { contenders } from "./contenders.ts"
import type { Results } from "./results.ts"
import type { CallResults } from "./rounds.ts"
import { kilobytes } from "./tables.ts"
import { alone, nameOf, together, type Workload } from "./workloads.ts"

const judged: ReadonlyArray<Workload> = [
  { operation: "get", atOnce: alone },
  { operation: "refund", atOnce: alone },
  { operation: "get", atOnce: together },
  { operation: "refund", atOnce: together },
  { operation: "page of 100", atOnce: alone },
  { operation: "page of 1000", atOnce: alone }
]

/** Processor time of a call, compared with the baseline, in the order of `judged`. */
const onUndici = [1, 0.8, 1, 0.7, 1.2, 1.4]
const onFetch = [1.5, 1.4, 1.5, 1.4, 1.3, 1.5]

const limits = [
  { name: "oursUndici", ratios: onUndici },
  { name: "oursNodeTransport", ratios: onUndici },
  { name: "oursFetch", ratios: onFetch },
  { name: "oursFetchTransport", ratios: onFetch }
]

/** What an Effect program could come to on the best transport of Node. */
const reach = [0.5, 0.4, 0.5, 0.35, 0.95, 1.05]

const verdict = (what: string, value: number, limit: number, shown: (value: number) => string): string =>
  `${value <= limit ? "pass" : "FAIL"}  ${what.padEnd(58)} ${shown(value).padStart(9)}  at most ${shown(limit)}`

const ratio = (value: number): string => value.toFixed(2)
const megabytes = (value: number): string => `${value.toFixed(0)} MB`
const milliseconds = (value: number): string => `${value.toFixed(0)} ms`
const size = (value: number): string => `${kilobytes(value)} kB`

const ofCalls = (calls: CallResults): ReadonlyArray<string> =>
  limits.flatMap(({ name, ratios }) =>
    contenders.filter((contender) => contender.name === name).flatMap((contender) =>
      judged.map((workload, index) => {
        const value = calls.of(contender, workload, "cpu").ratio.median
        const line = verdict(`${contender.label}: ${nameOf(workload)}`, value, ratios[index] ?? 0, ratio)
        return name === "oursNodeTransport" ? `${line}, best ${ratio(reach[index] ?? 0)}` : line
      })
    )
  )

/** One line for each of the limits that were measured. */
export const judge = ({ bundles = [], calls, imports = [], listings }: Results): string =>
  [
    ...(calls === undefined ? [] : ofCalls(calls)),
    ...(listings?.readers ?? []).filter(({ kind }) => kind === "ours").flatMap((
      { label, longPeak, ratio: time, shortPeak }
    ) => [
      verdict(`${label}: long list, time`, time, 1.3, ratio),
      verdict(`${label}: long list, most memory`, shortPeak, 200, megabytes),
      verdict(`${label}: twice as long a list, compared`, longPeak / shortPeak, 1.1, ratio)
    ]),
    ...imports.filter(({ contender }) => contender.kind === "ours").map(({ contender, own }) =>
      verdict(`${contender.label}: import over Effect's own`, own, 60, milliseconds)
    ),
    ...bundles.filter(({ contender }) => contender.name === "oursFetch").flatMap(({ contender, esbuild, own }) => [
      verdict(`${contender.label}: smallest program`, esbuild, 55_000, size),
      verdict(`${contender.label}: its own part`, own, 12_000, size)
    ])
  ].join("\n")
