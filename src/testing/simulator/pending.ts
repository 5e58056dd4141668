/**
 * What the simulated FlexFactor will do later: requests that it carries out minutes after they came.
 *
 * Nothing sleeps. Before anything is looked at or changed, whatever is due by then is carried out, in order of time and
 * each with its own time, so that nobody can tell it from a server that acted then. A sleeping fiber could be told: it
 * would end with its caller, and at its very instant it would race with whoever looks. Whoever sends webhooks in the
 * background sleeps until something is due, and then looks like anybody else.
 */
import * as DateTime from "effect/DateTime"
import type { State } from "./state.ts"
import { notify } from "./watchers.ts"

/** One thing to do, and when. It is told its own time. */
export interface Pending {
  readonly at: DateTime.Utc
  readonly carryOut: (at: DateTime.Utc) => void
}

/** Keeps the queue in order of time; what is due at the same time stays in the order in which it came. */
export const enqueue = <A extends { readonly at: DateTime.Utc }>(queue: Array<A>, next: A): void => {
  const before = queue.findLastIndex(({ at }) => DateTime.isLessThanOrEqualTo(at, next.at))
  queue.splice(before + 1, 0, next)
}

/** Keeps a thing to do later, and tells who waits for such things. */
export const postpone = (state: State, next: Pending): void => {
  enqueue(state.pending, next)
  notify(state)
}

/** Carries out what is due by now. */
export const catchUp = (queue: Array<Pending>, now: DateTime.Utc): void => {
  for (let next = queue[0]; next !== undefined && DateTime.isLessThanOrEqualTo(next.at, now); next = queue[0]) {
    queue.shift()
    next.carryOut(next.at)
  }
}
