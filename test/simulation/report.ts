/**
 * Writes what came of a run into a document, between two marks.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { faultsOf, type Tally, violationsOf } from "./tally.ts"

const begin = "<!-- simulation: written by `npm run simulate` -->"
const end = "<!-- /simulation -->"

const number = (value: number): string => value.toLocaleString("en-US")

/** What a run was: its command, and how fast it went. */
export interface Run {
  readonly command: string
  readonly seconds: number
  readonly threads: number
}

const tableOf = (tally: Tally, { command, seconds, threads }: Run): string => {
  const kinds = Object.entries(tally.faults).toSorted(([a], [b]) => a.localeCompare(b))
  const settled = tally.doubts - tally.doubtsLeft
  return [
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${threads} threads on `
    + `${cpus()[0]?.model.trim() ?? "an unknown processor"}: ${Math.round(seconds)} s, `
    + `${number(Math.round(tally.seeds / seconds / threads))} seeds a second and thread.`,
    "",
    "| | |",
    "| --- | --- |",
    `| seeds | ${number(tally.seeds)} |`,
    `| refunds | ${number(tally.refunds)} |`,
    `| deaths of a process | ${number(tally.crashes)} |`,
    `| faults | ${number(faultsOf(tally))} |`,
    ...kinds.map(([kind, times]) => `| - ${kind} | ${number(times)} |`),
    `| refunds that were in doubt | ${number(tally.doubts)} |`,
    `| - settled | ${number(settled)} |`,
    `| - left, and listed | ${number(tally.doubtsLeft)} |`,
    `| **violations** | **${number(violationsOf(tally))}** |`
  ].join("\n")
}

export const writeReport = (file: string, tally: Tally, run: Run): void => {
  const text = readFileSync(file, "utf8")
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)]
  if (start === -1 || stop < start) throw new Error(`${file} has no place for the report: ${begin} ... ${end}`)
  writeFileSync(file, `${text.slice(0, start + begin.length)}\n\n${tableOf(tally, run)}\n\n${text.slice(stop)}`)
}
