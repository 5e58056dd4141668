/**
 * The results as tables in Markdown.
 */
import type { BundleResult } from "./bundles.ts"
import { baseline, type Contender, contenders } from "./contenders.ts"
import type { ImportResult } from "./imports.ts"
import { type ListingResults, pageSize } from "./listings.ts"
import { lossesIn, ours } from "./losses.ts"
import type { CallResults, Resource } from "./rounds.ts"
import type { SimulatorRates } from "./simulatorProcess.ts"
import { operations, together, type Workload } from "./workloads.ts"

const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const [head = [], ...rest] = rows
  return [head, head.map(() => "---"), ...rest].map((row) => `| ${row.join(" | ")} |`).join("\n")
}

const count = (value: number): string => Math.round(value).toLocaleString("en-US")

const digits = (value: number): string => value >= 10 ? value.toFixed(1) : value.toFixed(2)

export const kilobytes = (bytes: number): string => bytes === 0 ? "0" : (bytes / 1000).toFixed(1)

const cell = (
  results: CallResults,
  contender: Contender,
  workload: Workload,
  of: Resource
) => {
  const { microseconds, ratio } = results.of(contender, workload, of)
  return contender === baseline
    ? `1 = ${count(microseconds.median)} µs`
    : `**${digits(ratio.median)}** (${digits(ratio.low)}–${digits(ratio.high)})`
}

export const callTable = (
  results: CallResults,
  resource: Resource,
  atOnce: number,
  compared: ReadonlyArray<Contender> = contenders
): string =>
  table([
    ["", "the body is", ...operations],
    ...compared.map((contender) => [
      contender.label,
      contender.reads,
      ...operations.map((operation) => cell(results, contender, { operation, atOnce }, resource))
    ])
  ])

export const lossTable = (results: CallResults): string =>
  table([["", ...ours.map(({ label }) => `less than ${label}`)], ...lossesIn(results)])

export const listingTable = ({ long, readers, short }: ListingResults): string =>
  table([
    [
      "",
      `${count(short)} orders, by ${count(pageSize)}`,
      "compared",
      "memory before the first page",
      "most memory",
      `most memory, ${count(long)} orders`
    ],
    ...readers.map(({ before, label, longPeak, milliseconds, ratio, shortPeak }) => [
      label,
      `${(milliseconds / 1000).toFixed(2)} s`,
      digits(ratio),
      `${count(before)} MB`,
      `${count(shortPeak)} MB`,
      `${count(longPeak)} MB`
    ])
  ])

export const importTable = (results: ReadonlyArray<ImportResult>): string =>
  table([
    ["", "import", "of it not Effect's own"],
    ...results.filter(({ contender }) => contender !== baseline).map(({ all, contender, own }) => [
      contender.label,
      `${Math.round(all)} ms`,
      contender.kind === "other" ? "" : `${Math.round(own)} ms`
    ])
  ])

export const bundleTable = (results: ReadonlyArray<BundleResult>): string =>
  table([
    ["", "esbuild", "rolldown", "effect-flexfactor's own part"],
    ...results.map(({ contender, esbuild, own, rolldown }) => [
      contender.label,
      `${kilobytes(esbuild)} kB`,
      `${kilobytes(rolldown)} kB`,
      contender.kind === "ours" ? `${kilobytes(own)} kB` : ""
    ])
  ])

export const simulatorTable = (rates: SimulatorRates): string =>
  table([
    ["calls a second", "one at a time", `${together} at once`],
    ["get", count(rates.alone.get), count(rates.together.get)],
    ["refund", count(rates.alone.refund), count(rates.together.refund)]
  ])
