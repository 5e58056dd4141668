/**
 * Input that is refused by name before anything is sent.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { Orders } from "../../src/index.ts"
import { json, makeScript, ordersOver, type Run, tagged } from "./script.ts"

/** Checks that a call is refused for a field and a rule, and that nothing was sent, not even for a token. */
export const refusedUnsent = Effect.fnUntraced(function*(run: Run, field: string, rule: string) {
  const script = makeScript(() => json({}))
  const error = yield* Orders.use(run).pipe(Effect.flip, Effect.provide(ordersOver(script)))
  const refused = tagged(error, "FlexFactorInvalidRequest")
  assert.strictEqual(refused.field, field)
  assert.include(refused.rule, rule)
  assert.strictEqual(script.requests.length, 0)
})
