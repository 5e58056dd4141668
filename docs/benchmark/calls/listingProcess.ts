/**
 * A process of the benchmark that reads a list to its end, and says how long that took and what it needed.
 *
 *   node listingProcess.ts <reader> <the server's URL> <orders on a page> <orders in all>
 */
import { flushCompileCache } from "node:module"
import { answer } from "./answer.ts"

export interface Listed {
  readonly milliseconds: number
  /** The most memory that this process held before it asked for the first page, and ever, in megabytes. */
  readonly before: number
  readonly peak: number
}

/** Reads all orders of a list, page by page, keeps none, and counts them. */
export type ReadAll = (baseUrl: string, pageSize: number) => Promise<number>

const [name = "", baseUrl = "", pageSize = "", total = ""] = process.argv.slice(2)
const { readAll } = await import(`./listing/${name}.ts`) as { readonly readAll: ReadAll }

// The next process of this reader is to hold what a compiled program holds.
flushCompileCache()

const mostMemory = (): number => process.resourceUsage().maxRSS / 1024

const before = mostMemory()
const start = performance.now()
const count = await readAll(baseUrl, Number(pageSize))
const milliseconds = performance.now() - start
if (count !== Number(total)) throw new Error(`${name} read ${count} orders, and not ${total}`)
const listed: Listed = { milliseconds, before, peak: mostMemory() }
answer(listed)
