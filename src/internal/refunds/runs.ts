/**
 * One run per key: whoever asks for a refund that is under way joins it and gets its result.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { RefundKey } from "../../RefundKey.ts"

interface Run<Request, A, E> {
  readonly request: Request
  readonly fiber: Fiber.Fiber<A, E>
  waiting: number
}

/** The result of a run, and whether somebody else had started it. */
export interface Joined<A> {
  readonly value: A
  readonly isJoined: boolean
}

/**
 * Makes the function that starts a run or joins one; `conflict` says what is wrong if the key runs with another request.
 * A run goes on as long as somebody waits for it, and ends with the scope. Ending it waits for what must not be cut off.
 */
export const makeRuns = <Request, A, E>(
  scope: Scope.Scope,
  conflict: (running: Request, request: Request) => E | undefined
) => {
  const runs = new Map<RefundKey, Run<Request, A, E>>()

  /** A run that nobody may join any more. Another one of its key may have begun. */
  const forget = (key: RefundKey, run: Run<Request, A, E>): void => {
    if (runs.get(key) === run) runs.delete(key)
  }

  const start = (key: RefundKey, request: Request, effect: Effect.Effect<A, E>) =>
    effect.pipe(
      Effect.interruptible,
      Effect.forkIn(scope),
      Effect.map((fiber) => {
        const run = { request, fiber, waiting: 0 }
        runs.set(key, run)
        // Not a finalizer of the effect: a fiber that is interrupted before its first step runs none.
        fiber.addObserver(() => forget(key, run))
        return run
      })
    )

  return (key: RefundKey, request: Request, effect: Effect.Effect<A, E>): Effect.Effect<Joined<A>, E> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function*() {
        const running = runs.get(key)
        const wrong = running === undefined ? undefined : conflict(running.request, request)
        if (wrong !== undefined) return yield* Effect.fail(wrong)
        const run = running ?? (yield* start(key, request, effect))
        run.waiting += 1
        const isJoined = running !== undefined
        return yield* restore(Effect.map(Fiber.join(run.fiber), (value) => ({ value, isJoined }))).pipe(
          Effect.ensuring(Effect.suspend(() => {
            run.waiting -= 1
            if (run.waiting > 0) return Effect.void
            // While it ends, whoever asks again must not join it: it has no result to give.
            forget(key, run)
            return Fiber.interrupt(run.fiber)
          }))
        )
      })
    )
}
