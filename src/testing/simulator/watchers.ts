/**
 * Tells whoever waits for the simulated FlexFactor that it has something new to do, or to report.
 */
import type { State } from "./state.ts"

/** Tells all watchers, at once. */
export const notify = ({ watchers }: State): void => {
  for (const watcher of watchers) watcher()
}
