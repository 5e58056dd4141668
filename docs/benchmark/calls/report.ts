/**
 * The results in words, tables and plots.
 */
import type { Results } from "./results.ts"
import type { CallResults } from "./rounds.ts"
import { bundleTable, callTable, importTable, listingTable, lossTable, simulatorTable } from "./tables.ts"
import { bodies, machine, versions } from "./versions.ts"
import { alone, together } from "./workloads.ts"

const callSections = (calls: CallResults): ReadonlyArray<string> => [
  "### Processor time of the client for a call",
  "![Processor time of the client for a call](benchmark/cpu.svg)",
  "One at a time:",
  callTable(calls, "cpu", alone),
  `${together} at once:`,
  callTable(calls, "cpu", together),
  "### Time for a call",
  "![Time for a call](benchmark/time.svg)",
  "One at a time:",
  callTable(calls, "time", alone),
  `${together} at once, their share of it:`,
  callTable(calls, "time", together),
  "### Where others do better",
  "Who uses less CPU for a call:",
  lossTable(calls)
]

/** The parts of the report for what was measured. */
export const reportOf = ({ bundles, calls, imports, listings, simulator }: Results, rounds: number): string =>
  [
    `\`npm run bench\`, ${new Date().toISOString().slice(0, 10)}, ${machine()}.`,
    `${versions()}.`,
    `${bodies()} Each call was measured in ${rounds} rounds, after one that does not count.`,
    ...(calls === undefined ? [] : callSections(calls)),
    ...(listings === undefined
      ? []
      : ["### A long list", "![A long list, read to its end](benchmark/listing.svg)", listingTable(listings)]),
    ...(imports === undefined && bundles === undefined
      ? []
      : ["### What a program takes on", "![What a program takes on](benchmark/size.svg)"]),
    ...(bundles === undefined
      ? []
      : ["The smallest program that reads an order, bundled, minified and compressed by gzip:", bundleTable(bundles)]),
    ...(imports === undefined ? [] : ["The import in a fresh process:", importTable(imports)]),
    ...(simulator === undefined ? [] : ["### The simulator", simulatorTable(simulator)])
  ].join("\n\n")
