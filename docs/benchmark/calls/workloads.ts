/**
 * What the contenders are asked to do.
 */
import type { Operation } from "./client.ts"

export interface Workload {
  readonly operation: Operation
  readonly atOnce: number
}

export const operations: ReadonlyArray<Operation> = ["get", "refund", "page of 10", "page of 100", "page of 1000"]

export const alone = 1
export const together = 64

export const workloads: ReadonlyArray<Workload> = operations.flatMap((operation) => [
  { operation, atOnce: alone },
  { operation, atOnce: together }
])

/** So many long pages at once take so long, whoever reads them, that they are read in fewer rounds. */
export const isDue = ({ atOnce, operation }: Workload, round: number): boolean =>
  operation !== "page of 1000" || atOnce === alone || round % 4 === 1

export const nameOf = ({ atOnce, operation }: Workload): string =>
  `${operation}, ${atOnce === alone ? "one at a time" : `${atOnce} at once`}`
