import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import { inspect } from "node:util"
import type { Run } from "../support/script.ts"
import { errorOf, id, operations, refund } from "./samples.ts"

/** What crosses to another thread; an error that cannot be cloned crosses as nothing. */
const structuredCloneOf = (error: unknown): unknown => {
  try {
    return structuredClone(error)
  } catch {
    return undefined
  }
}

describe("what FlexFactor writes", () => {
  it.effect("is in no rendering of the error", () =>
    Effect.gen(function*() {
      const words = "Customer Secret"
      const body = { title: words, errors: { [words]: [words] }, responseMessage: words, responseCode: words }
      const runs: ReadonlyArray<Run> = [...operations.map(([, run]) => run), (orders) => orders.refund(id, refund)]
      for (const run of runs) {
        for (const status of [400, 418, 500]) {
          const error = yield* errorOf(run, { status, body })
          const renderings = [
            String(error),
            error.message,
            error.stack ?? "",
            inspect(error, { depth: 10, showHidden: false }),
            JSON.stringify(error),
            Cause.pretty(Cause.fail(error)),
            JSON.stringify(Exit.fail(error)),
            inspect(structuredCloneOf(error), { depth: 10 })
          ]
          for (const rendering of renderings) assert.notInclude(rendering, words)
        }
      }
    }))
})
