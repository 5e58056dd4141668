/**
 * The plots of the results.
 */
import type { BundleResult } from "./bundles.ts"
import { baseline, contenders } from "./contenders.ts"
import type { Plot } from "./document.ts"
import type { ImportResult } from "./imports.ts"
import type { ListingResults } from "./listings.ts"
import { chart } from "./plot.ts"
import type { Results } from "./results.ts"
import type { CallResults, Resource } from "./rounds.ts"
import { alone, nameOf, together, type Workload } from "./workloads.ts"

const shown: ReadonlyArray<Workload> = [
  { operation: "get", atOnce: alone },
  { operation: "refund", atOnce: alone },
  { operation: "page of 100", atOnce: alone },
  { operation: "get", atOnce: together },
  { operation: "refund", atOnce: together },
  { operation: "page of 1000", atOnce: alone }
]

const callPlot = (results: CallResults, resource: Resource, title: string): Plot => {
  const panels = shown.map((workload) => ({
    title: nameOf(workload),
    values: contenders.map((contender) => results.of(contender, workload, resource).ratio.median),
    format: (value: number) => value.toFixed(2),
    mark: 1
  }))
  const note = `compared with ${baseline.label} in the same round (the dashed line): less is better`
  return { name: resource, svg: chart(title, note, contenders, panels, 3) }
}

const listingPlot = ({ long, readers, short }: ListingResults): Plot => {
  const panels = [
    {
      title: `seconds, ${short / 1000} thousand orders`,
      values: readers.map(({ milliseconds }) => milliseconds / 1000),
      format: (value: number) => value.toFixed(1)
    },
    {
      title: `most memory, ${short / 1000} thousand, MB`,
      values: readers.map(({ shortPeak }) => shortPeak),
      format: (value: number) => value.toFixed(0)
    },
    {
      title: `most memory, ${long / 1000} thousand, MB`,
      values: readers.map(({ longPeak }) => longPeak),
      format: (value: number) => value.toFixed(0)
    }
  ]
  return { name: "listing", svg: chart("A long list, read to its end", "less is better", readers, panels, 3) }
}

const sizePlot = (bundles: ReadonlyArray<BundleResult>, imports: ReadonlyArray<ImportResult>): Plot => {
  const panels = [
    {
      title: "bundle by esbuild, kB gzip",
      values: bundles.map(({ esbuild }) => esbuild / 1000),
      format: (value: number) => value.toFixed(1)
    },
    {
      title: "import, milliseconds",
      values: imports.map(({ all, contender }) => contender === baseline ? 0 : all),
      format: (value: number) => value.toFixed(0)
    }
  ]
  const note = "the smallest program that reads an order, bundled; and the import in a fresh process: less is better"
  return { name: "size", svg: chart("What a program takes on", note, contenders, panels, 2) }
}

export const plotsOf = ({ bundles, calls, imports, listings }: Results): ReadonlyArray<Plot> => [
  ...(calls === undefined
    ? []
    : [
      callPlot(calls, "cpu", "Processor time of the client for a call"),
      callPlot(calls, "time", "Time for a call")
    ]),
  ...(listings === undefined ? [] : [listingPlot(listings)]),
  ...(bundles === undefined || imports === undefined ? [] : [sizePlot(bundles, imports)])
]
