/**
 * Contenders that are Effect programs. They make their calls within one program, as a backend written with Effect does.
 */
import { Effect } from "effect"
import { type Calls, check, type Operation, pageSizes } from "./client.ts"

/** The operations of a contender that speaks Effect. */
interface EffectClient<E> {
  readonly get: Effect.Effect<string, E>
  readonly refund: Effect.Effect<boolean, E>
  readonly list: (pageSize: number) => Effect.Effect<number, E>
}

const callOf = <E>(client: EffectClient<E>, operation: Operation): Effect.Effect<unknown, E> => {
  if (operation === "get" || operation === "refund") return client[operation]
  const size = pageSizes[operation]
  return Effect.suspend(() => client.list(size))
}

const countCalls = Effect.fnUntraced(
  function*<E>(call: Effect.Effect<unknown, E>, operation: Operation, atOnce: number, milliseconds: number) {
    const end = performance.now() + milliseconds
    let calls = 0
    const worker = Effect.gen(function*() {
      do {
        check(operation, yield* call)
        calls += 1
      } while (performance.now() < end)
    })
    yield* Effect.replicateEffect(worker, atOnce, { concurrency: "unbounded", discard: true })
    return calls
  }
)

/** The calls of a client that speaks Effect. */
export const fromEffects = <E>(
  runPromise: <A>(effect: Effect.Effect<A, E>) => Promise<A>,
  client: EffectClient<E>
): Calls =>
(operation, atOnce, milliseconds) => runPromise(countCalls(callOf(client, operation), operation, atOnce, milliseconds))
