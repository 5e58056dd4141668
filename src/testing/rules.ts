/**
 * The rules for what a test sets up. A value that breaks one throws, in a sentence that names it: left alone, it would
 * switch off what it is about, or show up as a refund in doubt.
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

const broken = (name: string, rule: string): Error => new Error(`${name} must be ${rule}`)

/** Yields a value, if it keeps its rule. */
export const keeping = <A>(name: string, value: A, rule: string, keepsRule: (value: A) => boolean): A => {
  if (keepsRule(value)) return value
  throw broken(name, rule)
}

/** `Duration` takes what is not a number for no time. */
const read = (input: Duration.Input): Option.Option<Duration.Duration> =>
  Number.isNaN(input) ? Option.none() : Duration.fromInput(input)

const durationWhere =
  (rule: string, keepsRule: (duration: Duration.Duration) => boolean) =>
  (name: string, input: Duration.Input): Duration.Duration =>
    Option.getOrThrowWith(Option.filter(read(input), keepsRule), () => broken(name, rule))

/** A time to wait, for ever if need be. */
export const waitOf = durationWhere("a duration that is not negative", (duration) => !Duration.isNegative(duration))

/** A time between two steps, which never come if need be. */
export const intervalOf = durationWhere("a duration of more than zero", Duration.isPositive)

/** A time that passes. */
export const timeOf = durationWhere(
  "a finite duration that is not negative",
  (duration) => Duration.isFinite(duration) && !Duration.isNegative(duration)
)

/** A time for which something lives. */
export const lifetimeOf = durationWhere(
  "a finite duration of more than zero",
  (duration) => Duration.isFinite(duration) && Duration.isPositive(duration)
)

/** How far something is ahead, or behind. */
export const offsetOf = durationWhere("a finite duration", Duration.isFinite)

/** How likely something is. */
export const rateOf = (name: string, rate: number): number =>
  keeping(name, rate, "a number from 0, never, to 1, always", (rate) => rate >= 0 && rate <= 1)
