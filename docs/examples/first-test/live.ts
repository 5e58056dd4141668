/**
 * The backend with both ends: FlexFactor, and a journal in the file `refunds.db`.
 *
 *   FLEXFACTOR_ENVIRONMENT=sandbox FLEXFACTOR_APP_KEY=... FLEXFACTOR_APP_SECRET=... \
 *     node live.ts ticket-1 e97b1ff1-4449-46da-bc6c-a76d23f16353 10.00
 */
import { Console, Effect, Layer } from "effect"
import { Cents, FlexFactor, OrderId, RefundJournal, RefundKey } from "effect-flexfactor"
import * as NodeSqlite from "effect-flexfactor/NodeSqlite"
import { FetchHttpClient } from "effect/http"
import { backend, refundTicket } from "./refundTicket.ts"

const live = backend.pipe(
  Layer.provide(RefundJournal.layerSql().pipe(Layer.provide(NodeSqlite.layer({ filename: "refunds.db" })))),
  Layer.provide(FlexFactor.layerConfig()),
  Layer.provide(FetchHttpClient.layer)
)

const [id = "", orderId = "", dollars = ""] = process.argv.slice(2)
const ticket = {
  id: RefundKey.make(id),
  orderId: OrderId.make(orderId),
  amount: Cents.fromDollars(dollars)
}

await Effect.runPromise(refundTicket(ticket).pipe(Effect.flatMap(Console.log), Effect.provide(live)))
