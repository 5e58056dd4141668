/**
 * How patient the refunds of a program are, checked and completed.
 */
import type * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { RefundPolicy } from "../../Refunds.ts"
import { invalid } from "../settings.ts"

/** The policy in milliseconds, as the decision reads it. `longestWait`: how long to wait at most between two readings. */
export interface Policy {
  readonly settleWindow: number | undefined
  readonly readingGap: number
  readonly longestWait: number
  readonly patience: number
  readonly sendTimeout: number
  readonly maximumSends: number
}

/** A duration in milliseconds. `name` is what a complaint calls it. */
export const millis = (name: string, given: Duration.Input, minimum: number) =>
  Option.match(Duration.fromInput(given), {
    onNone: () => Effect.fail(invalid(`${name} must be a duration`)),
    onSome: (duration) =>
      Duration.isFinite(duration) && Duration.toMillis(duration) >= minimum
        ? Effect.succeed(Math.ceil(Duration.toMillis(duration)))
        : Effect.fail(invalid(`${name} must be a finite duration of at least ${minimum} ms`))
  })

export const makePolicy = Effect.fnUntraced(function*(
  given: RefundPolicy
): Effect.fn.Return<Policy, Config.ConfigError> {
  const maximumSends = given.maximumSends ?? 3
  if (!Number.isSafeInteger(maximumSends) || maximumSends < 1) {
    return yield* Effect.fail(invalid("maximumSends must be a whole number of at least 1"))
  }
  const readingGap = yield* millis("readingGap", given.readingGap ?? "10 seconds", 1)
  return {
    settleWindow: given.settleWindow === undefined ? undefined : yield* millis("settleWindow", given.settleWindow, 1),
    readingGap,
    longestWait: readingGap,
    patience: yield* millis("patience", given.patience ?? "30 seconds", 0),
    sendTimeout: yield* millis("sendTimeout", given.sendTimeout ?? "2 minutes", 1),
    maximumSends
  }
})
