/**
 * A polluted `Object.prototype`.
 */
import { Effect } from "effect"

/** Puts enumerable keys on `Object.prototype` for as long as an effect runs. */
export const polluted = (keys: Readonly<Record<string, unknown>>) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      for (const [key, value] of Object.entries(keys)) {
        // oxlint-disable-next-line no-extend-native -- the point of the test
        Object.defineProperty(Object.prototype, key, { value, enumerable: true, configurable: true, writable: true })
      }
    }),
    () => effect,
    () =>
      Effect.sync(() => {
        for (const key of Object.keys(keys)) Reflect.deleteProperty(Object.prototype, key)
      })
  )
