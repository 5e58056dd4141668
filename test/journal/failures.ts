/**
 * Failures of a journal: that they are what they should be, and show no data.
 */
import { assert } from "@effect/vitest"
import { Cause, Effect, type Exit, Stream } from "effect"
import { inspect } from "node:util"
import type { RefundEntry } from "../../src/RefundEntry.ts"
import { RefundJournal } from "../../src/RefundJournal.ts"
import { RefundJournalError } from "../../src/RefundsError.ts"
import { next } from "./entries.ts"

/** A text that stands for a customer's data: no error may show it. */
export const sentinel = "sentinel-4111-1111"

/** Checks that no way to show a failure shows the sentinel. */
const assertSilent = (exit: Exit.Exit<unknown, unknown>): void => {
  assert.strictEqual(exit._tag, "Failure")
  if (exit._tag !== "Failure") return
  const error = Cause.squash(exit.cause)
  const renderings = [
    String(error),
    JSON.stringify(error),
    error instanceof Error ? `${error.message} ${error.stack ?? ""}` : "",
    inspect(error, { depth: Infinity, showHidden: true }),
    inspect(exit, { depth: Infinity, showHidden: true }),
    JSON.stringify(exit),
    Cause.pretty(exit.cause)
  ]
  for (const rendering of renderings) assert.notInclude(rendering, sentinel)
}

/** Checks that a call fails with the journal's error for a reason, and says nothing of the data. */
export const assertFails = Effect.fnUntraced(function*<R>(
  call: Effect.Effect<unknown, RefundJournalError, R>,
  reason: string | RegExp
) {
  const exit = yield* Effect.exit(call)
  assertSilent(exit)
  const error = yield* Effect.flip(exit)
  assert.instanceOf(error, RefundJournalError)
  if (typeof reason === "string") assert.strictEqual(error.reason, reason)
  else assert.match(error.reason, reason)
})

/** Checks that every call fails for a reason. */
export const assertFailsThroughout = Effect.fnUntraced(function*(entry: RefundEntry, reason: string | RegExp) {
  const { find, ofOrder, open, write } = yield* RefundJournal
  yield* assertFails(find(entry.key), reason)
  yield* assertFails(ofOrder(entry.orderId), reason)
  yield* assertFails(Stream.runDrain(open), reason)
  yield* assertFails(write(entry), reason)
  yield* assertFails(write(next(entry, {})), reason)
})
