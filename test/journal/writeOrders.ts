/**
 * A program that opens a refund of every order in turn. It says "ready" once its journal is, begins when it is told to,
 * and prints what became of each write.
 */
import { Effect, Layer } from "effect"
import { once } from "node:events"
import * as NodeSqlite from "../../src/NodeSqlite.ts"
import { layerSql, RefundJournal } from "../../src/RefundJournal.ts"
import { sending } from "./entries.ts"

const [filename = "", name = "", orders = ""] = process.argv.slice(2)

const program = Effect.gen(function*() {
  const { write } = yield* RefundJournal
  console.log("ready")
  yield* Effect.promise(() => once(process.stdin, "data"))
  for (let n = 0; n < Number(orders); n++) {
    console.log(`${name}-${n} ${yield* write(sending(`${name}-${n}`, `order-${n}`))}`)
  }
  process.stdin.destroy()
})

await Effect.runPromise(
  Effect.provide(program, layerSql().pipe(Layer.provide(NodeSqlite.layer({ filename }))))
)
