/**
 * Tells which refunds of one order were under way together.
 */
import type { Passage } from "./simulatorServer.ts"

/** Pairs of refunds of one order that were on their way at the same time. */
export const overlaps = (passages: ReadonlyArray<Passage>): ReadonlyArray<readonly [Passage, Passage]> =>
  [...Map.groupBy(passages, ({ path }) => path).values()].flatMap((ofOrder) =>
    ofOrder.toSorted((one, other) => one.came - other.came).flatMap((next, index, sorted) => {
      const before = sorted[index - 1]
      return before !== undefined && next.came < before.ended ? [[before, next] as const] : []
    })
  )
