/**
 * The step that sends a durable refund: where it breaks with a defect, and where it is made again because its process ended.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Logger } from "effect"
import { TestClock } from "effect/testing"
import { RefundJournal, RefundJournalError } from "../../src/index.ts"
import { reserve } from "../../src/internal/refunds/begin.ts"
import { intentOf } from "../../src/internal/refunds/service.ts"
import { verdictOf } from "../../src/internal/refunds/verdict.ts"
import { makeWorkplace, type Workplace } from "../../src/internal/refunds/workplace.ts"
import { sendOnce } from "../../src/internal/workflow/steps.ts"
import { atDesk, cents, key, moved, request, stateOf } from "../refunds/desk.ts"
import { journalWith } from "../refunds/journals.ts"
import { whileTimePasses } from "../support/time.ts"

const intent = intentOf(request(), cents(1000))

/**
 * The step that sends, ready to be made. `patience`: for how long the refund may still go on. `broken`: what breaks in it
 * once the refund was sent.
 */
const prepared = Effect.fnUntraced(function*(patience: "1 hour" | "0 seconds", broken: Partial<Workplace> = {}) {
  const place = yield* Effect.orDie(makeWorkplace({ patience }))
  const entry = yield* Effect.fromNullishOr(yield* reserve(place, intent, 0, (effect) => effect))
  const since = yield* Clock.currentTimeMillis
  return { step: sendOnce({ ...place, ...broken }, intent, { _tag: "Send", entry, since, until: since + 20_000 }) }
})

const quietly = Effect.provide(Logger.layer([]))

describe("a step that breaks after the refund was sent", () => {
  const broken = {
    decide: () => {
      throw new Error("broken")
    }
  }

  it.effect("looks again later", () =>
    Effect.gen(function*() {
      const { step } = yield* prepared("1 hour", broken)
      const next = yield* step
      assert.deepStrictEqual([next._tag, yield* moved, yield* stateOf()], ["Wait", [1000], "sending"])
      assert.isTrue("entry" in next && next.entry !== undefined)
    }).pipe(Effect.scoped, atDesk(), quietly))

  it.effect("leaves it in doubt where it has gone on for as long as it should, and does not say that it was not sent", () =>
    Effect.gen(function*() {
      const { step } = yield* prepared("0 seconds", broken)
      const next = yield* step
      if (next._tag !== "Done") return assert.fail(next._tag)
      const verdict = yield* Effect.flip(verdictOf(next.entry))
      assert.deepStrictEqual([verdict._tag, yield* moved], ["RefundOutcomeUnknown", [1000]])
    }).pipe(Effect.scoped, atDesk(), quietly))
})

describe("a step that is made again, because its process ended after it had sent the refund", () => {
  /** A journal that is told nothing after the first send, and fails at the writes that are counted from there. */
  const endedAfterTheSend = (fails: (nth: number) => boolean) => {
    const lost = new RefundJournalError({ operation: "write", reason: "the connection is lost" })
    let writes = 0
    let isSent = false
    return atDesk({
      journal: journalWith((journal) => ({
        write: (entry) =>
          Effect.suspend(() => {
            if (entry.state === "in doubt" && writes === 0) return Effect.fail(lost)
            if (isSent && fails(writes++)) return Effect.fail(lost)
            isSent ||= entry.state === "sending"
            return journal.write(entry)
          })
      }))
    })
  }

  const revision = RefundJournal.RefundJournal.use((journal) => journal.find(key)).pipe(
    Effect.flatMap(Effect.fromOption),
    Effect.map((entry) => entry.revision)
  )

  it.effect("leaves in the journal that it was sent, also if the journal fails at first", () =>
    Effect.gen(function*() {
      const { step } = yield* prepared("1 hour")
      yield* whileTimePasses(step, "15 seconds")
      const before = yield* revision
      yield* TestClock.adjust("1 second")
      const next = yield* step
      assert.deepStrictEqual([next._tag, yield* stateOf(), yield* moved], ["Wait", "sending", [1000]])
      assert.isTrue("entry" in next && next.entry !== undefined)
      assert.strictEqual(yield* revision, before)
    }).pipe(Effect.scoped, endedAfterTheSend((nth) => nth === 0), quietly))

  it.effect("looks what became of it, also if that comes long after it should have ended", () =>
    Effect.gen(function*() {
      const { step } = yield* prepared("1 hour")
      yield* whileTimePasses(step)
      yield* TestClock.adjust("8 days")
      const next = yield* step
      assert.deepStrictEqual([next._tag, yield* stateOf(), yield* moved], ["Look", "sending", [1000]])
    }).pipe(Effect.scoped, endedAfterTheSend(() => false), quietly))
})
