/**
 * A process of the benchmark in which one contender runs. It makes calls when it is asked to, and says what they cost.
 *
 *   node contenderProcess.ts <the contender's module> <the server's URL>
 */
import { answer } from "./answer.ts"
import type { Open, Operation } from "./client.ts"

export interface Batch {
  readonly operation: Operation
  readonly atOnce: number
  readonly milliseconds: number
}

/** What a call cost, in microseconds. */
export interface Cost {
  /** From its start to the start of the next one; with several at once, their share of it. */
  readonly time: number
  /** Of all threads of this process: user and system. */
  readonly cpu: number
}

const [module = "", baseUrl = ""] = process.argv.slice(2)
const { open } = await import(module) as { readonly open: Open }
const calls = await open(baseUrl)

const measure = async ({ atOnce, milliseconds, operation }: Batch): Promise<Cost> => {
  // The first calls after a pause open connections again.
  await calls(operation, atOnce, milliseconds / 4)
  const start = performance.now()
  const cpu = process.cpuUsage()
  const count = await calls(operation, atOnce, milliseconds)
  const { system, user } = process.cpuUsage(cpu)
  return { time: ((performance.now() - start) * 1000) / count, cpu: (user + system) / count }
}

process.on("message", (batch: Batch) => {
  void measure(batch).then(answer)
})
answer("ready")
