/**
 * Another package has put keys on `Object.prototype`. What is kept of refunds and of webhooks stays what it was.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import * as NodeSqlite from "../src/NodeSqlite.ts"
import { layerReports, RefundReports } from "../src/RefundEvidence.ts"
import * as RefundJournal from "../src/RefundJournal.ts"
import { deliveryKey } from "../src/WebhookEvent.ts"
import * as WebhookInbox from "../src/WebhookInbox.ts"
import { sending } from "./journal/entries.ts"
import { polluted } from "./support/polluted.ts"
import { eventOf, inboxInMemory, keep, orderId } from "./webhook/inboxes.ts"

const inherited = {
  answer: "yes",
  note: "polluted",
  refunded: "5",
  latest: { at: "2020-01-01T00:00:00Z" },
  isResent: true,
  orderId: String(orderId),
  externalOrderId: "polluted",
  data: { polluted: true }
}

const sqlite = NodeSqlite.layer({ filename: ":memory:" })

const { orderId: _, ...ofNoOrder } = eventOf("payout.created")

describe("with a polluted Object.prototype", () => {
  it.effect("a refund is written into SQL and read back with its own facts", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const journal = yield* RefundJournal.RefundJournal
      const entry = sending("k", "o")
      yield* polluted(inherited)(journal.write(entry))
      assert.deepStrictEqual(
        yield* sql`SELECT answer, note, before_refunded, latest_at FROM flexfactor_refunds`.values,
        [[null, null, null, null]]
      )
      const found = yield* polluted(inherited)(journal.find(entry.key))
      assert.deepStrictEqual(found, Option.some(entry))
    }).pipe(Effect.provide(Layer.provideMerge(RefundJournal.layerSql(), sqlite))))

  it.effect("an event is written into SQL and read back with its own fields", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const key = deliveryKey(ofNoOrder)
      yield* polluted(inherited)(keep(ofNoOrder))
      assert.deepStrictEqual(
        yield* sql`SELECT delivery_key, order_id FROM flexfactor_webhook_events`.values,
        [[key, null]]
      )
      const { handleNext } = yield* WebhookInbox.WebhookInbox
      assert.deepStrictEqual(yield* polluted(inherited)(handleNext(Effect.succeed)), ofNoOrder)
    }).pipe(Effect.provide(Layer.provideMerge(WebhookInbox.layerSql(), sqlite))))

  it.effect("an event about no order is not about an inherited one, and two reports are not one that was sent again", () =>
    Effect.gen(function*() {
      const reports = yield* RefundReports
      const at = eventOf("").at
      yield* keep(ofNoOrder)
      yield* keep(eventOf("order.refunded"))
      yield* keep(eventOf("order.refunded", { at: DateTime.add(at, { minutes: 1 }) }))
      const { ofOrder } = yield* WebhookInbox.WebhookInbox
      assert.lengthOf(yield* polluted(inherited)(ofOrder(orderId)), 2)
      assert.lengthOf(yield* polluted(inherited)(reports.ofOrder(orderId)), 2)
    }).pipe(Effect.provide(Layer.provideMerge(layerReports(), inboxInMemory))))
})
