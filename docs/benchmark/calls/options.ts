/**
 * The options of the command line.
 */
import { parseArgs } from "node:util"

export const measures = ["calls", "listings", "imports", "bundles", "simulator"] as const

export type Measure = (typeof measures)[number]

export interface Options {
  readonly measures: ReadonlyArray<Measure>
  /** How long the calls are measured, and how often each is. */
  readonly seconds: number
  readonly rounds: number
  /** How often a process is started to measure what happens once in it. */
  readonly repeats: number
  /** How many orders the long list has. */
  readonly orders: number
  /** The document to write the results into, with the plots beside it. */
  readonly write: string | undefined
}

const isMeasure = (text: string): text is Measure => measures.some((measure) => measure === text)

export const readOptions = (): Options => {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      seconds: { type: "string" },
      only: { type: "string" },
      write: { type: "string" }
    }
  })
  const only = values.only?.split(",") ?? measures
  const unknown = only.find((name) => !isMeasure(name))
  if (unknown !== undefined) throw new Error(`--only takes ${measures.join(",")}, and not ${unknown}`)
  if (values.write !== undefined && values.only !== undefined) {
    throw new Error("--write needs all measures: leave out --only")
  }
  const seconds = Number(values.seconds ?? (values.quick ? 10 : 450))
  if (!(seconds > 0)) throw new Error("--seconds takes a number of more than zero")
  return {
    measures: only.filter(isMeasure),
    seconds,
    rounds: values.quick ? 2 : 7,
    repeats: values.quick ? 1 : 5,
    orders: values.quick ? 20_000 : 100_000,
    write: values.write
  }
}
