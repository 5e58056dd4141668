/**
 * Measures how a long list is read to its end: how long it takes, and how much memory it needs at the most.
 */
import { Effect } from "effect"
import type { Listed } from "./listingProcess.ts"
import { result } from "./processes.ts"
import { median } from "./statistics.ts"

export const pageSize = 100

interface ListingResult {
  readonly label: string
  readonly kind: "ours" | "other"
  /** Of the shorter list, in milliseconds, and compared with the first contender. */
  readonly milliseconds: number
  readonly ratio: number
  /** In megabytes: what the process held before the first page, and the most it ever held with either list. */
  readonly before: number
  readonly shortPeak: number
  readonly longPeak: number
}

export interface ListingResults {
  /** How many orders the shorter and the longer list have. */
  readonly short: number
  readonly long: number
  readonly readers: ReadonlyArray<ListingResult>
}

const program = new URL("listingProcess.ts", import.meta.url)

const readers = [
  { name: "fetch", label: "fetch, JSON.parse", kind: "other" },
  { name: "oursFetch", label: "effect-flexfactor, Fetch", kind: "ours" },
  { name: "oursFetchTransport", label: "effect-flexfactor, FetchTransport", kind: "ours" },
  { name: "oursUndici", label: "effect-flexfactor, Undici", kind: "ours" },
  { name: "oursNodeTransport", label: "effect-flexfactor, NodeTransport", kind: "ours" }
] as const

const read = (name: string, baseUrl: string, count: number) =>
  result<Listed>(program, name, `${baseUrl}/${count}`, String(pageSize), String(count))

/** The longer list is twice as long, and read once: only its memory counts. */
export const measureListings = Effect.fnUntraced(function*(baseUrl: string, short: number, repeats: number) {
  const long = 2 * short
  // Each once, that it is compiled when it is measured.
  for (const { name } of readers) yield* read(name, baseUrl, pageSize)
  const shortOnes = new Map<string, Array<Listed>>(readers.map(({ name }) => [name, []]))
  for (let round = 0; round < Math.min(repeats, 3); round++) {
    for (const { name } of readers) shortOnes.get(name)?.push(yield* read(name, baseUrl, short))
  }
  const timesOf = (name: string) => (shortOnes.get(name) ?? []).map(({ milliseconds }) => milliseconds)
  const baseline = timesOf(readers[0].name)
  const results: Array<ListingResult> = []
  for (const { kind, label, name } of readers) {
    const times = timesOf(name)
    results.push({
      label,
      kind,
      milliseconds: median(times),
      ratio: median(times.map((time, round) => time / (baseline[round] ?? Number.NaN))),
      before: median((shortOnes.get(name) ?? []).map(({ before }) => before)),
      shortPeak: median((shortOnes.get(name) ?? []).map(({ peak }) => peak)),
      longPeak: (yield* read(name, baseUrl, long)).peak
    })
  }
  return { short, long, readers: results }
})
