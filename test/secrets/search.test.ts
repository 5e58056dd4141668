/**
 * The search of the other tests finds what there is to find.
 */
import { assert, describe, it } from "@effect/vitest"
import { Data, Effect } from "effect"
import { accessToken, customer, forms, found, secrets } from "./sentinels.ts"
import { leaks, traces } from "./sinks.ts"

class Leak extends Data.TaggedError("Leak")<{ readonly cause: Error }> {}

describe("the search", () => {
  it("finds every sentinel in every encoding", () => {
    for (const text of Object.values({ ...secrets, ...customer })) {
      for (const form of forms(text)) assert.isNotEmpty(found(`before ${form} after`))
    }
  })

  it.effect("finds what a program prints on purpose", () =>
    Effect.gen(function*() {
      const { sinks } = yield* traces(Effect.fail(new Leak({ cause: new Error(`Bearer ${accessToken}`) })))
      const names = new Set(leaks(sinks).map((leak) => leak.slice(0, leak.indexOf(":"))))
      for (const name of ["Cause, pretty", "log as JSON", "log as text", "span status", "Exit, inspected"]) {
        assert.isTrue(names.has(name), name)
      }
    }))
})
