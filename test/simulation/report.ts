/**
 * Writes what came of a run into a document, between two marks.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import type { Webhooks } from "./scenario.ts"
import { faultsOf, type Tally, violationsOf } from "./tally.ts"

const begin = "<!-- simulation: written by `npm run simulate` -->"
const end = "<!-- /simulation -->"

const number = (value: number): string => value.toLocaleString("en-US")

/** What a run was: its command, and how fast it went. */
export interface Run {
  readonly command: string
  readonly seconds: number
  readonly perSecond: number
  readonly threads: number
}

/** The words of the page for each kind of webhooks. */
const titles: Readonly<Record<Webhooks, string>> = {
  "none": "no webhooks",
  "with amounts": "webhooks with amounts",
  "without amounts": "webhooks without amounts"
}

const tableOf = (tallies: ReadonlyMap<Webhooks, Tally>, { command, perSecond, seconds, threads }: Run): string => {
  const columns = [...tallies.values()]
  const row = (name: string, value: (tally: Tally) => number): string =>
    `| ${[name, ...columns.map((tally) => number(value(tally)))].join(" | ")} |`
  const kinds = [...new Set(columns.flatMap(({ faults }) => Object.keys(faults)))].toSorted()
  return [
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${threads} threads on `
    + `${cpus()[0]?.model.trim() ?? "an unknown processor"}: ${Math.round(seconds)} s, `
    + `${number(perSecond)} seeds a second and thread.`,
    "",
    `| ${["", ...[...tallies.keys()].map((reports) => titles[reports])].join(" | ")} |`,
    `| --- |${" ---: |".repeat(columns.length)}`,
    row("seeds", ({ seeds }) => seeds),
    row("refunds", ({ refunds }) => refunds),
    row("deaths of a process", ({ crashes }) => crashes),
    row("faults", faultsOf),
    ...kinds.map((kind) => row(`- ${kind}`, ({ faults }) => faults[kind] ?? 0)),
    row("refunds that were in doubt", ({ doubts }) => doubts),
    row("- settled", ({ doubts, doubtsLeft }) => doubts - doubtsLeft),
    row("- left, and listed", ({ doubtsLeft }) => doubtsLeft),
    row("- left although the money moved", ({ movedLeft }) => movedLeft),
    row("**violations**", violationsOf)
  ].join("\n")
}

export const writeReport = (file: string, tallies: ReadonlyMap<Webhooks, Tally>, run: Run): void => {
  const text = readFileSync(file, "utf8")
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)]
  if (start === -1 || stop < start) throw new Error(`${file} has no place for the report: ${begin} ... ${end}`)
  writeFileSync(file, `${text.slice(0, start + begin.length)}\n\n${tableOf(tallies, run)}\n\n${text.slice(stop)}`)
}
