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

  const start = (key: RefundKey, request: Request, effect: Effect.Effect<A, E>) =>
    effect.pipe(
      Effect.ensuring(Effect.sync(() => runs.delete(key))),
      Effect.interruptible,
      Effect.forkIn(scope),
      Effect.map((fiber) => {
        const run = { request, fiber, waiting: 0 }
        if (fiber.pollUnsafe() === undefined) runs.set(key, run)
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
            return run.waiting === 0 ? Fiber.interrupt(run.fiber) : Effect.void
          }))
        )
      })
    )
}
