/**
 * Callers that never wait long enough for one reading to follow another: what the first one saw is not lost on the next.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { Refunds } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import { atDesk, failNext, inTime, moved, pass, posts, request } from "./desk.ts"

const lost = Fault.connectionLost({ serverActs: false })

describe("a caller that gives up after three seconds", () => {
  it.effect("and asks again later gets its refund, once", () =>
    Effect.gen(function*() {
      const refunds = yield* Refunds.Refunds
      const ask = inTime(Effect.result(Effect.timeout(refunds.refund(request()), "3 seconds")))
      yield* failNext(lost)
      const outcomes: Array<string> = []
      for (let asked = 0; asked < 3; asked++) {
        outcomes.push(Result.match(yield* ask, { onSuccess: () => "refunded", onFailure: ({ _tag }) => _tag }))
        yield* pass(20 * 60)
      }
      assert.deepStrictEqual(outcomes, ["TimeoutError", "refunded", "refunded"])
      assert.deepStrictEqual([yield* moved, yield* posts], [[1000], 2])
    }).pipe(atDesk({ policy: { settleWindow: "15 minutes" } })))
})
