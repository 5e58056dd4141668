/**
 * Medians, and how far the values lie apart.
 */
export interface Spread {
  readonly median: number
  /** A quarter of the values is lower, and a quarter higher. */
  readonly low: number
  readonly high: number
}

const at = (sorted: ReadonlyArray<number>, share: number): number => {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

export const spread = (values: ReadonlyArray<number>): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: at(sorted, 0.5), low: at(sorted, 0.25), high: at(sorted, 0.75) }
}

export const median = (values: ReadonlyArray<number>): number => spread(values).median
