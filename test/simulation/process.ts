/**
 * A process that can die. All that its fibers do to the world goes through it, and once it is dead nothing comes back
 * from there: no finalizer runs, nothing is written, only what was sent is under way.
 */
import { Effect } from "effect"
import type { RefundJournal } from "../../src/index.ts"
import { promptJournal } from "../../src/internal/refunds/deadlines.ts"

export interface Process {
  /** A step into the world: the process can die before it and after it. */
  readonly step: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

const nothing = (): void => undefined

/** A process that dies at its nth moment, before or after a step; never, without one. */
export const makeProcess = (diesAt?: number, onDeath = nothing, onMoment = nothing): Process => {
  let moments = 0
  let isAlive = true
  const isDead = (): boolean => {
    if (!isAlive) return true
    onMoment()
    if (moments++ !== diesAt) return false
    isAlive = false
    onDeath()
    return true
  }
  return {
    step: (effect) =>
      Effect.suspend(() =>
        isDead()
          ? Effect.never
          : Effect.flatMap(Effect.exit(effect), (exit) => isDead() ? Effect.never : exit)
      )
  }
}

/** The journal as a process writes it. One that died does not even learn that the time for it is up. */
export const journalIn = (
  process: Process,
  journal: RefundJournal.RefundJournal["Service"]
): RefundJournal.RefundJournal["Service"] => {
  const prompt = promptJournal(journal)
  return { ...prompt, write: (entry) => process.step(prompt.write(entry)) }
}
