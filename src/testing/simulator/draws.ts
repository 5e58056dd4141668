/**
 * How the details of a fault are drawn from a sequence of random numbers.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** A sequence of random numbers. */
export type Draws = typeof Random.Random.Service

/** The sequence of a seed. Nothing in it waits, so it needs no fiber of its own. */
export const drawsOf = (seed: string): Draws => Effect.runSync(Random.Random.pipe(Random.withSeed(seed)))

/** A whole number from 1 to the greatest. */
export const upTo = (random: Draws, greatest: number): number => Math.ceil((1 - random.nextDoubleUnsafe()) * greatest)

/** One of some choices. */
export const oneOf = <A>(random: Draws, first: A, ...others: ReadonlyArray<A>): A =>
  [first, ...others][upTo(random, others.length + 1) - 1] ?? first
