import { assert, it } from "@effect/vitest"
import { Cause, Effect, Layer } from "effect"
import { PersistedQueueError } from "effect/persistence/PersistedQueue"
import { SqlError } from "effect/sql"
import { TestClock } from "effect/testing"
import { layerQueueLogs } from "../../src/internal/webhook/queueLogs.ts"
import { makeLog } from "./inboxes.ts"

const failure = (code: string) => {
  const cause = Object.assign(new Error("sentinel"), { code })
  return new SqlError.SqlError({ reason: new SqlError.ConnectionError({ cause, message: "sentinel" }) })
}

const refused = failure("ECONNREFUSED")

it.effect("passes on what kind of failure the queue had, once a minute or when it is another", () => {
  const log = makeLog()
  const shown = () => log.lines.splice(0).map((line) => String(Reflect.get(JSON.parse(line), "message")))
  return Effect.gen(function*() {
    const of = (kind: string) => [`WebhookInbox: its queue cannot be read or written: ${kind}`]
    yield* Effect.logWarning(Cause.fail(refused))
    assert.notInclude(log.lines.join(), "sentinel")
    assert.deepStrictEqual(shown(), of("ConnectionError (ECONNREFUSED)"))
    yield* TestClock.adjust("59 seconds")
    yield* Effect.logWarning("sentinel", Cause.die(refused))
    assert.deepStrictEqual(shown(), [])
    yield* TestClock.adjust("1 second")
    const wrapped = new PersistedQueueError({ message: "sentinel", cause: Cause.fail(refused) })
    yield* Effect.logWarning("sentinel", Cause.fail(wrapped))
    assert.deepStrictEqual(shown(), of("ConnectionError (ECONNREFUSED)"))
    yield* Effect.logWarning(Cause.fail(failure("ECONNRESET")))
    assert.deepStrictEqual(shown(), of("ConnectionError (ECONNRESET)"))
    yield* Effect.logWarning(Cause.fail("sentinel"))
    assert.deepStrictEqual(shown(), of("the queue failed"))
    yield* Effect.logInfo("set up")
    yield* Effect.logWarning(Cause.interrupt())
    assert.deepStrictEqual(shown(), [])
  }).pipe(Effect.provide(Layer.provide(layerQueueLogs, log.layer)))
})
