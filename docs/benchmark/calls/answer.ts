/**
 * What a process of the benchmark says to the one that started it, and with which it ends.
 */
process.once("disconnect", () => process.exit())

export const answer = (message: unknown): void => {
  process.send?.(message)
}
