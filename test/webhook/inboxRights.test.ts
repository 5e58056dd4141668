/**
 * What a program needs that is told not to make the tables.
 */
import { assert, describe } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { layerSql } from "../../src/WebhookInbox.ts"
import { itOnPostgres, layerPostgres, postgresSchema } from "../support/postgres.ts"
import { eventOf, handleNext, inboxOver, keep, run } from "./inboxes.ts"

describe("A program that may not make tables", () => {
  itOnPostgres(
    "works on the inbox with rights to read and write its tables and to use its sequence",
    () =>
      Effect.gen(function*() {
        const schema = yield* postgresSchema
        const owner = inboxOver(layerPostgres(schema))
        const role = `${schema}_guest`
        const grant = (rights: string) => run(`GRANT ${rights} TO ${role}`)
        yield* Effect.gen(function*() {
          yield* Effect.acquireRelease(
            run(`CREATE ROLE ${role}`),
            () => Effect.orDie(Effect.andThen(run(`DROP OWNED BY ${role}`), run(`DROP ROLE ${role}`)))
          )
          yield* grant(`USAGE ON SCHEMA ${schema}`)
          yield* grant(`SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema}`)
          const guest = layerPostgres(schema, { startupParameters: { search_path: schema, role } })
          const inbox = Layer.provide(layerSql({ migrate: false }), Layer.fresh(guest))
          const kept = Effect.provide(keep(eventOf("order.refunded")), inbox)
          assert.match((yield* Effect.flip(kept)).message, /42501/)
          yield* grant("USAGE ON SEQUENCE flexfactor_webhook_queue_sequence_seq")
          assert.strictEqual(yield* kept, "new")
          assert.strictEqual(yield* Effect.provide(handleNext, inbox), "order.refunded")
        }).pipe(Effect.scoped, Effect.provide(owner))
      })
  )
})
