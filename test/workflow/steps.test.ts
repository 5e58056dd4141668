/**
 * A step of a durable refund that breaks with a defect.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Logger } from "effect"
import { reserve } from "../../src/internal/refunds/begin.ts"
import { intentOf } from "../../src/internal/refunds/service.ts"
import { verdictOf } from "../../src/internal/refunds/verdict.ts"
import { makeWorkplace } from "../../src/internal/refunds/workplace.ts"
import { sendOnce } from "../../src/internal/workflow/steps.ts"
import { atDesk, cents, moved, request, stateOf } from "../refunds/desk.ts"
import { journalWith } from "../refunds/journals.ts"

/** Sends once, over a journal that dies of every outcome. `patience`: for how long the refund may still go on. */
const sendAndBreak = Effect.fnUntraced(function*(patience: "1 hour" | "0 seconds") {
  const place = yield* Effect.orDie(makeWorkplace({ patience }))
  const intent = intentOf(request(), cents(1000))
  const entry = yield* Effect.fromNullishOr(yield* reserve(place, intent, 0, (effect) => effect))
  const since = yield* Clock.currentTimeMillis
  return yield* sendOnce(place, intent, { _tag: "Send", entry, since, until: since + 20_000 })
}, Effect.scoped)

const brokenAfterTheSend = atDesk({
  journal: journalWith((journal) => ({
    write: (entry) => entry.state === "in doubt" ? Effect.die(new Error("broken")) : journal.write(entry)
  }))
})

describe("a step that breaks after the refund was sent", () => {
  it.effect("looks again later", () =>
    Effect.gen(function*() {
      const next = yield* sendAndBreak("1 hour")
      assert.deepStrictEqual([next._tag, yield* moved, yield* stateOf()], ["Wait", [1000], "sending"])
      assert.isTrue("entry" in next && next.entry !== undefined)
    }).pipe(brokenAfterTheSend, Effect.provide(Logger.layer([]))))

  it.effect("leaves it in doubt where it has gone on for as long as it should, and does not say that it was not sent", () =>
    Effect.gen(function*() {
      const next = yield* sendAndBreak("0 seconds")
      if (next._tag !== "Done") return assert.fail(next._tag)
      const verdict = yield* Effect.flip(verdictOf(next.entry))
      assert.deepStrictEqual([verdict._tag, yield* moved], ["RefundOutcomeUnknown", [1000]])
    }).pipe(brokenAfterTheSend, Effect.provide(Logger.layer([]))))
})
