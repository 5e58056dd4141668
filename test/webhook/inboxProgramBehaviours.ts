/**
 * What programs do that share the inbox in a database.
 */
import { assert } from "@effect/vitest"
import { Deferred, Effect, Fiber, type Scope } from "effect"
import { WebhookInbox } from "../../src/WebhookInbox.ts"
import { type Client, eventOf, handleRest, keep, run, start } from "./inboxes.ts"
import type { Declare } from "./inboxKeepingBehaviours.ts"

export const declareProgramBehaviours = (
  declare: Declare,
  newDatabase: Effect.Effect<Client, unknown, Scope.Scope>,
  /** A time that is so many minutes ago. */
  ago: (minutes: number) => string
): void => {
  const check = (name: string, test: (client: Client) => Effect.Effect<void, unknown, Scope.Scope>): void =>
    declare(name, () => Effect.flatMap(newDatabase, test))

  check("keeps an event once among several programs", (client) =>
    Effect.gen(function*() {
      const programs = yield* Effect.all([start(client), start(client)], { concurrency: "unbounded" })
      for (const nonce of ["n", undefined]) {
        const kept = yield* Effect.all(
          Array.from({ length: 20 }, () => programs.map(({ run }) => run(keep(eventOf(`${nonce}`), nonce)))).flat(),
          { concurrency: "unbounded" }
        )
        assert.lengthOf(kept.filter((one) => one === "new"), 1, kept.join())
      }
    }))

  check(
    "hands each event to one of several programs, and to one handler at a time",
    (client) =>
      Effect.gen(function*() {
        const programs = yield* Effect.all([start(client), start(client)])
        const names = Array.from({ length: 20 }, (_, n) => `event.${n}`)
        const held = new Set<string>()
        const handled: Array<string> = []
        const work = WebhookInbox.use(({ handleNext }) =>
          handleNext(Effect.fnUntraced(function*({ event }) {
            assert.isFalse(held.has(event), event)
            held.add(event)
            yield* Effect.sleep("5 millis")
            held.delete(event)
            // Every second one fails at first.
            if (Number(event.slice(6)) % 2 === 0 && !handled.includes(`${event} failed`)) {
              handled.push(`${event} failed`)
              return yield* Effect.fail("not yet")
            }
            handled.push(event)
          }))
        ).pipe(Effect.ignore, Effect.forever)
        for (const { run } of programs) {
          yield* Effect.forkScoped(run(Effect.all(Array.from({ length: 4 }, () => work), { concurrency: "unbounded" })))
        }
        for (const [index, name] of names.entries()) {
          yield* (programs[index % 2] ?? programs[0]).run(keep(eventOf(name)))
        }
        while (handled.length < 30) yield* Effect.sleep("20 millis")
        assert.sameMembers(handled.filter((name) => !name.endsWith("failed")), names)
      })
  )

  check("hands over what a program kept that is gone", (client) =>
    Effect.gen(function*() {
      const first = yield* start(client)
      yield* first.run(keep(eventOf("kept")))
      yield* first.run(keep(eventOf("begun")))
      const begun = yield* Deferred.make<void>()
      const endless = WebhookInbox.use(({ handleNext }) =>
        handleNext(() => Effect.andThen(Deferred.succeed(begun, undefined), Effect.never))
      )
      const handling = yield* Effect.forkChild(first.run(endless))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(handling)
      yield* first.end
      const second = yield* start(client)
      assert.sameMembers([...(yield* second.run(handleRest))], ["kept", "begun"])
    }))

  check(
    "hands over what was in the hands of a program that was killed, after two minutes",
    (client) =>
      Effect.gen(function*() {
        const killed = yield* start(client)
        yield* killed.run(keep(eventOf("begun")))
        const begun = yield* Deferred.make<void>()
        yield* Effect.forkScoped(killed.run(WebhookInbox.use(({ handleNext }) =>
          handleNext(() =>
            Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)
          )
        )))
        yield* Deferred.await(begun)
        const other = yield* start(client)
        yield* other.run(run(`UPDATE flexfactor_webhook_queue SET acquired_at = ${ago(1)}`))
        assert.deepStrictEqual(yield* other.run(handleRest), [])
        yield* other.run(run(`UPDATE flexfactor_webhook_queue SET acquired_at = ${ago(3)}`))
        assert.deepStrictEqual(yield* other.run(handleRest), ["begun"])
      })
  )
}
